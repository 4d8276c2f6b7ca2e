"""Takes a person out of the state database. The trail stays whole: it is the record of what was done."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.state.columns import changed
from bot.state.engine import StateDb
from bot.state.tables import ALERTS, BUDGETS, DELIVERIES, RECEIPTS, SILENCES, SUBSCRIPTIONS

SOMEBODY = "forgotten"
_OWNED = ((RECEIPTS, "asker_id"), (SUBSCRIPTIONS, "owner_id"), (DELIVERIES, "owner_id"))
_SIGNED = ((BUDGETS, "set_by"), (SILENCES, "set_by"), (ALERTS, "acknowledged_by"))


@dataclass(frozen=True, slots=True)
class StateRows:
    """Rows about a person: deleted ones, and what they set up for others, which stays without a name."""

    receipts: int = 0
    subscriptions: int = 0
    deliveries: int = 0
    signatures: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.receipts + self.subscriptions + self.deliveries + self.signatures


@dataclass(frozen=True, slots=True)
class Forgetting:
    """`names` are a person's addresses and ids, in any case; a command that names one is about them too."""

    db: StateDb

    async def count(self, names: frozenset[str]) -> StateRows:
        """What `forget` would touch."""
        async with self.db.read() as connection:
            owned = [len(await _about(connection, table, key, names)) for table, key in _OWNED]
            signed = [await _count(connection, table, _by(table, key, names)) for table, key in _SIGNED]
        return StateRows(owned[0], owned[1], owned[2], sum(signed))

    async def forget(self, names: frozenset[str]) -> StateRows:
        """Delete their receipts, subscriptions and deliveries; put no name where they set something."""
        async with self.db.write() as connection:
            owned = [await _delete(connection, table, key, names) for table, key in _OWNED]
            signed = [
                await changed(connection, update(table).where(_by(table, key, names)).values({key: SOMEBODY}))
                for table, key in _SIGNED
            ]
        return StateRows(owned[0], owned[1], owned[2], sum(signed))


async def _delete(connection: AsyncConnection, table: Table, key: str, names: frozenset[str]) -> int:
    found = await _about(connection, table, key, names)
    return sum([await changed(connection, delete(table).where(table.c.id == row_id)) for row_id in found])


async def _about(
    connection: AsyncConnection, table: Table, key: str, names: frozenset[str]
) -> tuple[str | int, ...]:
    """Ids of the rows that belong to the person or whose command names them as a whole word."""
    said = (func.lower(table.c.command).contains(name.lower(), autoescape=True) for name in sorted(names))
    rows = await connection.execute(
        select(table.c.id, table.c[key], table.c.command).where(or_(_by(table, key, names), *said))
    )
    wanted = {name.lower() for name in names}
    return tuple(row[0] for row in rows if row[1].lower() in wanted or wanted & _words(row[2]))


def _words(command: str) -> set[str]:
    return {word.strip('"<>').removeprefix("@") for word in command.lower().split()}


async def _count(connection: AsyncConnection, table: Table, where: ColumnElement[bool]) -> int:
    found = await connection.execute(select(func.count()).select_from(table).where(where))
    return int(found.scalar_one())


def _by(table: Table, key: str, names: frozenset[str]) -> ColumnElement[bool]:
    return func.lower(table.c[key]).in_(sorted(name.lower() for name in names))
