"""One Monday-Sunday week against the weeks before it: what the digest tells.

Every figure of the week shares its one window. The median is that of the four weeks before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Final

from bot.metrics.activity import ActivityResult, AdoptionBase, LifecycleWeek, share_of
from bot.metrics.coverage import Coverage
from bot.metrics.figures import Metric, change_pct
from bot.metrics.reviews import ReviewsResult
from bot.metrics.usage import Group, UsageResult
from bot.model.timerange import DAY, TimeRange

WEEK: Final = 7 * DAY
WEEKS: Final = 8
"""Weeks of the small trends, the digest's own included."""
_BEFORE: Final = 4


@dataclass(frozen=True, slots=True)
class Weekly:
    """A figure of consecutive weeks, oldest first; None is a week that is not held whole."""

    values: tuple[float | None, ...]

    @property
    def now(self) -> float | None:
        """The newest week's figure."""
        return self.values[-1] if self.values else None

    @property
    def before(self) -> float | None:
        """The figure of the week before."""
        return self.values[-2] if len(self.values) > 1 else None

    @property
    def median(self) -> float | None:
        """The median of the four weeks before; None unless all four are known."""
        known = [value for value in self.values[-_BEFORE - 1 : -1] if value is not None]
        return median(known) if len(known) == _BEFORE else None

    @property
    def change_pct(self) -> float | None:
        """Percent by which the week differs from the one before."""
        return change_pct(self.now, self.before)


@dataclass(frozen=True, slots=True)
class Mover:
    """A part of the whole and how many percent points its share of the turns gained."""

    label: str
    share_pct: float
    gained_points: float


@dataclass(frozen=True, slots=True)
class DigestResult:
    """The week's figures. `starts` are the Mondays of the trends; `adoption` lies between 0 and 1.

    `usage` is the week by surface; `reviews` is None when no day of them is held; `lifecycle` is None
    unless the week and the one before are held whole.
    """

    week: TimeRange
    starts: tuple[date, ...]
    usage: UsageResult
    reviews: ReviewsResult | None
    lifecycle: LifecycleWeek | None
    wau: Weekly
    adoption: Weekly
    adoption_base: AdoptionBase
    eligible: int | None
    turns: Weekly
    credits: Weekly

    @property
    def coverage(self) -> Coverage:
        """What the week's usage stands on."""
        return self.usage.coverage


def weeks_to(week: TimeRange, count: int = WEEKS) -> TimeRange:
    """The window of `count` weeks that ends with `week`."""
    return TimeRange(week.end - count * WEEK, week.end)


def digest_result(
    usage: UsageResult,
    trend: UsageResult,
    activity: ActivityResult,
    reviews: ReviewsResult | None,
    first_seen: Iterable[date],
) -> DigestResult:
    """Puts the week together.

    `trend` is the usage of the weeks that end with it, by week; `activity` that of the same weeks;
    `first_seen` has one day for each person ever seen.
    """
    week = usage.coverage.asked
    starts = tuple(week.start - n * WEEK for n in reversed(range(WEEKS)))
    wau = _wau(activity, starts)
    eligible = _eligible(activity, starts, tuple(first_seen))
    adoption = tuple(share_of(active, people) for active, people in zip(wau, eligible, strict=True))
    return DigestResult(
        week,
        starts,
        usage,
        reviews,
        next((one for one in activity.lifecycle if one.week == week), None),
        Weekly(wau),
        Weekly(adoption),
        activity.adoption.base,
        eligible[-1],
        Weekly(_weekly(trend, starts, Metric.TURNS)),
        Weekly(_weekly(trend, starts, Metric.CREDITS)),
    )


def movers(result: UsageResult) -> tuple[Mover, ...]:
    """Groups by how many points of the turns they gained or lost, the largest change first.

    Empty unless the window before is held whole and both have turns. A group of only one of the two
    windows counts 0 in the other.
    """
    now, before = result.totals.turns, result.previous and result.previous.turns
    if not now or not before:
        return ()
    found = [_mover(group, now, before) for group in result.groups]
    return tuple(sorted(found, key=lambda one: (-abs(one.gained_points), one.label)))


def _mover(group: Group, now: int, before: int) -> Mover:
    share = (group.figures.turns or 0) / now * 100
    previous = ((group.previous.turns or 0) if group.previous else 0) / before * 100
    return Mover(group.label, share, share - previous)


def _wau(activity: ActivityResult, starts: Sequence[date]) -> tuple[int | None, ...]:
    by_day = {point.day: point.wau for point in activity.points}
    return tuple(by_day.get(start + WEEK - DAY) for start in starts)


def _eligible(
    activity: ActivityResult, starts: Sequence[date], first_seen: Sequence[date]
) -> tuple[int | None, ...]:
    """Seats and rosters are those of today; people ever seen are counted at each week's end."""
    if activity.adoption.base is not AdoptionBase.EVER_SEEN:
        return (activity.adoption.eligible,) * len(starts)
    return tuple(sum(1 for day in first_seen if day < start + WEEK) for start in starts)


def _weekly(trend: UsageResult, starts: Sequence[date], metric: Metric) -> tuple[float | None, ...]:
    by_start = {point.period.start: point.figures for point in trend.points}
    found = (by_start.get(start) for start in starts)
    return tuple(figures.number(metric) if figures else None for figures in found)
