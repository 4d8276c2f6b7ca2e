"""200 people ask for minutes: the real bot as a process, signed commands over HTTP, a Slack on loopback.

Printed, not judged, but for lost or doubled answers: exit code 1 then. LOAD_SECONDS (60), LOAD_PEOPLE (200),
LOAD_LAKE_PEOPLE (10000) and LOAD_THINK_SECONDS (30, between two questions of a person) change it.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from time import perf_counter

import aiohttp

sys.path.insert(0, str(Path(__file__).parents[1]))

from lakes import build

from bot import reference
from tests.e2e.bot_process import free_port, running, until_ready
from tests.slack import signed
from tests.slack.fake import FakeSlack
from tests.slack.workspace import Json, Workspace

NOW = datetime(2026, 10, 21, 15, tzinfo=UTC)
LAST, DAYS = date(2026, 10, 20), 120
SECONDS = float(os.environ.get("LOAD_SECONDS", "60"))
PEOPLE = int(os.environ.get("LOAD_PEOPLE", "200"))
LAKE_PEOPLE = int(os.environ.get("LOAD_LAKE_PEOPLE", "10000"))
THINK_SECONDS = float(os.environ.get("LOAD_THINK_SECONDS", "30"))
PATIENCE_SECONDS = 300.0
COMMANDS = {
    "usage 30d": 30,
    "usage 30d by model": 15,
    "usage 7d by client": 10,
    "overview": 10,
    "adoption 30d": 5,
    "me": 5,
    "help": 8,
    "define credits": 7,
    "top 10": 5,
    "retention 12w": 3,
    "no such thing": 2,
}
QUICK, HEAVY = {"help", "define credits"}, {"retention 12w"}


class Watched(Workspace):
    """Says when a response_url is used: an answer ends with that, whichever way it went."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: dict[str, asyncio.Future[Json]] = {}
        self.doubled = self.late = 0

    def respond(self, key: str, body: Json) -> None:
        super().respond(key, body)
        waiting = self.waiting[key]
        if waiting.cancelled():
            self.late += 1
        elif waiting.done():
            self.doubled += 1
        else:
            waiting.set_result(body)

    def m_files_completeUploadExternal(self, args: Json) -> Json:  # noqa: N802  (Slack's spelling)
        answer = super().m_files_completeUploadExternal(args)
        for item in args["files"]:
            self.files[item["id"]].content = b""
        return answer


@dataclass
class Tally:
    """What was seen; seconds by command."""

    acks: list[float] = field(default_factory=list)
    answers: dict[str, list[float]] = field(default_factory=dict)
    said: Counter[str] = field(default_factory=Counter)
    memory_mb: list[float] = field(default_factory=list)


@dataclass
class Crowd:
    """Everybody who asks."""

    url: str
    slack: FakeSlack
    workspace: Watched
    http: aiohttp.ClientSession
    tally: Tally
    until: float
    asked: int = 0

    async def person(self, number: int) -> None:
        dice = random.Random(number)  # noqa: S311  repeatable, no secret
        await asyncio.sleep(dice.random() * THINK_SECONDS)
        while perf_counter() < self.until:
            (text,) = dice.choices(list(COMMANDS), list(COMMANDS.values()))
            await self.ask(f"U{number:04}", text)
            thought = dice.expovariate(1 / THINK_SECONDS)
            await asyncio.sleep(max(0.0, min(thought, self.until - perf_counter())))

    async def ask(self, user: str, text: str) -> None:
        self.asked += 1
        url = self.workspace.issue_response_url()
        waiting = self.workspace.waiting[url.rpartition("/")[2]] = asyncio.get_running_loop().create_future()
        more = {"user_id": user, "trigger_id": f"t{self.asked}", "response_url": url}
        request = signed.command(NOW.timestamp(), text, **more)
        started = perf_counter()
        async with self.http.post(
            f"{self.url}/slack/events", data=request.body, headers=request.headers
        ) as got:
            self.tally.said[f"ack {got.status}"] += 1
        self.tally.acks.append(perf_counter() - started)
        try:
            body = await asyncio.wait_for(waiting, PATIENCE_SECONDS)
        except TimeoutError:
            self.tally.said["LOST"] += 1
            return
        self.tally.answers.setdefault(text, []).append(perf_counter() - started)
        self.tally.said[_kind(body)] += 1


