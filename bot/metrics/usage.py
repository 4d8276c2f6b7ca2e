"""Usage of a window: totals, a series, a breakdown, and the window before.

Totals come from `total` rows, clients and surfaces from `client` rows, models and speeds from `model`
rows; the three repeat each other and are never added. People are counted once per group, so groups do
not add up to the total.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from bot.lake.schema import PartKind
from bot.metrics.clients import client_label, surface_label
from bot.metrics.coverage import Coverage
from bot.metrics.figures import ALWAYS_TOLD, COLUMN_OF, Figures, Metric
from bot.metrics.periods import periods
from bot.metrics.presence import GroupKey, Presence, presence_words
from bot.metrics.usage_rows import TOTAL, Dimension, UsageQuestion, daily_sums
from bot.model.asked import View
from bot.model.timerange import TimeRange

__all__ = [
    "Dimension",
    "Group",
    "Point",
    "UsageQuestion",
    "UsageResult",
    "daily_sums",
    "presence_words",
    "usage_result",
]


@dataclass(frozen=True, slots=True)
class Point:
    """One period of a series. `figures` is None when a day of it is missing: a gap, not a zero."""

    period: TimeRange
    figures: Figures | None
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """One row of a breakdown. Threads and turns are None by model and speed: the API does not tell them."""

    key: str
    label: str
    figures: Figures
    previous: Figures | None
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class UsageResult:
    """`previous` is None unless `against` and the window are held whole and no day of it still runs.

    Groups: most credits first, then by key.

    With `through` every figure is that of one surface or client.
    """

    coverage: Coverage
    against: TimeRange
    view: View
    by: Dimension | None
    totals: Figures
    previous: Figures | None
    points: tuple[Point, ...]
    groups: tuple[Group, ...]
    through: str | None = None

    @property
    def window(self) -> TimeRange:
        """The window answered."""
        return self.coverage.window


def usage_result(question: UsageQuestion, daily: Any, words: Any) -> UsageResult:
    """The results of `daily_sums` and `presence_words` put together."""
    sums = _Sums(question, daily, Presence(words, question))
    total = (PartKind.TOTAL.value, TOTAL)
    return UsageResult(
        question.coverage,
        question.against,
        question.view,
        question.by,
        sums.window(total),
        sums.previous(total),
        sums.points(total),
        tuple(sorted((_group(sums, key, question) for key in sums.groups()), key=_most_credits)),
        question.through,
    )


class _Sums:
    """Query results by group and day, and their sums over days."""

    def __init__(self, question: UsageQuestion, daily: Any, presence: Presence) -> None:
        self._question = question
        self._days = {(row["part_kind"], row["key"], row["day"]): _figures(row) for row in daily.to_pylist()}
        self._presence = presence

    def groups(self) -> tuple[GroupKey, ...]:
        """Groups that have a row in the window."""
        window = self._question.window
        found = {(kind, key) for kind, key, day in self._days if day in window}
        return tuple(sorted(found - {(PartKind.TOTAL.value, TOTAL)}))

    def window(self, group: GroupKey) -> Figures:
        """The asked window over its held days."""
        return self._sum(group, self._question.window)

    def previous(self, group: GroupKey) -> Figures | None:
        """The window before, None unless both are whole."""
        against = self._question.against
        if not self._question.coverage.meets(against):
            return None
        return self._sum(group, against)

    def points(self, group: GroupKey) -> tuple[Point, ...]:
        """The series of a group."""
        question = self._question
        return tuple(self._point(group, period) for period in periods(question.window, question.view))

    def _point(self, group: GroupKey, period: TimeRange) -> Point:
        question = self._question
        if not question.coverage.holds(period):
            return Point(period, None)
        partial = any(day in period for day in question.coverage.partial_days)
        return Point(period, self._sum(group, period), partial)

    def _sum(self, group: GroupKey, window: TimeRange) -> Figures:
        held = [day for day in window.days() if day in self._question.coverage.held]
        if not held:
            return Figures()
        found = [self._days[(*group, day)] for day in held if (*group, day) in self._days]
        people = self._presence.count(group, window)
        return _added(found, people, told_when_empty=group[0] != PartKind.MODEL.value)


def _added(found: list[Figures], people: int, *, told_when_empty: bool) -> Figures:
    sums: dict[str, int | None] = {
        metric.value: _sum_known(figures.exact(metric) for figures in found) for metric in COLUMN_OF
    }
    for metric in ALWAYS_TOLD:
        if sums[metric.value] is None and (told_when_empty or metric is Metric.CREDITS):
            sums[metric.value] = 0
    return replace(
        Figures(**sums),  # type: ignore[arg-type]  # keys are the metric attributes
        active_users=people,
        rows=sum(figures.rows for figures in found),
        rows_with_tokens=sum(figures.rows_with_tokens for figures in found),
    )


def _sum_known(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _figures(row: dict[str, Any]) -> Figures:
    return Figures(**{name: value for name, value in row.items() if name not in ("part_kind", "key", "day")})


def _group(sums: _Sums, key: GroupKey, question: UsageQuestion) -> Group:
    label = _label(key[1], question.by)
    return Group(key[1], label, sums.window(key), sums.previous(key), sums.points(key))


def _label(key: str, by: Dimension | None) -> str:
    match by:
        case Dimension.SURFACE:
            return surface_label(key)
        case Dimension.CLIENT:
            return client_label(key)
        case Dimension.SPEED:
            return key.capitalize() or "Not told"
        case _:
            return key


def _most_credits(group: Group) -> tuple[int, str]:
    return -(group.figures.credits or 0), group.key
