"""Named leases: of all replicas one leads, and another takes over when it stops renewing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update

from bot.state.columns import changed, insert_new
from bot.state.engine import StateDb
from bot.state.tables import LEASES as T

LEASE = timedelta(seconds=45)


@dataclass(frozen=True, slots=True)
class Leases:
    """Leases by name. Renew at least every 15 s: a leader that died is replaced within a minute."""

    db: StateDb

    async def acquire(self, name: str, owner: str, now: datetime, length: timedelta = LEASE) -> bool:
        """Take or renew the lease; True while `owner` is the one holder."""
        free = or_(T.c.owner == owner, T.c.until <= now)
        values = {"owner": owner, "until": now + length}
        async with self.db.write() as connection:
            if await insert_new(connection, T, {"name": name, **values}):
                return True
            return await changed(connection, update(T).where(T.c.name == name, free).values(values)) == 1

    async def release(self, name: str, owner: str) -> bool:
        """Give the lease back at once; False when somebody else holds it."""
        async with self.db.write() as connection:
            return await changed(connection, delete(T).where(T.c.name == name, T.c.owner == owner)) == 1

    async def holder(self, name: str, now: datetime) -> str | None:
        """Who holds the lease at `now`; None when nobody does."""
        async with self.db.read() as connection:
            return (
                await connection.execute(select(T.c.owner).where(T.c.name == name, T.c.until > now))
            ).scalar_one_or_none()