def _kind(body: Json) -> str:
    if body.get("delete_original"):
        return "posted"
    text = str(body.get("text"))
    known = ("Busy", "Something went wrong", "My own database", "I don't know")
    return next((f"told: {words}" for words in known if words in text), "told privately")


async def watch_memory(pid: int, tally: Tally) -> None:
    while True:
        tally.memory_mb.append(await asyncio.to_thread(resident_mb, pid))
        await asyncio.sleep(1)


def resident_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


def line(name: str, seconds: list[float]) -> str:
    if len(seconds) < 2:
        return f"{name:24} {len(seconds):6}"
    at = statistics.quantiles(seconds, n=100)
    return f"{name:24} {len(seconds):6} {at[49]:9.3f} {at[94]:9.3f} {at[98]:9.3f} {max(seconds):9.3f}"


def report(crowd: Crowd) -> int:
    tally = crowd.tally
    sys.stdout.write(f"{'seconds':24} {'count':>6} {'p50':>9} {'p95':>9} {'p99':>9} {'most':>9}\n")
    rows = {"acknowledged": tally.acks, "answered": list(chain.from_iterable(tally.answers.values()))}
    lanes = {"quick": QUICK, "heavy": HEAVY, "figures": COMMANDS.keys() - QUICK - HEAVY}
    for lane, texts in lanes.items():
        rows[f"  {lane}"] = [seconds for text in texts for seconds in tally.answers.get(text, [])]
    for name, seconds in rows.items():
        sys.stdout.write(line(name, seconds) + "\n")
    answered = sum(map(len, tally.answers.values()))
    lost = crowd.asked - answered
    sys.stdout.write(", ".join(f"{name}: {count}" for name, count in sorted(tally.said.items())) + "\n")
    memory = tally.memory_mb or [0.0]
    sys.stdout.write(f"memory MB: start {memory[0]:.0f}, most {max(memory):.0f}, end {memory[-1]:.0f}\n")
    sys.stdout.write(
        f"asked {crowd.asked}, answered {answered}, lost {lost}, doubled {crowd.workspace.doubled}\n"
    )
    return int(lost > 0 or crowd.workspace.doubled > 0)


def fill(folder: Path) -> None:
    started = perf_counter()
    build(folder / "lake", LAKE_PEOPLE, LAST, DAYS, NOW)
    sys.stdout.write(f"a lake of {LAKE_PEOPLE:,} people x {DAYS} days in {perf_counter() - started:.0f} s\n")


def known_people() -> Watched:
    """A workspace where everybody has the e-mail of a person in the lake."""
    workspace = Watched()
    for number in range(PEOPLE):
        email = f"user-{number:08}@northwind.example"
        workspace.people[f"U{number:04}"] = {"profile": {"email": email}}
    return workspace


def settings(port: int) -> dict[str, str]:
    return {
        "PULSE_SLACK_SIGNING_SECRET": signed.SECRET,
        "PULSE_HTTP_PORT": str(port),
        "PULSE_ADMINS": ",".join(f"U{number:04}" for number in range(PEOPLE)),
    }


async def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder)
        port = free_port()
        slack = FakeSlack()
        slack.workspace = workspace = known_people()
        async with (
            slack,
            reference.serve(reference.Options(users=5, now=NOW)) as api,
            running(folder, slack, api, **settings(port)) as process,
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http,
        ):
            await until_ready(process)
            tally = Tally()
            crowd = Crowd(f"http://127.0.0.1:{port}", slack, workspace, http, tally, perf_counter() + SECONDS)
            watching = asyncio.create_task(watch_memory(process.pid, tally))
            await asyncio.gather(*(crowd.person(number) for number in range(PEOPLE)))
            watching.cancel()
        return report(crowd)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
