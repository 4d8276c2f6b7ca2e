"""`distribution [RANGE] [credits|turns|tokens] [lorenz|l7|l28|segments]`: how use is spread over people."""

from __future__ import annotations

import charts
from bot.kit.command import Command, Option
from bot.kit.deps import Deps
from bot.kit.figures import LABELS, told
from bot.kit.replies import (
    asked_of,
    basis_of,
    before,
    cautions,
    footer_of,
    options_of,
    range_actions,
    when,
)
from bot.kit.words import day, figure, plural, span
from bot.metrics.activity import MONTH_DAYS, WEEK_DAYS, ending
from bot.metrics.distribution import HABIT_WEEKS, SEGMENT_WEEKS, DistributionResult, Spread
from bot.metrics.figures import Metric
from bot.model.chat import Column, Drawing, Fact, Reply, Request, Table, Unit
from bot.model.ranges import Asked

METRICS = {"credits": Metric.CREDITS, "turns": Metric.TURNS, "tokens": Metric.TOKENS}
SHOWS = ("lorenz", "l7", "l28", "segments")
SEGMENTS = ("power", "habitual", "novice", "low", "non")


async def run(request: Request, deps: Deps) -> Reply:
    """Concentration of the window; active days and segments of the days before its end."""
    asked, query = asked_of(request), request.query
    metric = METRICS[query.option("metric", "credits")]
    result = await deps.analytics.distribution(asked.window, metric, asked.before, deps.company.power_turns)
    show = query.option("show", "lorenz")
    title, drawing, table = _shown(show, result, asked)
    return Reply(
        "distribution",
        _text(show, result, asked, title),
        facts=(*_spread_facts(result), *_segment_facts(result)),
        table=table,
        drawings=(drawing,),
        actions=range_actions("distribution", asked, options_of(query)),
        footer=footer_of(result.coverage),
        basis=basis_of(result.coverage),
    )


def _shown(show: str, result: DistributionResult, asked: Asked) -> tuple[str, Drawing, Table | None]:
    segments = _segment_table(result)
    match show:
        case "l7":
            title = _days_title(result, result.l7, WEEK_DAYS)
            return title, _days(result, result.l7, WEEK_DAYS, title), segments
        case "l28":
            title = _days_title(result, result.l28, MONTH_DAYS)
            return title, _days(result, result.l28, MONTH_DAYS, title), segments
        case "segments":
            title = _segment_title(result)
            return title, _segments(result, title), segments
        case _:
            title = _top(result, asked)
            return title, _lorenz(result, title), segments


def _text(show: str, result: DistributionResult, asked: Asked, title: str) -> str:
    lines = [f"{title}.", *([f"{_top(result, asked)}."] if show != "lorenz" else []), _even(result.spread)]
    lines += [f"{_segment_title(result)}."] if show != "segments" else []
    notes = [_rules(result)] if result.segments else []
    if untold := result.spread.untold:
        who = plural(untold, "active person", "active people")
        notes.append(f"The API does not tell the {LABELS[result.metric].lower()} of {who}: left out.")
    return "\n".join([" ".join(line for line in lines if line), *notes, *cautions(result.coverage, asked)])


def _top(result: DistributionResult, asked: Asked) -> str:
    found, period = result.spread, when(asked, result.coverage)
    name = LABELS[result.metric].lower()
    if found.top_share is None:
        return _nothing(found, name, period)
    share = figure(found.top_share * 100, Unit.PERCENT)
    earlier = result.previous.top_share if result.previous else None
    on = "on" if asked.before.day_count == 1 else "in"
    then = f", {figure(earlier * 100, Unit.PERCENT)} {on} {before(asked)}" if earlier is not None else ""
    who = f"The top {found.top_people:,} of {plural(found.people, 'person', 'people')}"
    return f"{who} used {share} of {name} {period}{then}"


def _nothing(found: Spread, name: str, period: str) -> str:
    if found.untold and not found.people:
        return f"There is no data on {name} {period}"
    return f"Nobody used {name} {period}" if found.people else f"Nobody used Codex {period}"


def _even(found: Spread) -> str:
    if found.gini is None:
        return ""
    counted = "everyone active counts"
    counted += f", also the {found.zeros:,} who used none" if found.zeros else ""
    return (
        f"The Gini coefficient is {figure(found.gini, Unit.RATIO)} (0 is even, 1 is one person); {counted}."
    )


