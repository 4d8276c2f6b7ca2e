"""Which usage rows belong to which group, as Ibis expressions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from bot.lake.schema import PartKind
from bot.metrics.clients import is_through, surface_key
from bot.metrics.coverage import Coverage
from bot.metrics.figures import COLUMN_OF
from bot.model.asked import View
from bot.model.timerange import TimeRange

if TYPE_CHECKING:
    import ibis

TOTAL: Final = ""
"""The key of the whole."""


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


def daily_sums(table: ibis.Table, question: UsageQuestion) -> ibis.Expr:
    """One row per kind, key and day: sums and row counts."""
    rows = keyed(table, question)
    sums = {metric.value: rows[column].sum() for metric, column in COLUMN_OF.items()}
    return rows.group_by(["part_kind", "key", "day"]).aggregate(
        **sums, rows=rows.count(), rows_with_tokens=rows.total_tokens.count()
    )


def keyed(table: ibis.Table, question: UsageQuestion) -> Any:
    """The rows of the total and of the breakdown, with `key` and whether they make their person `active`."""
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
    rows = rows.mutate(active=_acts(rows)).filter(is_client & is_through(rows.part, through))
    as_total = {PartKind.CLIENT.value: PartKind.TOTAL.value}
    total = rows.mutate(part_kind=rows.part_kind.substitute(as_total), key=is_client.ifelse(TOTAL, rows.part))
    return total if by is None else total.union(rows.mutate(key=_key(rows, by)))


def _acts(rows: Any) -> Any:
    return (rows.turns > 0) | (rows.threads > 0)


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
