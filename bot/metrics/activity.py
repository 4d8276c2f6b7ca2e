"""Who was active when: DAU, WAU, MAU28, stickiness, adoption, lifecycle, streaks.

The engine folds each person's days into words of 60 bits; the rest is arithmetic on a grid of days by
people. A figure over several days is None as soon as one of them is not held.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from bot.lake.schema import PartKind
from bot.metrics.coverage import Coverage
from bot.metrics.figures import ratio
from bot.metrics.periods import periods
from bot.metrics.words import WORD_BITS, with_bits
from bot.model.asked import View
from bot.model.timerange import DAY, TimeRange

if TYPE_CHECKING:
    import ibis
    from numpy.typing import NDArray

WEEK_DAYS: Final = 7
MONTH_DAYS: Final = 28
_SATURDAY: Final = 5


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


def activity_words(table: ibis.Table, first: date, user_id: str | None = None) -> ibis.Expr:
    """One row per person (or of one) and 60 days since `first`: a bit for each active day."""
    rows: Any = table.filter(table.part_kind == PartKind.TOTAL.value)
    if user_id is not None:
        rows = rows.filter(rows.user_id == user_id)
    rows = rows.filter((rows.turns > 0) | (rows.threads > 0))
    rows = with_bits(rows, first)
    return rows.group_by(["user_id", "word"]).aggregate(bits=rows.bit.bit_or())


class ActivityGrid:
    """Days by people, true where the person was active. Days not in `held` are unknown."""

    def __init__(self, words: Any, window: TimeRange, held: frozenset[date]) -> None:
        users = words["user_id"].combine_chunks().dictionary_encode()
        self.window = window
        self.user_ids: tuple[str, ...] = tuple(users.dictionary.to_pylist())
        self.held = held
        self._grid = _unpacked(words, users.indices, window.day_count, len(self.user_ids))

    def active(self, window: TimeRange) -> NDArray[np.bool_]:
        """Per person: active on any day of `window` (days outside the grid count as not)."""
        start, end = self._index(window.start), self._index(window.end)
        return np.asarray(self._grid[start:end].any(axis=0), dtype=bool)

    def count(self, window: TimeRange) -> int | None:
        """People active in `window`, None unless all of it is held."""
        if not self.held.issuperset(window.days()):
            return None
        return int(self.active(window).sum())

    def active_days(self, window: TimeRange) -> NDArray[np.int64]:
        """Per person: number of active days in `window`."""
        start, end = self._index(window.start), self._index(window.end)
        found: NDArray[np.int64] = self._grid[start:end].sum(axis=0)
        return found

    def streaks(self, last: date, *, working_days: bool = False) -> NDArray[np.int64]:
        """Per person: active days without a break up to and with `last`; a day not held is a break.

        With `working_days` Saturdays and Sundays neither count nor break.
        """
        alive = np.ones(len(self.user_ids), dtype=bool)
        streak = np.zeros(len(self.user_ids), dtype=np.int64)
        day = last
        while day >= self.window.start and day in self.held and alive.any():
            if not (working_days and day.weekday() >= _SATURDAY):
                alive &= self._grid[self._index(day)]
                streak += alive
            day -= DAY
        return streak

    def days_of(self, user_id: str, window: TimeRange) -> tuple[date, ...]:
        """The active days of one person in `window`."""
        if user_id not in self.user_ids:
            return ()
        column = self._grid[:, self.user_ids.index(user_id)]
        return tuple(day for day in window.days() if day in self.window and column[self._index(day)])

    def _index(self, day: date) -> int:
        return min(max((day - self.window.start).days, 0), self.window.day_count)


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
    days = [day for day in month.days() if not (working_days and day.weekday() >= _SATURDAY)]
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


def ending(day: date, days: int) -> TimeRange:
    """The `days` days that end with `day`."""
    return TimeRange(day - (days - 1) * DAY, day + DAY)


def _unpacked(words: Any, users: Any, day_count: int, user_count: int) -> NDArray[np.bool_]:
    grid = np.zeros((day_count, user_count), dtype=bool)
    columns = users.to_numpy()
    first_days = words["word"].to_numpy() * WORD_BITS
    bits = words["bits"].to_numpy()
    for bit in range(WORD_BITS):
        is_set = (bits >> bit) & 1 == 1
        grid[first_days[is_set] + bit, columns[is_set]] = True
    return grid
