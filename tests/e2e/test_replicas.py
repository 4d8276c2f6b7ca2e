"""Two replicas on PostgreSQL and a shared lake, by the real clock; the one that leads is killed (SIGKILL)."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path

import aiohttp
import pytest

from bot import reference
from bot.model.message import Destination, Platform
from bot.model.schedule import Schedule, ScheduleKind
from bot.state.deliveries import Deliveries, DeliveryStep
from bot.state.engine import StateDb
from bot.state.subscriptions import NewSubscription, Subscriptions
from tests.e2e.bot_process import Log, free_port, running, until_ready
from tests.slack import signed
from tests.slack.fake import FakeSlack

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
OWNER, PLACE = "U0000AAAA", "C0000AAAA"


@dataclass
class Replica:
    """One process, and what it says of itself."""

    process: asyncio.subprocess.Process
    log: Log
    url: str
    http: aiohttp.ClientSession

    async def meter(self, name: str) -> float:
        async with self.http.get(f"{self.url}/metrics") as answer:
            found = re.search(rf"^{re.escape(name)} (\S+)$", await answer.text(), re.MULTILINE)
        return float(found[1]) if found else 0.0

    async def leads(self) -> bool:
        return bool(await self.meter("codex_pulse_leads"))

    async def synced(self) -> bool:
        return bool(await self.meter('codex_pulse_syncs_total{outcome="done"}'))


@dataclass
class Company:
    """A Slack, a state database, and two replicas that share everything."""

    slack: FakeSlack
    db: StateDb
    replicas: list[Replica] = field(default_factory=list)
    asked: int = 0

    async def send(self, replica: Replica, text: str, trigger_id: str = "") -> None:
        self.asked += 1
        url = self.slack.workspace.issue_response_url()
        trigger = trigger_id or f"t{self.asked}"
        request = signed.command(time.time(), text, trigger_id=trigger, response_url=url)
        target = f"{replica.url}/slack/events"
        async with replica.http.post(target, data=request.body, headers=request.headers) as got:
            assert got.status == 200

    async def ask(self, replica: Replica, text: str) -> dict[str, object]:
        """The message that answers in the channel."""
        before = len(self.posted())
        await self.send(replica, text)
        await until(lambda: len(self.posted()) > before)
        return self.posted()[-1]

    def posted(self) -> list[dict[str, object]]:
        return self.slack.args_of("chat.postMessage")

    async def subscribe(self, command: str) -> None:
        """A run that is due now."""
        now = datetime.now(UTC)
        schedule = Schedule(ScheduleKind.DAILY, time_of_day(now.hour, now.minute), "UTC")
        wanted = NewSubscription(Destination(Platform.SLACK, PLACE), OWNER, command, schedule)
        await Subscriptions(self.db).add(wanted, now - timedelta(seconds=1), now)

    async def steps(self) -> list[DeliveryStep]:
        return [one.step for one in await Deliveries(self.db).last(10)]


async def until(true: object, seconds: float = 90.0) -> None:
    """Wait for other processes."""
    async with asyncio.timeout(seconds):
        while True:
            found = true()  # type: ignore[operator]
            if await found if asyncio.iscoroutine(found) else found:
                return
            await asyncio.sleep(0.1)


@asynccontextmanager
async def company(folder: Path, state_url: str) -> AsyncIterator[Company]:
    async with (
        FakeSlack() as slack,
        reference.serve(reference.Options(users=12)) as api,
        aiohttp.ClientSession() as http,
        StateDb(state_url) as db,
        AsyncExitStack() as closing,
    ):
        found = Company(slack, db)
        slack.workspace.seconds = time.time
        for _ in range(2):
            port = free_port()
            more = {
                "PULSE_NOW": "",  # leases run out by the real clock
                "PULSE_STATE_URL": state_url,
                "PULSE_SLACK_SIGNING_SECRET": signed.SECRET,
                "PULSE_HTTP_PORT": str(port),
                "PULSE_SECRET_KEY": "the same for both, 32 bytes or more",
            }
            process = await closing.enter_async_context(running(folder, slack, api, **more))
            url = f"http://127.0.0.1:{port}"
            found.replicas.append(Replica(process, await until_ready(process), url, http))
        yield found


def receipt_of(message: dict[str, object]) -> str:
    found = re.search(r"R-[0-9A-Z]{8}", str(message["blocks"]))
    assert found, message
    return found[0]


async def test_either_answers_one_leads_and_the_other_takes_over_within_a_minute(
    tmp_path: Path, postgres_url: str
) -> None:
    async with company(tmp_path, postgres_url) as ours:
        leader, other = ours.replicas
        assert (await leader.leads(), await other.leads()) == (True, False)
        await until(leader.synced)

        # everything works from either, over the same state and the same lake
        first, second = await ours.ask(leader, "usage 7d"), await ours.ask(other, "usage 7d")
        assert first["text"] == second["text"]
        assert str(first["text"]).startswith("Codex used ")
        assert not await other.synced()
        await ours.send(other, f"explain {receipt_of(first)}")
        await until(lambda: "out the same again, to the millionth" in said(ours))

        # Slack delivers once more, to the other one: it is answered once
        before = len(ours.posted())
        for replica in (leader, other):
            await ours.send(replica, "usage 14d", trigger_id="the same")
        await until(lambda: "slack_duplicate_dropped" in leader.log.text() + other.log.text())
        await until(lambda: len(ours.posted()) == before + 1)

        await ours.subscribe("usage 30d")
        await until(lambda: is_done(ours, 1))

        leader.process.kill()
        killed_at = time.monotonic()
        await ours.subscribe("usage 4w")
        await until(other.leads)
        assert time.monotonic() - killed_at < 60
        await until(other.synced)
        await until(lambda: is_done(ours, 2))
        assert await other.meter("codex_pulse_leads") == 1
        texts = [str(message["text"]) for message in ours.posted()]
        assert len(texts) == 5, texts
        assert sum("answered" in line and "usage" in line for line in other.log.lines) >= 2


async def is_done(ours: Company, count: int) -> bool:
    steps = await ours.steps()
    return steps == [DeliveryStep.DONE] * count


def said(ours: Company) -> str:
    sent = [body for url in ours.slack.workspace.response_urls.values() for body in url.sent]
    return str(sent) + str(ours.posted())
