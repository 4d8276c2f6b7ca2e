"""Requests already taken in: platforms deliver the same one more than once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete

from bot.state.columns import insert_new
from bot.state.engine import StateDb
from bot.state.tables import SEEN

# Slack repeats an event for about an hour and accepts a signed request for five minutes.
KEEP = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Seen:
    """Keys of requests, remembered for a day."""

    db: StateDb

    async def first_time(self, key: str, now: datetime) -> bool:
        """Return True to exactly one caller per key, across processes."""
        async with self.db.write() as connection:
            await connection.execute(delete(SEEN).where(SEEN.c.at < now - KEEP))
            return await insert_new(connection, SEEN, {"key": key, "at": now})
