"""The audit log of a window at a glance: events by type, people, models."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bot.metrics.events.activity import Row

if TYPE_CHECKING:
    import ibis

MOST_PEOPLE: Final = 3


@dataclass(frozen=True, slots=True)
class TypeCount:
    """Events of a log and a sub-type or action (None when the record tells neither)."""

    type: str
    code: str | None
    events: int
    people: int


@dataclass(frozen=True, slots=True)
class ModelUse:
    """Events that name a model."""

    model: str
    events: int
    people: int


@dataclass(frozen=True, slots=True)
class PersonCount:
    """Events of one person."""

    user_id: str
    events: int


@dataclass(frozen=True, slots=True)
class Overview:
    """Most events first, ties by name. `people` are distinct users, `busiest` the first of them."""

    types: tuple[TypeCount, ...]
    people: int
    busiest: tuple[PersonCount, ...]
    models: tuple[ModelUse, ...]

    @property
    def events(self) -> int:
        """All events."""
        return sum(each.events for each in self.types)

    def models_outside(self, allowed: Collection[str]) -> tuple[ModelUse, ...]:
        """Models used that are not among `allowed`, whatever the case of their letters."""
        names = {name.casefold() for name in allowed}
        return tuple(each for each in self.models if each.model.casefold() not in names)


def type_rows(table: ibis.Table) -> ibis.Expr:
    """One row per log and sub-type."""
    coded: Any = table.mutate(code=table.event_type.coalesce(table.action))
    return _counted(coded, ["type", "code"])


def model_rows(table: ibis.Table) -> ibis.Expr:
    """One row per model named."""
    return _counted(table.filter(table.model.notnull()), ["model"])


def person_rows(table: ibis.Table) -> ibis.Expr:
    """One row per person."""
    return _counted(table.filter(table.user_id.notnull()), ["user_id"])


def overview(types: Iterable[Row], people: Iterable[Row], models: Iterable[Row]) -> Overview:
    """The results of the three."""
    counted = [PersonCount(row["user_id"], row["events"]) for row in people]
    return Overview(
        tuple(TypeCount(row["type"], row["code"], row["events"], row["people"]) for row in types),
        len(counted),
        tuple(counted[:MOST_PEOPLE]),
        tuple(ModelUse(row["model"], row["events"], row["people"]) for row in models),
    )


def _counted(rows: Any, by: list[str]) -> Any:
    people = "people" if "user_id" not in by else "of_person"
    counted = rows.group_by(by).aggregate(events=rows.count(), **{people: rows.user_id.nunique()})
    return counted.order_by([counted.events.desc(), *by])