def _days_title(result: DistributionResult, counts: tuple[int, ...] | None, days: int) -> str:
    if counts is None:
        return f"Not all of the {days} days to {day(result.as_of)} are held, so active days cannot be told"
    half = (days + 1) // 2
    people, often = sum(counts), sum(counts[half - 1 :])
    return (
        f"{often:,} of the {plural(people, 'person', 'people')} active in the {days} days to "
        f"{day(result.as_of)} used Codex on {half} days or more"
    )


def _segment_title(result: DistributionResult) -> str:
    found = result.segments
    if found is None:
        return f"Segments need {SEGMENT_WEEKS} whole weeks of history"
    count = f"{found.power:,} power and {found.habitual:,} habitual users"
    return f"{count} in the {SEGMENT_WEEKS} weeks to {day(found.window.last)}"


def _rules(result: DistributionResult) -> str:
    turns = result.power_turns
    return (
        f"Power: active in {HABIT_WEEKS} of {SEGMENT_WEEKS} weeks with {turns} turns a week on average; "
        "habitual: as many weeks; novice: a turn a week on average; low: any; non: none."
    )


def _spread_facts(result: DistributionResult) -> tuple[Fact, ...]:
    now, earlier = result.spread, result.previous
    share, then = now.top_share, earlier.top_share if earlier else None
    return (
        told(
            "top_10_share",
            f"Share of the top {now.top_people:,} (10%)",
            Unit.PERCENT,
            None if share is None else share * 100,
            None if then is None else then * 100,
        ),
        told("gini", "Gini coefficient", Unit.RATIO, now.gini, earlier.gini if earlier else None),
        told("people", "People counted", Unit.PEOPLE, now.people, earlier.people if earlier else None),
    )


def _segment_facts(result: DistributionResult) -> tuple[Fact, ...]:
    found = result.segments
    return tuple(
        told(f"segment_{name}", f"{name.capitalize()} users", Unit.PEOPLE, getattr(found, name, None))
        for name in SEGMENTS
    )


def _segment_table(result: DistributionResult) -> Table | None:
    found = result.segments
    if found is None:
        return None
    columns = (Column("segment", "Segment"), Column("people", "People", Unit.PEOPLE))
    rows = tuple((name.capitalize(), getattr(found, name)) for name in SEGMENTS)
    return Table(columns, rows, f"Segments, {span(found.window)}")


def _lorenz(result: DistributionResult, title: str) -> Drawing:
    found = result.spread
    top_pct = 100 * found.top_people / found.people if found.people else 10.0
    chart = charts.LorenzChart(
        title=title,
        subtitle=f"Cumulative {LABELS[result.metric].lower()} · {span(result.coverage.window)} · UTC",
        points=found.curve,
        named_pct=(top_pct, 50.0),
    )
    return Drawing(lambda: charts.lorenz(chart), f"{title}.", fallback=_segment_table(result))


def _days(result: DistributionResult, counts: tuple[int, ...] | None, days: int, title: str) -> Drawing:
    chart = charts.Histogram(
        title=title,
        subtitle=f"People by active days · {span(ending(result.as_of, days))} · UTC",
        classes=tuple(charts.Item(str(n), count) for n, count in enumerate(counts or (), start=1)),
        axis=f"active days of the last {days}",
    )
    return Drawing(lambda: charts.histogram(chart), f"{title}.", fallback=_segment_table(result))


def _segments(result: DistributionResult, title: str) -> Drawing:
    found = result.segments
    weeks = span(found.window) if found else f"{SEGMENT_WEEKS} weeks"
    items = (charts.Item(name.capitalize(), getattr(found, name)) for name in SEGMENTS) if found else ()
    chart = charts.BarChart(title, f"People by segment · {weeks} · UTC", tuple(items), "people", shares=True)
    return Drawing(lambda: charts.bars(chart), f"{title}.", fallback=_segment_table(result))


COMMAND = Command(
    name="distribution",
    summary="How use is spread: top 10% share, Gini, active days, segments of users",
    run=run,
    usage="[RANGE] [credits|turns|tokens] [lorenz|l7|l28|segments]",
    examples=("distribution 30d", "distribution 30d turns", "distribution l28", "distribution segments"),
    options=(
        Option("metric", "what is spread: credits, turns or tokens", tuple(METRICS), bare=True),
        Option("show", "what to draw: the Lorenz curve, active days (l7, l28) or segments", SHOWS, bare=True),
    ),
    aliases=("concentration",),
)
