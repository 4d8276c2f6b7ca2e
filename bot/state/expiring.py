"""Messages that are deleted later and leave a tombstone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from bot.model.message import MessageRef, Platform
from bot.state.columns import changed, insert_new
from bot.state.engine import StateDb
from bot.state.tables import EXPIRING as T


@dataclass(frozen=True, slots=True)
class ExpiringMessage:
    """A message, when it must go, and the words that stay in its place."""

    platform: Platform
    message: MessageRef
    delete_at: datetime
    tombstone: str


@dataclass(frozen=True, slots=True)
class Expiring:
    """Messages waiting for their end."""

    db: StateDb

    async def add(self, message: ExpiringMessage) -> bool:
        """Remember a message; False when it is known already, whose end then stays."""
        async with self.db.write() as connection:
            return await insert_new(connection, T, _values(message))

    async def due(
        self, now: datetime, limit: int = 100, *, platform: Platform | None = None
    ) -> tuple[ExpiringMessage, ...]:
        """The messages to delete at `now`, of one platform or of all, longest due first."""
        due = select(T).where(T.c.deleted_at.is_(None), T.c.delete_at <= now)
        if platform is not None:
            due = due.where(T.c.platform == platform.value)
        async with self.db.read() as connection:
            rows = await connection.execute(due.order_by(T.c.delete_at, T.c.id).limit(limit))
        return tuple(map(_message, rows))

    async def deleted(self, message: ExpiringMessage, now: datetime) -> bool:
        """Note that a message is gone; False when that was noted before."""
        ref = message.message
        this = (
            T.c.platform == message.platform.value,
            T.c.place_id == ref.place_id,
            T.c.message_id == ref.message_id,
            T.c.deleted_at.is_(None),
        )
        async with self.db.write() as connection:
            return await changed(connection, update(T).where(*this).values(deleted_at=now)) == 1


def _values(message: ExpiringMessage) -> dict[str, Any]:
    return {
        "platform": message.platform.value,
        "place_id": message.message.place_id,
        "message_id": message.message.message_id,
        "tombstone": message.tombstone,
        "delete_at": message.delete_at,
    }


def _message(row: Row[Any]) -> ExpiringMessage:
    ref = MessageRef(row.place_id, row.message_id)
    return ExpiringMessage(Platform(row.platform), ref, row.delete_at, row.tombstone)
