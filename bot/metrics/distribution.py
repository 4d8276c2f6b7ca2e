"""How use is spread over people: Gini, Lorenz curve, top share, active-day histograms, segments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from math import ceil
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from bot.lake.schema import PartKind
from bot.metrics.activity import WEEK_DAYS, ActivityGrid
from bot.metrics.coverage import Coverage
from bot.metrics.figures import COLUMN_OF, Metric, ratio
from bot.model.timerange import DAY, TimeRange

if TYPE_CHECKING:
    import ibis

SEGMENT_WEEKS: Final = 12
HABIT_WEEKS: Final = 9
POWER_TURNS: Final = 15
_TOP: Final = 0.1
_CURVE_POINTS: Final = 200


@dataclass(frozen=True, slots=True)
class Spread:
    """How one figure is spread over `people`, who were active or used some of it; others are left out.

    Of `untold` active people the figure is not known, and they are left out too.
    `zeros` of them used none. `gini` is 0 when all used the same and near 1 when one used all; `top_part`
    is what the `top_people` who used most have of `whole`, in the metric's integers. `curve` holds points
    of the Lorenz curve, most active first: (percent of people, percent of use).
    """

    people: int
    zeros: int
    gini: float | None
    top_people: int
    top_part: int
    whole: int
    curve: tuple[tuple[float, float], ...]
    untold: int = 0

    @property
    def top_share(self) -> float | None:
        """Between 0 and 1."""
        return ratio(self.top_part, self.whole)


@dataclass(frozen=True, slots=True)
class Segments:
    """Everyone seen before the end of `window`, 12 whole weeks, by how they used Codex in it."""

    window: TimeRange
    power: int
    habitual: int
    novice: int
    low: int
    non: int


@dataclass(frozen=True, slots=True)
class DistributionResult:
    """`previous` as in `UsageResult`; `l7[n]`, `l28[n]`: people with n + 1 active days.

    `segments` is None without 12 whole weeks of history that end in the window.
    """

    coverage: Coverage
    against: TimeRange
    metric: Metric
    as_of: date
    spread: Spread
    previous: Spread | None
    l7: tuple[int, ...] | None
    l28: tuple[int, ...] | None
    segments: Segments | None
    power_turns: int = POWER_TURNS


def amounts(table: ibis.Table, metric: Metric, window: TimeRange) -> ibis.Expr:
    """One row per person of `window`: the metric's sum, None where nothing was told, and active or not."""
    rows: Any = table.filter(table.part_kind == PartKind.TOTAL.value)
    rows = rows.filter((rows.day >= window.start) & (rows.day < window.end))
    active = ((rows.turns > 0) | (rows.threads > 0)).any()
    return rows.group_by("user_id").aggregate(amount=rows[COLUMN_OF[metric]].sum(), active=active)


def spread(rows: Sequence[Mapping[str, Any]]) -> Spread:
    """The spread of `amounts`; what was not told is left out with its person, never taken for 0."""
    values = sorted(
        row["amount"] for row in rows if row["amount"] is not None and (row["active"] or row["amount"] > 0)
    )
    top = ceil(len(values) * _TOP)
    return Spread(
        people=len(values),
        zeros=sum(1 for value in values if value == 0),
        gini=gini(values),
        top_people=top,
        top_part=sum(values[len(values) - top :]),
        whole=sum(values),
        curve=lorenz(values),
        untold=sum(1 for row in rows if row["amount"] is None and row["active"]),
    )


def gini(ascending: Sequence[int]) -> float | None:
    """G = 2 * sum(i * x_i) / (n * sum(x)) - (n + 1) / n; None without people or use."""
    count, whole = len(ascending), sum(ascending)
    if not whole:
        return None
    weighted = sum(place * value for place, value in enumerate(ascending, start=1))
    return (2 * weighted - (count + 1) * whole) / (count * whole)


def lorenz(ascending: Sequence[int]) -> tuple[tuple[float, float], ...]:
    """The curve, most active first, thinned to 200 points; the last is (100, 100). Empty without use."""
    count, whole = len(ascending), sum(ascending)
    if not whole:
        return ()
    step = max(1, ceil(count / _CURVE_POINTS))
    top = ceil(count * _TOP)
    sums = enumerate(accumulate(reversed(ascending)), start=1)
    return tuple(
        (100 * people / count, 100 * used / whole)
        for people, used in sums
        if people % step == 0 or people in (top, count)
    )


def segments(
    grid: ActivityGrid,
    turns: Mapping[str, int],
    window: TimeRange,
    ever_seen: int,
    power_turns: int = POWER_TURNS,
) -> Segments | None:
    """People by active weeks and turns of `window`, 12 whole weeks; None unless all of it is held."""
    if grid.count(window) is None:
        return None
    weeks = _active_weeks(grid, window)
    used = np.array([turns.get(user_id, 0) for user_id in grid.user_ids], dtype=np.int64)
    habit = weeks >= HABIT_WEEKS
    power = habit & (used >= power_turns * SEGMENT_WEEKS)
    novice = ~habit & (used >= SEGMENT_WEEKS)
    low = ~habit & ~novice & (weeks > 0)
    used_it = int((weeks > 0).sum())
    return Segments(
        window,
        int(power.sum()),
        int((habit & ~power).sum()),
        int(novice.sum()),
        int(low.sum()),
        max(ever_seen - used_it, 0),
    )


def _active_weeks(grid: ActivityGrid, window: TimeRange) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Of how many weeks of `window` each person of `grid` was active in."""
    weeks = np.zeros(len(grid.user_ids), dtype=np.int64)
    for start in (window.start + n * WEEK_DAYS * DAY for n in range(SEGMENT_WEEKS)):
        weeks += grid.active(TimeRange(start, start + WEEK_DAYS * DAY))
    return weeks


def segment_window(as_of: date) -> TimeRange:
    """The 12 Monday weeks that end with or before `as_of`."""
    end = as_of - as_of.weekday() * DAY
    end = as_of + DAY if as_of.weekday() == WEEK_DAYS - 1 else end
    return TimeRange(end - SEGMENT_WEEKS * WEEK_DAYS * DAY, end)
