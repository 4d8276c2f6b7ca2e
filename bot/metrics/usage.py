"""Usage of a window: totals, a series, a breakdown, and the window before.

Totals come from `total` rows, clients and surfaces from `client` rows, models and speeds from `model`
rows; the three repeat each other and are never added. People are counted once per group, so groups do
not add up to the total.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from bot.lake.schema import PartKind
from bot.metrics.clients import Surface, client_label, surface_key, surface_label
from bot.metrics.coverage import Coverage
from bot.metrics.figures import ALWAYS_TOLD, COLUMN_OF, Figures, Metric
from bot.metrics.periods import periods
from bot.model.asked import View
from bot.model.timerange import TimeRange

if TYPE_CHECKING:
    import ibis


class Dimension(StrEnum):
    """What usage can be broken down by."""

    SURFACE = "surface"
    CLIENT = "client"
    MODEL = "model"
    SPEED = "speed"

    @property
    def part_kind(self) -> PartKind:
        """The rows that tell it apart."""
        return PartKind.CLIENT if self in (Dimension.SURFACE, Dimension.CLIENT) else PartKind.MODEL


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
    """`previous` is None unless every day of `against` is held. Groups: most credits first, then by key.

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


@dataclass(frozen=True, slots=True)
class UsageQuestion:
    """What to compute, and what is known of the days.

    `user_id` narrows everything to one person, `through` to a surface or client id (`client_named`): totals
    are then sums of client rows, and models and speeds cannot be told.
    """

    coverage: Coverage
    against: TimeRange
    by: Dimension | None = None
    view: View = View.DAILY
    user_id: str | None = None
    through: str | None = None

    def __post_init__(self) -> None:
        if self.through and self.by and self.by.part_kind is PartKind.MODEL:
            message = f"nothing is told about {self.by}s by client"
            raise ValueError(message)

    @property
    def window(self) -> TimeRange:
        """The window to answer."""
        return self.coverage.window


TOTAL: Final = ""
_CURRENT: Final = "current"
_GroupKey = tuple[str, str]
Table = Any


def daily_sums(table: ibis.Table, question: UsageQuestion) -> ibis.Expr:
    """One row per kind, key and day: sums, active people, row counts."""
    rows = _keyed(table, question)
    sums = {metric.value: rows[column].sum() for metric, column in COLUMN_OF.items()}
    return rows.group_by(["part_kind", "key", "day"]).aggregate(
        **sums,
        # a person has one total row a day, so without a breakdown nothing needs to be told apart
        active_users=_people(rows) if question.by or question.through else rows.active.sum(),
        rows=rows.count(),
        rows_with_tokens=rows.total_tokens.count(),
    )


def distinct_people(table: ibis.Table, question: UsageQuestion) -> ibis.Expr:
    """One row per kind, key and window (`current` or not): people counted once."""
    rows = _keyed(table, question)
    window = question.window
    rows = rows.mutate(current=(rows.day >= window.start) & (rows.day < window.end))
    return rows.group_by(["part_kind", "key", _CURRENT]).aggregate(people=_people(rows))


def distinct_people_by_period(table: ibis.Table, question: UsageQuestion) -> ibis.Expr:
    """One row per kind, key and week or month: people counted once."""
    rows = _keyed(table, question)
    unit = "W" if question.view is View.WEEKLY else "M"
    rows = rows.mutate(start=rows.day.truncate(unit))
    return rows.group_by(["part_kind", "key", "start"]).aggregate(people=_people(rows))


def usage_result(
    question: UsageQuestion, daily: Table, people: Table, by_period: Table | None
) -> UsageResult:
    """Puts the query results together; `by_period` is None in the daily view."""
    sums = _Sums(question, daily, people, by_period)
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


def _keyed(table: ibis.Table, question: UsageQuestion) -> Any:
    by = question.by
    rows: Any = table
    if question.user_id is not None:
        rows = rows.filter(rows.user_id == question.user_id)
    if question.through is not None:
        return _narrowed(rows, question.through, by)
    kinds = [PartKind.TOTAL.value] + ([by.part_kind.value] if by else [])
    rows = rows.filter(rows.part_kind.isin(kinds))
    acts = _acts(rows)
    if by is None:
        return rows.mutate(key=rows.part, active=acts)
    is_total = rows.part_kind == PartKind.TOTAL.value
    return rows.mutate(key=is_total.ifelse(TOTAL, _key(rows, by)), active=_active(rows, acts, by))


