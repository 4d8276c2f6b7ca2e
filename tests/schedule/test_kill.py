"""The bot is killed with SIGKILL at every step there is: never twice, never lost silently.

The clock stands still meanwhile, so that nothing here rests on a lease running out.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.model.message import Destination, Platform
from bot.model.schedule import Schedule, ScheduleKind
from bot.state.deliveries import FINAL, Deliveries, Delivery, DeliveryStep
from bot.state.engine import StateDb
from bot.state.subscriptions import NewSubscription, Subscriptions

pytestmark = pytest.mark.slow

NOW = datetime(2026, 10, 21, 15, tzinfo=UTC)
POINTS = (*(step.value for step in DeliveryStep), "sent:post", "sent:picture", "sent:file", "sent:tell")
KINDS = ("fine", "fine", "fine", "fine", "fine", "fine", "fine", "gone", "maybe", "old")


class Stage:
    """A state database with due subscriptions, a log of what the platform took, and processes."""

    def __init__(self, url: str, log: Path) -> None:
        self.url, self.log = url, log

    async def subscribe(self, count: int) -> None:
        schedule = Schedule(ScheduleKind.DAILY, time(15), "UTC")
        async with StateDb(self.url) as db:
            for n in range(count):
                # The owner has the place's name, so that the log shows whose message was told about.
                place = f"{KINDS[n % len(KINDS)]}{n}"
                wanted = NewSubscription(Destination(Platform.SLACK, place), place, "digest", schedule)
                due = NOW - timedelta(days=3) if "old" in place else NOW
                await Subscriptions(db).add(wanted, due, NOW)

    def start(self, point: str = "never", count: int = 1) -> subprocess.Popen[bytes]:
        script = str(Path(__file__).with_name("killable.py"))
        root = str(Path(__file__).parents[2])
        command = [sys.executable, script, self.url, str(self.log), point, str(count)]
        env = {**os.environ, "PYTHONPATH": root}
        return subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def finish(self, *processes: subprocess.Popen[bytes]) -> list[int]:
        """Let them begin together; their exit codes."""
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.read(1) == b"r"
            process.stdout.close()
        for process in processes:
            assert process.stdin is not None
            process.stdin.write(b"\n")
            process.stdin.close()
        return [process.wait(timeout=240) for process in processes]

    def taken(self) -> dict[str, Counter[str]]:
        """What the platform took: method -> place, file or owner -> how often."""
        taken: dict[str, Counter[str]] = {name: Counter() for name in ("post", "picture", "file", "tell")}
        for line in self.log.read_text().splitlines():
            method, what = line.split(" ")
            taken[method][what] += 1
        return taken

    async def deliveries(self) -> dict[str, Delivery]:
        async with StateDb(self.url) as db:
            found = await Deliveries(db).last(1_000)
        assert len({one.place_id for one in found}) == len(found)
        return {one.place_id: one for one in found}

    async def check(self, count: int) -> None:
        """The promise: every run once, and whatever is not whole was told to its owner."""
        taken, deliveries = await asyncio.to_thread(self.taken), await self.deliveries()
        assert len(deliveries) == count
        assert {place for place, times in taken["post"].items() if times > 1} == set()
        assert {name for name, times in taken["file"].items() if times > 1} == set()
        for place, delivery in deliveries.items():
            assert delivery.step in FINAL
            whole = (
                taken["post"][place] == 1
                and taken["picture"][place] >= 1
                and taken["file"][f"{place}/a.csv"] == 1
            )
            assert (whole and not delivery.error) or taken["tell"][place] >= 1, (place, delivery)
            if place.startswith("fine") and delivery.step is not DeliveryStep.UNKNOWN:
                assert taken["post"][place] == 1
            if place.startswith(("gone", "old")):
                assert taken["post"][place] == 0


@pytest.mark.parametrize("point", POINTS)
async def test_killed_at_a_step_it_posts_never_twice_and_loses_nothing_silently(
    tmp_path: Path, point: str
) -> None:
    stage = Stage(f"sqlite:///{tmp_path}/state.db", tmp_path / "log")
    await stage.subscribe(10)
    assert stage.finish(stage.start(point)) == [-signal.SIGKILL]
    assert stage.finish(stage.start()) == [0]
    await stage.check(10)
    unsure = sum(one.step is DeliveryStep.UNKNOWN for one in (await stage.deliveries()).values())
    # One place always answers "maybe"; a kill around a post makes one more, unless it hit that place.
    assert unsure in ({1, 2} if point in {"posting", "sent:post"} else {1})


async def test_two_processes_at_once_post_once(tmp_path: Path) -> None:
    stage = Stage(f"sqlite:///{tmp_path}/state.db", tmp_path / "log")
    await stage.subscribe(30)
    assert stage.finish(stage.start(), stage.start()) == [0, 0]
    await stage.check(30)


@pytest.mark.timeout(600)
async def test_two_hundred_due_on_postgresql_survive_two_processes_killed_at_every_step(
    postgres_url: str, tmp_path: Path
) -> None:
    stage = Stage(postgres_url, tmp_path / "log")
    await stage.subscribe(200)
    # A pass skips first and tells last, so the other of two could do all of either: these two go alone.
    # Of every pair one dies at its first message at the latest, and leaves the other enough to meet its own.
    alone = ("skipped", "sent:tell")
    together = [point for point in POINTS if point not in alone]
    assert stage.finish(stage.start("skipped")) == [-signal.SIGKILL]
    for one, other in batched(together):
        assert stage.finish(stage.start(one), stage.start(other)) == [-signal.SIGKILL] * 2
    assert stage.finish(stage.start("sent:tell")) == [-signal.SIGKILL]
    for _ in range(2):
        assert stage.finish(stage.start(), stage.start()) == [0, 0]
    await stage.check(200)
    unsure = sum(one.step is DeliveryStep.UNKNOWN for one in (await stage.deliveries()).values())
    assert 20 <= unsure <= 20 + 2  # the places that answer "maybe", and the two kills around a post


def batched(points: list[str]) -> list[tuple[str, str]]:
    return list(zip(points[::2], points[1::2], strict=True))
