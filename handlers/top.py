"""`top [N] [by credits|threads|turns|tokens|streak] [client X] [RANGE]`: people in the order of a figure."""

from __future__ import annotations

from datetime import date

import charts
from bot.kit.command import Command, Option, Shows
from bot.kit.deps import Deps
from bot.kit.figures import LABELS, metric_column, told
from bot.kit.narrowing import CLIENT, through_of
from bot.kit.people import person_name, short_names
from bot.kit.pictures import CHART_UNITS
from bot.kit.replies import asked_of, basis_of, cautions, footer_of, range_actions, when
from bot.kit.words import day, figure, plural, span
from bot.metrics.clients import named_label
from bot.metrics.figures import Metric
from bot.metrics.ranking import RankBy, RankingResult, RankRow
from bot.model.chat import (
    Action,
    Cell,
    Column,
    Drawing,
    Fact,
    Level,
    Plot,
    PlotKind,
    Reply,
    Request,
    Table,
    Unit,
)
from bot.model.errors import BadValue
from bot.model.query import Query
from bot.model.ranges import Asked

EXAMPLE = "top 10 client cli"
DEFAULT = 10
MOST = 100
BESIDE = (Metric.CREDITS, Metric.THREADS, Metric.TURNS, Metric.TOKENS)
STREAK = Column("streak_days", "Streak (days)")
DAYS = Column("active_days", "Active days")


async def run(request: Request, deps: Deps) -> Reply:
    """One page of the ranking, with the share that the people shown have of the whole."""
    asked, query = asked_of(request), request.query
    by, through = _by(query), through_of(query, EXAMPLE)
    limit, page = int(query.option("limit", str(DEFAULT))), int(query.option("page", "1"))
    result = await deps.analytics.ranking(asked.window, by, limit, through, (page - 1) * limit)
    _check_page(result, page, limit)
    names = {row.user_id: person_name(row.user_id, await deps.analytics.people()) for row in result.rows}
    return _reply(result, asked, names, query)


def _by(query: Query) -> RankBy:
    named = [RankBy(query.option(name)) for name in ("by", "sort") if query.option(name)]
    if len(set(named)) > 1:
        raise BadValue(f"Two orders, {named[0]} and {named[1]}: keep one.", "top 10 by credits")
    return named[0] if named else RankBy.CREDITS


