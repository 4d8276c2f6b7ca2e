from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.state.engine import StateDb
from bot.state.seen import KEEP, Seen
from bot.state.tables import SEEN


async def test_a_request_is_new_once_for_all_replicas(db: StateDb, other_db: StateDb, now: datetime) -> None:
    asked = (Seen(one).first_time("trigger-1", now) for one in (db, other_db) * 8)
    assert sorted(await asyncio.gather(*asked)) == [False] * 15 + [True]


async def test_different_requests_are_both_new(db: StateDb, now: datetime) -> None:
    assert await Seen(db).first_time("a", now)
    assert await Seen(db).first_time("b", now)


async def test_old_keys_are_forgotten(db: StateDb, now: datetime) -> None:
    await Seen(db).first_time("old", now - KEEP - timedelta(seconds=1))
    await Seen(db).first_time("edge", now - KEEP)
    await Seen(db).first_time("new", now)
    async with db.read() as connection:
        assert set((await connection.execute(select(SEEN.c.key))).scalars()) == {"edge", "new"}
