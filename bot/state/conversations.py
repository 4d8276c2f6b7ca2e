"""Conversations that a platform lets the bot post to unasked, with what is needed to reach them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update

from bot.model.chat import PlaceKind
from bot.state.columns import insert_new
from bot.state.engine import StateDb
from bot.state.tables import CONVERSATIONS as T


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation, the service that carries it, and the organisation it belongs to."""

    place_id: str
    kind: PlaceKind
    service_url: str
    tenant_id: str = ""


@dataclass(frozen=True, slots=True)
class KnownPlaces:
    """Conversations by id, shared by replicas and kept over restarts."""

    db: StateDb

    async def remember(self, one: Conversation, now: datetime) -> None:
        """Keep the newest form of a conversation; nothing is written while it stays the same."""
        if await self.find(one.place_id) == one:
            return
        values = {
            "kind": one.kind.value,
            "service_url": one.service_url,
            "tenant_id": one.tenant_id,
            "noted_at": now,
        }
        async with self.db.write() as connection:
            if not await insert_new(connection, T, {"place_id": one.place_id, **values}):
                await connection.execute(update(T).where(T.c.place_id == one.place_id).values(values))

    async def find(self, place_id: str) -> Conversation | None:
        """The conversation; None when the bot is not, or no longer, there."""
        async with self.db.read() as connection:
            row = (await connection.execute(select(T).where(T.c.place_id == place_id))).one_or_none()
        return _conversation(row) if row else None

    async def newest(self, tenant_id: str) -> Conversation | None:
        """The last one noted of an organisation, of any when `tenant_id` is empty; None without any."""
        wanted = select(T).order_by(T.c.noted_at.desc(), T.c.place_id).limit(1)
        if tenant_id:
            wanted = wanted.where(T.c.tenant_id == tenant_id)
        async with self.db.read() as connection:
            row = (await connection.execute(wanted)).one_or_none()
        return _conversation(row) if row else None

    async def forget(self, place_id: str) -> None:
        """Remove what is kept about a conversation."""
        async with self.db.write() as connection:
            await connection.execute(delete(T).where(T.c.place_id == place_id))


def _conversation(row: Row[Any]) -> Conversation:
    return Conversation(row.place_id, PlaceKind(row.kind), row.service_url, row.tenant_id)
