"""The first minutes of an installation: answers come while the history is still being pulled."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

import httpx
from pydantic import SecretStr

from bot.analytics.api import AnalyticsApi
from bot.lake import Dataset, Lake
from bot.model.chat import Reply
from bot.sync import Rules, Sync
from tests.handlers.answering import NOW, a_bot
from tests.handlers.small import facts_of

DAY_SECONDS = 86_400


class SlowApi:
    """Answers a number of windows of usage at once and keeps the others waiting until `go`."""

    def __init__(self, at_once: int) -> None:
        self.left = at_once
        self.go = asyncio.Event()
        self.held_back = asyncio.Event()

    async def answer(self, request: httpx.Request) -> httpx.Response:
        query = request.url.params
        if request.url.path.endswith("/usage") and "group" not in query:
            self.left -= 1
            if self.left < 0:
                self.held_back.set()
                await self.go.wait()
        start, end = int(query["start_time"]), int(query["end_time"])
        person = request.url.path.endswith("/usage") and "group" not in query
        rows = [row(second) for second in range(start, end, DAY_SECONDS)] if person else []
        body = {"object": "page", "data": rows, "has_more": False, "next_page": None}
        return httpx.Response(200, content=json.dumps(body), headers={"Content-Type": "application/json"})


def row(second: int) -> dict[str, object]:
    figures = {"threads": 1, "turns": 2, "credits": 0.5}
    return {
        "start_time": second,
        "end_time": second + DAY_SECONDS,
        "user_id": "user-ana",
        "totals": figures,
        "clients": [{"client_id": "CODEX_CLI", **figures}],
        "models": [],
    }


async def test_the_newest_week_is_answered_while_the_history_comes(tmp_path: Path) -> None:
    api, lake = SlowApi(at_once=11), Lake(tmp_path / "lake")
    async with httpx.AsyncClient(transport=httpx.MockTransport(api.answer)) as http:
        source = AnalyticsApi(
            http,
            base_url="https://api.example/v1",
            workspace_id="6a1f0c52-8d7b-4c1e-9a35-0b6f3d2e7c11",
            key=SecretStr("sk-test"),
            clock=lambda: NOW,
        )
        sync = Sync(source, lake, clock=lambda: NOW, rules=Rules(), parallel=4)
        async with a_bot(tmp_path, lake, sync=sync) as bot:
            history = asyncio.create_task(sync.run())
            await api.held_back.wait()
            early, known = await bot.ask("usage 7d"), await bot.ask("status")
            api.go.set()
            assert not (await history).missing
            late = await bot.ask("usage 7d")
    assert isinstance(early, Reply)
    assert isinstance(known, Reply)
    assert isinstance(late, Reply)
    told = re.search(r"First sync: ([0-9]+) of 90 days\.", early.text)
    assert told
    assert 7 <= int(told[1]) < 90
    assert facts_of(early)["turns"].number == 14
    assert not early.footer.missing_days
    assert re.search(r"First sync: [0-9]+ of 90 days\.", known.text)
    assert "First sync" not in late.text
    assert len(lake.days(Dataset.USAGE)) == 90
