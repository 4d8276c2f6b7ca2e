"""`digest --due` as a process against a fake Slack that counts posts: never twice, never lost silently."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from bot.model.chat import PlaceKind
from bot.model.message import Destination, Platform
from bot.model.schedule import Schedule, ScheduleKind
from bot.model.timerange import TimeRange
from bot.state.deliveries import FINAL, Deliveries, Delivery, DeliveryStep
from bot.state.engine import StateDb
from bot.state.subscriptions import NewSubscription, Subscriptions
from tests.app.killable_digest import start
from tests.handlers.weeks import SmallLake, Use
from tests.slack.fake import FakeSlack
from tests.slack.workspace import BOT_TOKEN, Channel

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

NOW = datetime(2026, 10, 20, 9, 5, tzinfo=UTC)
DUE = datetime(2026, 10, 20, 9, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
REACHABLE = tuple(step for step in DeliveryStep if step is not DeliveryStep.UNKNOWN)
FINE, GONE, OLD = "C0000FINE", "C0000ARCH", "C0000LATE"


@dataclass
class Stage:
    """A small lake, a state database with due digests, a fake Slack, and processes."""

    slack: FakeSlack
    folder: Path
    lake: SmallLake
    runs: Iterator[int] = field(default_factory=count)

    @property
    def state_url(self) -> str:
        return f"sqlite:///{self.folder / 'state.db'}"

    async def subscribe(self, place: str, due: datetime = DUE) -> None:
        schedule = Schedule(ScheduleKind.WEEKLY, due.time(), "UTC", due.weekday(), whole_week=True)
        destination = Destination(Platform.SLACK, place, PlaceKind.CHANNEL)
        wanted = NewSubscription(destination, "U0000AAAA", "digest", schedule)
        async with StateDb(self.state_url) as db:
            await Subscriptions(db).add(wanted, due, DUE - timedelta(days=9))

    @property
    def settings(self) -> dict[str, str]:
        return {
            "PULSE_NOW": NOW.isoformat(),
            "PULSE_WORKSPACE_ID": "00000000-0000-4000-8000-000000000000",
            "PULSE_ANALYTICS_API_KEY": "sk-test",
            "PULSE_API_BASE_URL": "http://127.0.0.1:9/v1",
            "PULSE_SLACK_BOT_TOKEN": BOT_TOKEN,
            "PULSE_SLACK_API_BASE_URL": self.slack.api_base_url,
            "PULSE_STATE_URL": self.state_url,
            "PULSE_LAKE_URL": str(self.lake.root),
        }

    async def run(self, step: str = "never", at: int = 1) -> tuple[int, str]:
        said = self.folder / f"said-{next(self.runs)}"
        process = await asyncio.to_thread(start, self.settings, said, step, at)
        await asyncio.to_thread(process.join)
        assert process.exitcode is not None
        return process.exitcode, said.read_text()

    async def type_it(self) -> tuple[int, str]:
        """The same as a person or cron starts it."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "digest", "--due",
            cwd=ROOT, env={**os.environ, **self.settings}, stdout=PIPE, stderr=PIPE,
        )  # fmt: skip
        out, error = await process.communicate()
        assert process.returncode is not None
        return process.returncode, (out + error).decode()

    async def deliveries(self) -> dict[str, Delivery]:
        async with StateDb(self.state_url) as db:
            return {one.place_id: one for one in await Deliveries(db).last(100)}

    def posts(self) -> Counter[str]:
        return Counter(one.channel for one in self.slack.workspace.messages.values())

    def told(self) -> str:
        return "\n".join(
            m.args["text"] for m in self.slack.workspace.messages.values() if m.channel[0] == "D"
        )


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> SmallLake:
    lake = SmallLake(tmp_path_factory.mktemp("due"), fetched_at=NOW)
    # every day that could be fetched is held: nothing here asks OpenAI
    days = TimeRange(NOW.date() - timedelta(days=92), NOW.date()).days()
    lake.put({day: [Use(f"u{n}") for n in range(5)] for day in days})
    return lake