def _check_page(result: RankingResult, page: int, limit: int) -> None:
    pages = -(-result.people_count // limit)
    if page > max(pages, 1):
        raise BadValue(f"There is no page {page:,}: the ranking ends with page {max(pages, 1):,}.", "top")


def _reply(result: RankingResult, asked: Asked, names: dict[str, str], query: Query) -> Reply:
    rest = " ".join(
        f"{name} {_quoted(query.option(name))}" for name in ("by", "client") if query.option(name)
    )
    return Reply(
        "top",
        _text(result, asked, names),
        facts=_facts(result),
        table=_table(result, names),
        drawings=(_drawing(result, asked, names),) if result.rows else (),
        actions=(*_pages(result, asked, query, rest), *range_actions("top", asked, rest or None)),
        footer=footer_of(result.coverage),
        basis=basis_of(result.coverage),
    )


def _facts(result: RankingResult) -> tuple[Fact, ...]:
    count = None if _untold(result) else result.people_count
    return (told("ranked_people", f"People with {_of(result)}", Unit.PEOPLE, count),)


def _text(result: RankingResult, asked: Asked, names: dict[str, str]) -> str:
    return "\n".join([_headline(result, asked, names), *_gap(result), *cautions(result.coverage, asked)])


def _gap(result: RankingResult) -> list[str]:
    gap = result.streak_gap
    if gap is None or not result.rows:
        return []
    return [f"{day(gap)} is not held: streaks that reach it count from the day after and may be longer."]


def _headline(result: RankingResult, asked: Asked, names: dict[str, str]) -> str:
    if not result.rows:
        return _nobody(result, asked)
    first, people = result.rows[0], plural(result.people_count, "person", "people")
    name = names[first.user_id]
    value = _value(first, result.by)
    if result.by is RankBy.STREAK:
        alike = result.sharing - 1
        name = f"{name} and {plural(alike, 'other')} share" if alike else f"{name} has"
        lead = f"{name} the longest streak{'' if first.rank == 1 else ' of this page'}"
        held = f"{people} {'has' if result.people_count == 1 else 'have'} one"
        return f"{lead}, {plural(value or 0, 'day')} to {day(_last(result))}; {held}."
    shown = figure(value, Metric(result.by.value).unit)
    place = "leads" if first.rank == 1 else f"is number {first.rank:,}"
    return (
        f"{name} {place} with {shown} {_of(result)}{_through(result)} {when(asked, result.coverage)}; "
        f"{people} had any."
    )


def _nobody(result: RankingResult, asked: Asked) -> str:
    if result.by is RankBy.STREAK:
        last = day(_last(result))
        cannot = _untold(result)
        return f"Streaks cannot be told: {last} is not held." if cannot else f"Nobody has a streak to {last}."
    return f"Nobody had any {_of(result)}{_through(result)} {when(asked, result.coverage)}."


def _untold(result: RankingResult) -> bool:
    """True when streaks are asked for and the day that they end with is not held."""
    return result.by is RankBy.STREAK and result.streak_gap == _last(result)


def _last(result: RankingResult) -> date:
    """The day that streaks end with."""
    return min(result.coverage.window.last, result.coverage.complete_through)


def _of(result: RankingResult) -> str:
    return "a streak" if result.by is RankBy.STREAK else result.by.value


def _through(result: RankingResult) -> str:
    if not result.through or result.by is RankBy.STREAK:
        return ""
    return f" through {named_label(result.through)}"


def _value(row: RankRow, by: RankBy) -> float | None:
    return row.streak_days if by is RankBy.STREAK else row.figures.number(Metric(by.value))


def _table(result: RankingResult, names: dict[str, str]) -> Table:
    leading, beside = _columns(result.by)
    rank = Column("rank", "#", Unit.PEOPLE)
    columns = (rank, Column("person", "Person"), leading, *(metric_column(m) for m in beside), DAYS)
    rows = tuple(_row(row, result.by, names[row.user_id], beside) for row in result.rows)
    return Table(columns, rows, title=f"People by {result.by}{_through(result)}", ranking=True)


def _columns(by: RankBy) -> tuple[Column, tuple[Metric, ...]]:
    if by is RankBy.STREAK:
        return STREAK, BESIDE
    metric = Metric(by.value)
    return metric_column(metric), tuple(m for m in BESIDE if m is not metric)


def _row(row: RankRow, by: RankBy, name: str, beside: tuple[Metric, ...]) -> tuple[Cell, ...]:
    return (row.rank, name, _value(row, by), *(row.figures.number(m) for m in beside), row.active_days)


def _drawing(result: RankingResult, asked: Asked, names: dict[str, str]) -> Drawing:
    title = _headline(result, asked, names).partition(";")[0]
    label = "Streak" if result.by is RankBy.STREAK else LABELS[Metric(result.by.value)]
    unit = Unit.DAYS if result.by is RankBy.STREAK else Metric(result.by.value).unit
    chart = charts.BarChart(
        title=title,
        subtitle=f"{label} by person · {span(result.coverage.window)} · UTC",
        items=_items(result, names),
        unit=CHART_UNITS.get(unit, unit.value),
    )
    plot = Plot(PlotKind.BAR, "person", (_columns(result.by)[0].key,))
    return Drawing(lambda: charts.bars(chart), f"{title}.", fallback=_table(result, names), plot=plot)


def _items(result: RankingResult, names: dict[str, str]) -> tuple[charts.Item, ...]:
    short = short_names([names[row.user_id] for row in result.rows])
    return tuple(
        charts.Item(name, _value(row, result.by)) for name, row in zip(short, result.rows, strict=True)
    )


def _pages(result: RankingResult, asked: Asked, query: Query, rest: str) -> tuple[Action, ...]:
    limit, page = int(query.option("limit", str(DEFAULT))), int(query.option("page", "1"))
    words = " ".join(part for part in ("top", str(limit), rest, asked.words) if part)
    found = []
    if page > 1:
        found.append(Action("previous", f"Previous {limit}", f"{words} page {page - 1}"))
    if page * limit < result.people_count:
        found.append(Action("next", f"Next {limit}", f"{words} page {page + 1}"))
    return tuple(found)


def _quoted(words: str) -> str:
    return f'"{words}"' if " " in words else words


COMMAND = Command(
    name="top",
    summary="People by credits, threads, turns, tokens or streak",
    run=run,
    usage="[N] [by credits|threads|turns|tokens|streak] [client X] [page P] [RANGE]",
    examples=(
        "top",
        "top 20 by turns 30d",
        "top by streak",
        'top 5 by credits client "VS Code extension" 90d',
    ),
    level=Level.ANALYST,
    shows=Shows.PEOPLE,
    options=(
        Option("limit", "how many people, up to 100", number=True, bare=True, most=MOST),
        Option("by", "the order: credits, threads, turns, tokens or streak", tuple(RankBy)),
        Option("sort", "the same as by", tuple(RankBy)),
        CLIENT,
        Option("page", "the page to show", number=True, most=10_000),
    ),
)
