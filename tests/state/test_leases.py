from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from bot.state.engine import StateDb
from bot.state.leases import LEASE, Leases


async def test_one_of_many_leads(db: StateDb, other_db: StateDb, now: datetime) -> None:
    tries = [Leases(one).acquire("sync", f"n{n}", now) for n, one in enumerate((db, other_db) * 8)]
    assert sorted(await asyncio.gather(*tries)) == [False] * 15 + [True]


async def test_a_leader_that_renews_stays_and_one_that_died_is_replaced_within_a_minute(
    db: StateDb, now: datetime
) -> None:
    leases = Leases(db)
    assert await leases.acquire("sync", "a", now)
    later = now + timedelta(seconds=15)
    assert await leases.acquire("sync", "a", later)
    assert not await leases.acquire("sync", "b", now + LEASE)
    assert await leases.holder("sync", now + LEASE) == "a"
    assert later + LEASE - later <= timedelta(minutes=1)
    assert await leases.holder("sync", later + LEASE) is None
    assert await leases.acquire("sync", "b", later + LEASE)
    assert not await leases.acquire("sync", "a", later + LEASE)


async def test_a_lease_given_back_is_free_at_once(db: StateDb, now: datetime) -> None:
    leases = Leases(db)
    await leases.acquire("sync", "a", now)
    assert not await leases.release("sync", "b")
    assert await leases.release("sync", "a")
    assert await leases.acquire("sync", "b", now)


async def test_names_do_not_touch_each_other(db: StateDb, now: datetime) -> None:
    assert await Leases(db).acquire("sync", "a", now)
    assert await Leases(db).acquire("alerts", "b", now)
