"""Who was active when: DAU, WAU, MAU28, stickiness, adoption, lifecycle, streaks.

A figure over several days is None as soon as one of them is not held.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from bot.metrics.coverage import Coverage
from bot.metrics.figures import ratio
from bot.metrics.grid import MONTH_DAYS, SATURDAY, WEEK_DAYS, ActivityGrid, activity_words, ending
from bot.metrics.periods import periods
from bot.model.asked import View
from bot.model.timerange import DAY, TimeRange

__all__ = [
    "MONTH_DAYS",
    "WEEK_DAYS",
    "ActivityGrid",
    "ActivityPoint",
    "ActivityResult",
    "Adoption",
    "AdoptionBase",
    "Earlier",
    "LifecycleWeek",
    "activity_result",
    "activity_words",
    "as_of_day",
    "ending",
    "l_histogram",
    "lifecycle",
    "share_of",
    "stickiness",
]


class AdoptionBase(StrEnum):
    """What the adoption rate is a share of."""

    ROSTER = "roster"
    SEATS = "seats"
    EVER_SEEN = "ever_seen"


def share_of(active: int | None, eligible: int | None) -> float | None:
    """Active people as a share of eligible ones; None without both, or when there are more of the active."""
    if active is None or eligible is None or active > eligible:
        return None
    return ratio(active, eligible)


@dataclass(frozen=True, slots=True)
class Adoption:
    """WAU as a share of `eligible` people. The API has no seat count: say what `base` stands for."""

    wau: int | None
    eligible: int | None
    base: AdoptionBase

    @property
    def rate(self) -> float | None:
        """Between 0 and 1; None when more people are active than were named eligible: the base is wrong."""
        return share_of(self.wau, self.eligible)

    @property
    def outgrown(self) -> bool:
        """More people are active than were named eligible."""
        return self.wau is not None and self.eligible is not None and self.wau > self.eligible


@dataclass(frozen=True, slots=True)
class ActivityPoint:
    """People active on `day`, and in the 7 and the 28 days that end with it."""

    day: date
    dau: int | None
    wau: int | None
    mau28: int | None


@dataclass(frozen=True, slots=True)
class LifecycleWeek:
    """A Monday week. New + returning + resurrected = active; dormant were active the week before only."""

    week: TimeRange
    active: int
    new: int
    returning: int
    resurrected: int
    dormant: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the figures of `as_of` are compared with: WAU 7 days before it, the others 28 days before."""

    wau: int | None
    mau28: int | None
    stickiness: float | None
    stickiness_working_days: float | None


@dataclass(frozen=True, slots=True)
class ActivityResult:
    """`as_of` is the last complete day of the window; ratios lie between 0 and 1.

    `lifecycle` holds the window's whole weeks that can be told: the week before must be held too.
    `l28[n]` counts people with n + 1 active days among the 28 to `as_of`.
    """

    coverage: Coverage
    as_of: date
    points: tuple[ActivityPoint, ...]
    dau: int | None
    wau: int | None
    mau28: int | None
    stickiness: float | None
    stickiness_working_days: float | None
    adoption: Adoption
    lifecycle: tuple[LifecycleWeek, ...]
    l28: tuple[int, ...] | None
    earlier: Earlier = Earlier(None, None, None, None)


def activity_result(
    coverage: Coverage, grid: ActivityGrid, eligible: int | None, base: AdoptionBase
) -> ActivityResult:
    """Everything about the coverage's window; the grid holds the history before it too."""
    as_of = as_of_day(coverage)
    last = _point(grid, as_of)
    month = ending(as_of, MONTH_DAYS)
    complete = TimeRange(min(coverage.window.start, as_of + DAY), as_of + DAY)
    return ActivityResult(
        coverage,
        as_of,
        tuple(_point(grid, day) for day in coverage.window.days()),
        last.dau,
        last.wau,
        last.mau28,
        stickiness(grid, month),
        stickiness(grid, month, working_days=True),
        Adoption(last.wau, eligible, base),
        lifecycle(grid, complete),
        l_histogram(grid, month),
        _earlier(grid, as_of),
    )


def as_of_day(coverage: Coverage) -> date:
    """The last complete day of the window; the day before it when none of its days is complete."""
    return max(min(coverage.window.last, coverage.complete_through), coverage.window.start - DAY)


def stickiness(grid: ActivityGrid, month: TimeRange, *, working_days: bool = False) -> float | None:
    """Mean DAU over `month` (or its working days) / people active in `month`."""
    monthly = grid.count(month)
    days = [day for day in month.days() if not (working_days and day.weekday() >= SATURDAY)]
    if not monthly or not days:
        return None
    person_days = sum(int(grid.active(TimeRange(day, day + DAY)).sum()) for day in days)
    return person_days / (len(days) * monthly)


def lifecycle(grid: ActivityGrid, window: TimeRange) -> tuple[LifecycleWeek, ...]:
    """New, returning, resurrected and dormant people of each whole Monday week of `window`."""
    weeks = (_lifecycle_week(grid, week) for week in periods(window, View.WEEKLY))
    return tuple(week for week in weeks if week is not None)


def l_histogram(grid: ActivityGrid, window: TimeRange) -> tuple[int, ...] | None:
    """Entry n: people with n + 1 active days in `window`; None unless all of it is held."""
    if not grid.held.issuperset(window.days()):
        return None
    counts = np.bincount(grid.active_days(window), minlength=window.day_count + 1)
    return tuple(int(count) for count in counts[1:])


def _lifecycle_week(grid: ActivityGrid, week: TimeRange) -> LifecycleWeek | None:
    if grid.count(week.before()) is None or grid.count(week) is None:
        return None
    now, before = grid.active(week), grid.active(week.before())
    earlier = grid.active(TimeRange(min(grid.window.start, week.before().start), week.before().start))
    seen = before | earlier
    return LifecycleWeek(
        week,
        active=int(now.sum()),
        new=int((now & ~seen).sum()),
        returning=int((now & before).sum()),
        resurrected=int((now & ~before & seen).sum()),
        dormant=int((before & ~now).sum()),
    )


def _earlier(grid: ActivityGrid, as_of: date) -> Earlier:
    month = ending(as_of, MONTH_DAYS).before()
    return Earlier(
        grid.count(ending(as_of, WEEK_DAYS).before()),
        grid.count(month),
        stickiness(grid, month),
        stickiness(grid, month, working_days=True),
    )


def _point(grid: ActivityGrid, day: date) -> ActivityPoint:
    one, week, month = (grid.count(ending(day, days)) for days in (1, WEEK_DAYS, MONTH_DAYS))
    return ActivityPoint(day, one, week, month)
