"""Budgets: an amount per calendar month, for the workspace or one team."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update

from bot.model.chat import Unit
from bot.model.errors import BadValue
from bot.model.message import Platform
from bot.state.columns import changed, insert_new
from bot.state.engine import StateDb
from bot.state.tables import BUDGETS as T

INT64_MAX = 2**63 - 1
_MONEY_LIKE = frozenset({Unit.CREDITS, Unit.USD, Unit.ESTIMATED_USD})


@dataclass(frozen=True, slots=True)
class Budget:
    """`amount_micro` millionths of `unit` per month; `team` None is the workspace; alerts go to the place.

    Raises BadValue for an amount that is not positive or a unit that is not money-like.
    """

    amount_micro: int
    unit: Unit
    team: str | None
    platform: Platform
    place_id: str
    set_by: str
    set_at: datetime

    def __post_init__(self) -> None:
        if not 0 < self.amount_micro <= INT64_MAX or self.unit not in _MONEY_LIKE:
            raise BadValue("A budget is a positive amount", "budget set 50000 credits monthly")


@dataclass(frozen=True, slots=True)
class Budgets:
    """At most one budget per team and unit."""

    db: StateDb

    async def put(self, budget: Budget) -> Budget | None:
        """Set the budget of its team and unit; returns the one it replaced."""
        values = _values(budget)
        this = (T.c.team == values["team"], T.c.unit == values["unit"], T.c.period == values["period"])
        async with self.db.write(lock="budgets") as connection:
            before = (await connection.execute(select(T).where(*this))).one_or_none()
            if not await insert_new(connection, T, values):
                await connection.execute(update(T).where(*this).values(values))
        return None if before is None else _budget(before)

    async def all(self) -> tuple[Budget, ...]:
        """Every budget: the workspace first, then teams by name."""
        async with self.db.read() as connection:
            rows = await connection.execute(select(T).order_by(T.c.team, T.c.unit))
        return tuple(map(_budget, rows))

    async def remove(self, team: str | None, unit: Unit) -> bool:
        """Remove a budget; False when there is none."""
        this = (T.c.team == (team or ""), T.c.unit == unit.value)
        async with self.db.write(lock="budgets") as connection:
            return await changed(connection, delete(T).where(*this)) == 1


def _values(budget: Budget) -> dict[str, Any]:
    return {**asdict(replace(budget, team=None)), "team": budget.team or "", "period": "month"}


def _budget(row: Row[Any]) -> Budget:
    team, platform = row.team or None, Platform(row.platform)
    return Budget(row.amount_micro, Unit(row.unit), team, platform, row.place_id, row.set_by, row.set_at)
