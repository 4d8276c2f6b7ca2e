"""Which source files of the audit log the SIEM has got."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, select

from bot.state.engine import StateDb
from bot.state.tables import SIEM_FILES as T


@dataclass(frozen=True, slots=True)
class SiemFiles:
    """Files by the UTC day on which the source wrote them."""

    db: StateDb

    async def counts(self) -> dict[date, int]:
        """How many files are noted, by day."""
        async with self.db.read() as connection:
            rows = await connection.execute(select(T.c.day, func.count()).group_by(T.c.day))
            return {row[0]: row[1] for row in rows}

    async def of(self, day: date) -> frozenset[str]:
        """The ids noted for a day."""
        async with self.db.read() as connection:
            return frozenset(await connection.scalars(select(T.c.file_id).where(T.c.day == day)))

    async def note(self, day: date, file_ids: Iterable[str], now: datetime) -> None:
        """Note files of a day, all or none of them."""
        rows = [{"file_id": file_id, "day": day, "at": now} for file_id in file_ids]
        async with self.db.write() as connection:
            await connection.execute(T.insert(), rows)

    async def forget(self, before: date) -> None:
        """Drop the notes of days whose books are gone."""
        async with self.db.write() as connection:
            await connection.execute(delete(T).where(T.c.day < before))
