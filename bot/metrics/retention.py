"""Weekly cohorts: of the people who began in one week, how many are active in the weeks after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from bot.metrics.activity import ActivityGrid, as_of_day
from bot.metrics.coverage import Coverage
from bot.metrics.periods import period_holding, periods
from bot.metrics.shares import Share
from bot.model.asked import View
from bot.model.timerange import DAY, TimeRange

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Cohort:
    """People whose first active week is `week`, a Monday week.

    `active[n]` of them were active n weeks later, so `active[0]` is all of them. Weeks that are not over
    or leave the window are not listed; None is a week with a day that is not held.
    """

    week: TimeRange
    active: tuple[int | None, ...]

    @property
    def size(self) -> int:
        """People who began in the week."""
        return self.active[0] or 0


@dataclass(frozen=True, slots=True)
class RetentionResult:
    """Cohorts of the window's whole weeks, oldest first, and of `against`, each followed to its end.

    `before` is empty unless both windows are held whole.

    A first week can be told only when the week before is held too. `since` is the first day held: people
    who were active before it only look new.
    """

    coverage: Coverage
    against: TimeRange
    cohorts: tuple[Cohort, ...]
    before: tuple[Cohort, ...]
    since: date

    @property
    def people(self) -> int:
        """People who began in one of the weeks."""
        return sum(cohort.size for cohort in self.cohorts)


def retention_result(coverage: Coverage, against: TimeRange, grid: ActivityGrid) -> RetentionResult:
    """Cohorts of the coverage's window and of `against`; the grid holds the history before them too."""
    end = as_of_day(coverage) + DAY
    window = TimeRange(min(coverage.window.start, end), end)
    history = TimeRange(min(grid.window.start, window.start), end)
    whole = coverage.holds(against) and coverage.holds(coverage.window)
    before = cohorts(grid, against, history) if whole else ()
    since = coverage.first_held_day or history.start
    return RetentionResult(coverage, against, cohorts(grid, window, history), before, since)


def cohorts(grid: ActivityGrid, window: TimeRange, history: TimeRange) -> tuple[Cohort, ...]:
    """A cohort for each whole Monday week of `window`; first weeks are looked for in all of `history`."""
    weeks = periods(window, View.WEEKLY)
    firsts = _first_weeks(grid, history)
    return tuple(
        Cohort(week, tuple(_followed(grid, firsts == week.start.toordinal(), weeks[at:])))
        for at, week in enumerate(weeks)
        if grid.count(week) is not None and grid.count(week.before()) is not None
    )


def retained(cohorts: tuple[Cohort, ...], weeks: int) -> Share | None:
    """People active `weeks` weeks after the first one, among all cohorts that can tell; None without any."""
    told = [(c.active[weeks], c.size) for c in cohorts if len(c.active) > weeks]
    known = [(active, size) for active, size in told if active is not None and size]
    return Share(sum(a for a, _ in known), sum(size for _, size in known)) if known else None


def _followed(
    grid: ActivityGrid, members: NDArray[np.bool_], weeks: tuple[TimeRange, ...]
) -> Iterator[int | None]:
    for week in weeks:
        yield None if grid.count(week) is None else int((grid.active(week) & members).sum())


def _first_weeks(grid: ActivityGrid, history: TimeRange) -> NDArray[np.int64]:
    """Per person: the ordinal of the Monday of the first active week, 0 without any."""
    firsts = np.zeros(len(grid.user_ids), dtype=np.int64)
    week = period_holding(history.start, View.WEEKLY)
    while week.start < history.end:
        firsts[grid.active(week) & (firsts == 0)] = week.start.toordinal()
        week = period_holding(week.end, View.WEEKLY)
    return firsts