def _narrowed(rows: Any, through: str, by: Dimension | None) -> Any:
    is_client = rows.part_kind == PartKind.CLIENT.value
    keys = surface_key(rows.part) if through in tuple(Surface) else rows.part
    rows = rows.mutate(active=_acts(rows)).filter(is_client & (keys == through))
    as_total = {PartKind.CLIENT.value: PartKind.TOTAL.value}
    total = rows.mutate(part_kind=rows.part_kind.substitute(as_total), key=is_client.ifelse(TOTAL, rows.part))
    return total if by is None else total.union(rows.mutate(key=_key(rows, by)))


def _acts(rows: Any) -> Any:
    return (rows.turns > 0) | (rows.threads > 0)


def _people(rows: Any) -> Any:
    return rows.user_id.nunique(where=rows.active)


def _key(rows: Any, by: Dimension) -> Any:
    match by:
        case Dimension.SURFACE:
            return surface_key(rows.part)
        case Dimension.CLIENT | Dimension.MODEL:
            return rows.part
        case Dimension.SPEED:
            return rows.speed.fill_null("")


def _active(rows: Any, acts: Any, by: Dimension) -> Any:
    # model rows carry no threads or turns: who spent anything there has used it
    if by.part_kind is PartKind.CLIENT:
        return acts
    spent = (rows.credits > 0) | (rows.cost_usd > 0) | (rows.estimated_cost_usd > 0) | (rows.total_tokens > 0)
    return (rows.part_kind == PartKind.MODEL.value).ifelse(spent, acts)


class _Sums:
    """Query results by group and day, and their sums over days."""

    def __init__(self, question: UsageQuestion, daily: Table, people: Table, by_period: Table | None) -> None:
        self._question = question
        self._days = {(row["part_kind"], row["key"], row["day"]): _figures(row) for row in daily.to_pylist()}
        self._people = {(r["part_kind"], r["key"], r[_CURRENT]): r["people"] for r in people.to_pylist()}
        rows = by_period.to_pylist() if by_period is not None else []
        self._by_period = {(r["part_kind"], r["key"], r["start"]): r["people"] for r in rows}

    def groups(self) -> tuple[_GroupKey, ...]:
        """Groups that have a row in the window."""
        window = self._question.window
        found = {(kind, key) for kind, key, day in self._days if day in window}
        return tuple(sorted(found - {(PartKind.TOTAL.value, TOTAL)}))

    def window(self, group: _GroupKey) -> Figures:
        """The asked window over its held days."""
        return self._sum(group, self._question.window.days(), self._people.get((*group, True), 0))

    def previous(self, group: _GroupKey) -> Figures | None:
        """The window before, None unless it is held whole."""
        against = self._question.against
        if not against.day_count or not self._question.coverage.holds(against):
            return None
        return self._sum(group, against.days(), self._people.get((*group, False), 0))

    def points(self, group: _GroupKey) -> tuple[Point, ...]:
        """The series of a group."""
        question = self._question
        return tuple(self._point(group, period) for period in periods(question.window, question.view))

    def _point(self, group: _GroupKey, period: TimeRange) -> Point:
        question = self._question
        if not question.coverage.holds(period):
            return Point(period, None)
        partial = any(day in period for day in question.coverage.partial_days)
        return Point(period, self._sum(group, period.days(), self._distinct(group, period.start)), partial)

    def _distinct(self, group: _GroupKey, start: date) -> int:
        if self._question.view is View.DAILY:
            day = self._days.get((*group, start))
            return (day.active_users or 0) if day else 0
        people: int = self._by_period.get((*group, start), 0)
        return people

    def _sum(self, group: _GroupKey, days: Iterable[date], people: int) -> Figures:
        held = [day for day in days if day in self._question.coverage.held]
        if not held:
            return Figures()
        found = [self._days[(*group, day)] for day in held if (*group, day) in self._days]
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


def _group(sums: _Sums, key: _GroupKey, question: UsageQuestion) -> Group:
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
