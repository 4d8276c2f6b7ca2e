from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app.leading import RENEW_SECONDS, Leader
from bot.state.engine import StateDb
from tests.remembering import new_state


@dataclass
class World:
    """Two replicas, a clock the test moves, and who is at work."""

    db: StateDb
    now: datetime = datetime(2026, 10, 21, 15, tzinfo=UTC)
    at_work: list[str] = field(default_factory=list)
    ticks: dict[str, asyncio.Queue[None]] = field(default_factory=dict)

    def replica(self, name: str) -> Leader:
        self.ticks[name] = asyncio.Queue()

        async def work() -> None:
            self.at_work.append(name)
            try:
                await asyncio.Event().wait()
            finally:
                self.at_work.remove(name)

        async def sleep(seconds: float) -> None:
            assert seconds == RENEW_SECONDS
            self.idle.set()
            await self.ticks[name].get()

        return Leader(self.db, "sync", work, lambda: self.now, sleep=sleep, owner=name)

    idle: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self, name: str) -> asyncio.Task[None]:
        self.idle.clear()
        task = asyncio.create_task(self.replica(name).run())
        await self.idle.wait()
        return task

    async def tick(self, *names: str) -> None:
        self.now += timedelta(seconds=RENEW_SECONDS)
        for name in names:
            self.idle.clear()
            self.ticks[name].put_nowait(None)
            await self.idle.wait()


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with StateDb(await new_state(tmp_path)) as db:
        yield World(db)


async def ended(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_one_of_two_replicas_works(world: World) -> None:
    tasks = [await world.start("one"), await world.start("two")]
    for _ in range(5):
        await world.tick("one", "two")
        assert world.at_work == ["one"]
    await ended(*tasks)
    assert world.at_work == []


async def test_who_stops_gives_the_lead_back_at_once(world: World) -> None:
    one, two = await world.start("one"), await world.start("two")
    await ended(one)
    await world.tick("two")
    assert world.at_work == ["two"]
    await ended(two)


async def test_a_replica_that_died_is_replaced_within_a_minute(world: World) -> None:
    one, two = await world.start("one"), await world.start("two")
    died_at = world.now
    while "two" not in world.at_work:
        await world.tick("two")
        assert world.now - died_at <= timedelta(minutes=1)
    await ended(one, two)


async def test_a_leader_that_was_replaced_stops_working(world: World) -> None:
    one, two = await world.start("one"), await world.start("two")
    for _ in range(4):
        await world.tick("two")
    assert world.at_work == ["one", "two"]
    await world.tick("one")
    assert world.at_work == ["two"]
    await ended(one, two)


async def test_work_that_fails_is_begun_anew(world: World) -> None:
    leader = world.replica("one")
    begun: list[int] = []

    async def broken() -> None:
        begun.append(1)
        raise ValueError

    leader.work = broken
    world.idle.clear()
    task = asyncio.create_task(leader.run())
    await world.idle.wait()
    await world.tick("one")
    await world.tick("one")
    assert len(begun) >= 2
    await ended(task)
