"""`overview [RANGE]`: the state of Codex in one screen. What is answered when no command is typed."""

from __future__ import annotations

import charts
from bot.analytics.results import OverviewResult
from bot.kit.command import Command
from bot.kit.deps import Deps
from bot.kit.figures import metric_fact, rate, rate_fact, told
from bot.kit.movement import outgrown
from bot.kit.replies import asked_of, basis_of, before, cautions, footer_of, range_actions, when
from bot.kit.words import change, change_pct, day, figure, moved, plural, span
from bot.metrics.activity import AdoptionBase
from bot.metrics.figures import Metric
from bot.metrics.reviews import ReviewsResult
from bot.model.chat import Action, Column, Drawing, Fact, Plot, PlotKind, Reply, Request, Table, Unit
from bot.model.ranges import Asked

SUMMED = (Metric.THREADS, Metric.TURNS, Metric.CREDITS, Metric.ESTIMATED_COST_USD, Metric.COST_USD)
HEADLINES = {
    Metric.ACTIVE_USERS: "{} people used Codex",
    Metric.CREDITS: "Codex used {} credits",
    Metric.TURNS: "People took {} turns with Codex",
    Metric.THREADS: "People started {} threads with Codex",
}
CLEARLY_PCT = 10
"""How much more than the number of people a figure must have changed to be the finding."""
ELIGIBLE = {
    AdoptionBase.ROSTER: "{:,} in the directory",
    AdoptionBase.SEATS: "{:,} seats",
    AdoptionBase.EVER_SEEN: "{:,} ever seen (no seat count or directory is set)",
}


async def run(request: Request, deps: Deps) -> Reply:
    """People, adoption, work, cost and reviews of the window, each against the window before."""
    asked = asked_of(request)
    result = await deps.analytics.overview(asked.window, asked.before)
    return Reply(
        "overview",
        _text(result, asked),
        facts=_facts(result, deps.company.usd_per_credit),
        drawings=(_drawing(result),),
        actions=(
            *range_actions("overview", asked),
            Action("ask-model", "Usage by model", f"usage {asked.words} by model"),
            Action("ask-surface", "Usage by surface", f"usage {asked.words} by surface"),
        ),
        footer=footer_of(result.coverage),
        basis=basis_of(result.coverage),
    )


def _facts(result: OverviewResult, usd_per_credit: float | None) -> tuple[Fact, ...]:
    now, before = result.usage.totals, result.usage.previous
    return (
        metric_fact(Metric.ACTIVE_USERS, now, before),
        _adoption(result),
        *(metric_fact(metric, now, before) for metric in SUMMED),
        *rate_fact(now, before, usd_per_credit),
        *_reviews(result.reviews),
    )


def _adoption(result: OverviewResult) -> Fact:
    earlier = result.activity_before.adoption.rate if result.activity_before else None
    label = "Share of people ever seen" if _base(result) is AdoptionBase.EVER_SEEN else "Adoption"
    return rate("adoption_rate", label, result.activity.adoption.rate, earlier, Unit.PERCENT)


def _base(result: OverviewResult) -> AdoptionBase:
    return result.activity.adoption.base


def _reviews(found: ReviewsResult | None) -> tuple[Fact, ...]:
    now, before = (found.reviews, found.previous_reviews) if found else (None, None)
    return (
        told(
            "reviews",
            "Pull request reviews",
            Unit.REVIEWS,
            now.pull_request_reviews if now else None,
            before.pull_request_reviews if before else None,
        ),
        told(
            "comments",
            "Review comments",
            Unit.COMMENTS,
            now.comments if now else None,
            before.comments if before else None,
        ),
    )


def _text(result: OverviewResult, asked: Asked) -> str:
    sentences = [_headline(result, asked), _adopted(result)]
    return "\n".join([" ".join(s for s in sentences if s), *cautions(result.coverage, asked)])