@pytest.fixture
async def stage(tmp_path: Path, lake: SmallLake) -> AsyncIterator[Stage]:
    async with FakeSlack() as slack:
        slack.workspace.channels.update({FINE: Channel(), OLD: Channel()})
        yield Stage(slack, tmp_path, lake)


@pytest.mark.parametrize("step", REACHABLE)
async def test_killed_at_a_step_it_posts_never_twice_and_loses_nothing_silently(
    stage: Stage, step: DeliveryStep
) -> None:
    more = {DeliveryStep.FAILED: (GONE, DUE), DeliveryStep.SKIPPED: (OLD, DUE - timedelta(days=2))}
    wanted = {FINE: DUE, **dict([more[step]] if step in more else [])}
    for place, due in wanted.items():
        await stage.subscribe(place, due)
    assert (await stage.run(step.value))[0] == -signal.SIGKILL
    code, _ = await stage.run()
    deliveries, posts = await stage.deliveries(), stage.posts()
    assert code == (5 if step is DeliveryStep.POSTING else 0)
    assert set(deliveries) == set(wanted)
    assert all(one.step in FINAL for one in deliveries.values())
    assert posts[FINE] <= 1
    assert posts[GONE] == posts[OLD] == 0
    fine = deliveries[FINE]
    if fine.step is DeliveryStep.DONE:
        assert posts[FINE] == 1
        (message,) = [m for m in stage.slack.workspace.messages.values() if m.channel == FINE]
        assert "image" in [block["type"] for block in message.args["blocks"]]
        shared = [f.name for f in stage.slack.workspace.files.values() if f.shared_in == [FINE]]
        assert len(shared) == len(set(shared)) == 4
    else:
        assert fine.step is DeliveryStep.UNKNOWN
        assert step is DeliveryStep.POSTING
    for one in deliveries.values():
        assert (one.subscription_id in stage.told()) is bool(one.error)


async def test_a_post_whose_process_died_before_it_knew_is_not_repeated_and_the_owner_is_told(
    stage: Stage,
) -> None:
    await stage.subscribe(FINE)
    process = await asyncio.to_thread(start, stage.settings, stage.folder / "said", "never", 1)
    while not stage.posts()[FINE]:  # noqa: ASYNC110  # the fake has no event, and a moment later is too late
        await asyncio.sleep(0)
    # Slack has it; whether the process has read the answer yet is open, as it would be in life.
    process.kill()
    await asyncio.to_thread(process.join)
    await stage.run()
    delivery = (await stage.deliveries())[FINE]
    assert stage.posts()[FINE] == 1
    assert delivery.step is DeliveryStep.DONE or delivery.subscription_id in stage.told()


async def test_two_processes_at_once_post_once(stage: Stage) -> None:
    for n in range(4):
        stage.slack.workspace.channels[f"C0000{n:04}"] = Channel()
        await stage.subscribe(f"C0000{n:04}")
    results = await asyncio.gather(stage.run(), stage.run())
    assert [code for code, _ in results] == [0, 0], results
    assert set(stage.posts().values()) == {1}
    assert len(stage.posts()) == 4


async def test_a_delivery_that_failed_ends_with_five_and_nothing_due_with_zero(stage: Stage) -> None:
    assert await stage.type_it() == (0, "Nothing was due.\n")
    await stage.subscribe(GONE)
    code, said = await stage.run()
    assert code == 5
    assert "1 delivery: 1 failed." in said
    assert "channel gone" in said
    assert (await stage.run())[0] == 0
    assert "It is paused" in stage.told()


async def test_a_revoked_token_is_named_and_nothing_is_lost(stage: Stage) -> None:
    await stage.subscribe(FINE)
    stage.slack.workspace.revoked = True
    code, said = await stage.run()
    assert code == 2
    assert "token_revoked" in said
    stage.slack.workspace.revoked = False
    assert (await stage.run())[0] == 0
    assert stage.posts()[FINE] == 1
