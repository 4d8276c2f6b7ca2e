"""Two windows side by side: as they are when equally many days are held, per day when not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.lake.schema import PartKind
from bot.metrics.figures import Figures, Metric, change_pct
from bot.metrics.usage import Dimension, UsageResult


@dataclass(frozen=True, slots=True)
class Pair:
    """One group in both windows; a window in which it was not used has zeros."""

    key: str
    label: str
    now: Figures
    before: Figures


@dataclass(frozen=True, slots=True)
class Comparison:
    """`now` against `before`. Groups: most credits in `now` first, then by key."""

    now: UsageResult
    before: UsageResult
    groups: tuple[Pair, ...]

    @property
    def days(self) -> tuple[int, int]:
        """Held days of `now` and of `before`."""
        return held_days(self.now), held_days(self.before)

    @property
    def equal(self) -> bool:
        """True when both windows have equally many held days: their sums may be compared."""
        return self.days[0] == self.days[1]

    @property
    def partial(self) -> bool:
        """True when a day of either window still runs: then there is no change to tell."""
        return bool(self.now.coverage.partial_days or self.before.coverage.partial_days)

    def change_pct(self, metric: Metric, now: Figures, before: Figures) -> float | None:
        """Percent of change: of sums when the windows are equal, else per held day; None for partial ones.

        People cannot be told per day: None for active users of unequal windows.
        """
        if self.partial:
            return None
        if self.equal:
            return change_pct(now.number(metric), before.number(metric))
        if metric is Metric.ACTIVE_USERS:
            return None
        return change_pct(per_day(now, metric, self.days[0]), per_day(before, metric, self.days[1]))


def comparison(now: UsageResult, before: UsageResult) -> Comparison:
    """Pairs the groups of both results, which were asked with the same breakdown."""
    return Comparison(now, before, tuple(sorted(_pairs(now, before), key=_most_credits)))


def per_day(figures: Figures, metric: Metric, days: int) -> float | None:
    """The figure per day; None without data or days."""
    number = figures.number(metric)
    return None if number is None or not days else number / days


def held_days(result: UsageResult) -> int:
    """Days of the window that are held."""
    return result.window.day_count - len(result.coverage.missing_days)


def _pairs(now: UsageResult, before: UsageResult) -> Iterator[Pair]:
    groups = [{group.key: group for group in result.groups} for result in (now, before)]
    for key in {**groups[0], **groups[1]}:
        first, second = (found.get(key) for found in groups)
        known = first or second
        if known is not None:
            unused = _unused(now.by)
            yield Pair(
                key, known.label, first.figures if first else unused, second.figures if second else unused
            )


def _unused(by: Dimension | None) -> Figures:
    if by and by.part_kind is PartKind.MODEL:
        return Figures(active_users=0, credits=0)
    return Figures(active_users=0, threads=0, turns=0, credits=0)


def _most_credits(pair: Pair) -> tuple[int, str]:
    return -(pair.now.credits or 0), pair.key