def _headline(result: OverviewResult, asked: Asked) -> str:
    """What changed most, when that is clearly more than the number of people; else that number."""
    now, before_window = result.usage.totals, result.usage.previous
    people = metric_fact(Metric.ACTIVE_USERS, now, before_window)
    lead = _leading(result, people.change_pct)
    fact = metric_fact(lead, now, before_window)
    template = HEADLINES[lead].replace("people", "person") if fact.number == 1 else HEADLINES[lead]
    period = when(asked, result.coverage)
    sentence = f"{template.format(fact.value)} {period}{moved(fact.change_pct, before(asked))}"
    if lead is Metric.ACTIVE_USERS:
        return f"{sentence}."
    same = change(people.change_pct)
    return f"{sentence}, with {people.value} people active ({same})."


def _leading(result: OverviewResult, people_pct: float | None) -> Metric:
    if people_pct is None:
        return Metric.ACTIVE_USERS
    now, before_window = result.usage.totals, result.usage.previous
    changes = {
        metric: abs(pct)
        for metric in (Metric.CREDITS, Metric.TURNS, Metric.THREADS)
        if (pct := metric_fact(metric, now, before_window).change_pct) is not None
    }
    most = max(changes, key=lambda metric: changes[metric], default=None)
    clear = most is not None and changes[most] - abs(people_pct) >= CLEARLY_PCT
    return most if most and clear else Metric.ACTIVE_USERS


def _adopted(result: OverviewResult) -> str:
    adoption = result.activity.adoption
    if adoption.outgrown:
        return outgrown(adoption.eligible, adoption.base)
    if adoption.wau is None or adoption.rate is None or adoption.eligible is None:
        return ""
    share = figure(adoption.rate * 100, Unit.PERCENT)
    eligible = ELIGIBLE[adoption.base].format(adoption.eligible)
    active = (
        f"{plural(adoption.wau, 'person', 'people')} active in the 7 days to {day(result.activity.as_of)}"
    )
    return f"Adoption is {share}: {active}, against {eligible}."


def _drawing(result: OverviewResult) -> Drawing:
    points, coverage = result.activity.points, result.coverage
    title = _finding(result)
    chart = charts.LineChart(
        title=title,
        subtitle=f"Active users · {span(coverage.window)} · UTC",
        days=tuple(point.day for point in points),
        series=(
            charts.Series("In 7 days", tuple(_number(point.wau) for point in points)),
            charts.Series("On the day", tuple(_number(point.dau) for point in points)),
        ),
        unit="people",
        partial=bool(points) and points[-1].day in coverage.partial_days,
    )
    plot = None if chart.partial else Plot(PlotKind.LINE, "day", ("wau", "dau"))
    return Drawing(lambda: charts.line(chart), f"{title}.", fallback=_table(result), plot=plot)


def _finding(result: OverviewResult) -> str:
    activity = result.activity
    if activity.wau is None:
        return f"Active users to {day(activity.as_of)}: no data for a whole week"
    earlier = result.activity_before.wau if result.activity_before else None
    versus = f"the week to {day(result.activity_before.as_of)}" if result.activity_before else ""
    moves = moved(change_pct(activity.wau, earlier), versus)
    return f"{plural(activity.wau, 'person', 'people')} active in the 7 days to {day(activity.as_of)}{moves}"


def _table(result: OverviewResult) -> Table:
    columns = (
        Column("day", "Day (UTC)"),
        Column("dau", "On the day", Unit.PEOPLE),
        Column("wau", "In 7 days", Unit.PEOPLE),
    )
    rows = tuple((point.day.isoformat(), point.dau, point.wau) for point in result.activity.points)
    return Table(columns, rows, title="Active users")


def _number(value: int | None) -> float | None:
    return None if value is None else float(value)


COMMAND = Command(
    name="overview",
    summary="People, adoption, work, cost and reviews at a glance",
    run=run,
    usage="[RANGE]",
    examples=("overview", "overview 7d", "overview this month"),
)
