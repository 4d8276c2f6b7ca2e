"""`retention [RANGE]`: of the people who began in one week, how many are still there weeks later."""

from __future__ import annotations

import charts
from bot.kit.command import Command
from bot.kit.deps import Deps
from bot.kit.figures import rate, told
from bot.kit.replies import asked_of, basis_of, cautions, footer_of, range_actions, when
from bot.kit.words import day, figure, plural, span
from bot.metrics.activity import WEEK_DAYS
from bot.metrics.periods import period_holding
from bot.metrics.retention import Cohort, RetentionResult, retained
from bot.metrics.shares import Share
from bot.model.chat import Cell, Column, Drawing, Fact, Reply, Request, Table, Unit
from bot.model.ranges import Asked, View
from bot.model.timerange import DAY

RANGES = ("8w", "12w", "26w", "52w")
AGES = (1, 4, 8)
SHOWN = (1, 2, 3, 4, 6, 8, 12, 26)
"""The weeks later that the table has room for."""


async def run(request: Request, deps: Deps) -> Reply:
    """Weekly cohorts of the window, each followed to the window's last whole week."""
    asked = asked_of(request)
    result = await deps.analytics.retention(asked.window, asked.before)
    title = _title(result, asked)
    return Reply(
        "retention",
        _text(result, asked, title),
        facts=_facts(result),
        table=_table(result),
        drawings=(_drawing(result, title),),
        actions=range_actions("retention", asked, ranges=RANGES),
        footer=footer_of(result.coverage),
        basis=basis_of(result.coverage),
    )


def _title(result: RetentionResult, asked: Asked) -> str:
    period = when(asked, result.coverage)
    age, share = _oldest(result)
    if not result.cohorts:
        return f"Who began {period} cannot be told: that takes a whole Monday week and the week before it"
    if not result.people:
        return f"Nobody began to use Codex {period}{_of_it(result)}"
    if share is None or share.rate is None:
        return f"{plural(result.people, 'person', 'people')} began {period}, too lately to be followed"
    later = plural(age, "week")
    kept = figure(share.rate * 100, Unit.PERCENT)
    people = "1 person was" if share.whole == 1 else f"{share.whole:,} people were"
    return f"{kept} of {people} active {later} after they began {period}"


def _of_it(result: RetentionResult) -> str:
    """Said when the weeks are not the whole range."""
    whole = len(result.cohorts) * WEEK_DAYS == result.coverage.window.day_count
    return "" if whole else f", counting the {_weeks(result.cohorts)} of it"


def _oldest(result: RetentionResult) -> tuple[int, Share | None]:
    """The longest of the told ages that at least ten people have reached, else the first week."""
    found = [(age, retained(result.cohorts, age)) for age in AGES]
    told_ages = [(age, share) for age, share in found if share and not share.too_few]
    return told_ages[-1] if told_ages else found[0]


def _text(result: RetentionResult, asked: Asked, title: str) -> str:
    lines = [f"{title}."]
    if result.people:
        lines.append(f"{_beginners(result)}.")
    since = f"{day(result.since)} {result.since.year}"
    notes = [
        f"A cohort is who was active for the first time, in the history since {since}, in a Monday week."
    ]
    notes += _unfollowed(result)
    if any(share.too_few for age in AGES if (share := retained(result.cohorts, age))):
        notes.append("Rates of fewer than 10 people say little.")
    return "\n".join([" ".join(lines), *notes, *cautions(result.coverage, asked)])


def _beginners(result: RetentionResult) -> str:
    began = f"{plural(result.people, 'person', 'people')} began in {_weeks(result.cohorts)}"
    _, share = _oldest(result)
    late = result.people - share.whole if share and share.rate is not None else 0
    return f"{began}, {late:,} of them too lately to be followed that long" if late else began


def _unfollowed(result: RetentionResult) -> list[str]:
    """Said when weeks after the range are held: the cells of them are empty on purpose."""
    window, through = result.coverage.window, result.coverage.complete_through
    first = period_holding(window.last, View.WEEKLY).end
    if through < first + 6 * DAY:
        return []
    asked = f"retention since {window.start}"
    return [f"People are followed to {day(window.last)}, the range's end; `{asked}` follows them further."]


def _weeks(cohorts: tuple[Cohort, ...]) -> str:
    return plural(len(cohorts), "whole week")


def _facts(result: RetentionResult) -> tuple[Fact, ...]:
    alike = len(result.before) == len(result.cohorts)
    earlier = sum(cohort.size for cohort in result.before) if alike and result.before else None
    return (
        told(
            "cohort_people",
            "People who began",
            Unit.PEOPLE,
            result.people if result.cohorts else None,
            earlier,
        ),
        *(_rate(result, age) for age in AGES),
    )


def _rate(result: RetentionResult, age: int) -> Fact:
    now, earlier = retained(result.cohorts, age), retained(result.before, age)
    label = f"Active {plural(age, 'week')} later"
    return rate(
        f"retention_week_{age}",
        label,
        now.rate if now else None,
        earlier.rate if earlier else None,
        Unit.PERCENT,
    )


def _table(result: RetentionResult) -> Table:
    longest = max((len(cohort.active) for cohort in result.cohorts), default=1)
    ages = tuple(age for age in SHOWN if age < longest)
    columns = (
        Column("week", "Week from (UTC)"),
        Column("people", "Began", Unit.PEOPLE),
        *(Column(f"week_{age}_pct", f"+{plural(age, 'week')}", Unit.PERCENT) for age in ages),
    )
    return Table(columns, tuple(_row(cohort, ages) for cohort in result.cohorts), "Active weeks later")


def _row(cohort: Cohort, ages: tuple[int, ...]) -> tuple[Cell, ...]:
    pcts = _pcts(cohort)
    shares = (pcts[age] if age < len(pcts) else None for age in ages)
    return (cohort.week.start.isoformat(), cohort.size, *shares)


def _pcts(cohort: Cohort) -> tuple[float | None, ...]:
    """Percent of the cohort active in each week since; None without people."""
    return tuple(
        None if active is None or not cohort.size else 100 * active / cohort.size for active in cohort.active
    )


def _drawing(result: RetentionResult, title: str) -> Drawing:
    began = tuple(
        charts.Cohort(day(cohort.week.start), cohort.size, _pcts(cohort))
        for cohort in result.cohorts
        if cohort.size
    )
    chart = charts.CohortChart(
        title=title,
        subtitle=f"% of those who began active per week · {span(result.coverage.window)} · UTC",
        cohorts=began,
    )
    return Drawing(lambda: charts.cohorts(chart), f"{title}.", fallback=_table(result))


COMMAND = Command(
    name="retention",
    summary="Weekly cohorts: who began, and who is still active weeks later",
    run=run,
    usage="[RANGE]",
    examples=("retention 12w", "retention 26w", "retention 2026-06-01..2026-08-30"),
    default_range="12w",
    heavy=True,
)
