"""An API of raw pages: a mock transport under the real client, so that every byte takes the real way."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from bot.analytics.api import AnalyticsApi, RetryPolicy
from bot.lake import Lake
from bot.sync import Rules, Sync

NOW = datetime(2026, 10, 21, 15, tzinfo=UTC)
Raw = dict[str, Any]
Window = tuple[int, int]


class Source:
    """What the API would answer. `rows` by endpoint; `broken` may turn a request into another response."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Raw]] = {}
        self.asked: list[tuple[str, Window]] = []
        self.broken: Callable[[str, Window], httpx.Response | None] = lambda _name, _window: None
        self.page_rows = 1000

    def answer(self, request: httpx.Request) -> httpx.Response:
        query = request.url.params
        name = request.url.path.rsplit("/", 1)[1]
        name = "workspace_usage" if query.get("group") == "workspace" else name
        window = int(query["start_time"]), int(query["end_time"])
        self.asked.append((name, window))
        return self.broken(name, window) or self._page(name, window, int(query.get("page", 0)))

    def _page(self, name: str, window: Window, first: int) -> httpx.Response:
        rows = [
            row
            for row in self.rows.get(name, [])
            if row.get("always") or window[0] <= row["start_time"] < window[1]
        ]
        more = first + self.page_rows < len(rows)
        data = rows[first : first + self.page_rows]
        body = {
            "object": "page",
            "data": data,
            "has_more": more,
            "next_page": str(first + self.page_rows) if more else None,
        }
        return httpx.Response(200, content=json.dumps(body), headers={"Content-Type": "application/json"})


class Clock:
    """A clock that tests turn."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


@pytest.fixture
async def api(source: Source, clock: Clock) -> AsyncIterator[AnalyticsApi]:
    async with httpx.AsyncClient(transport=httpx.MockTransport(source.answer)) as http:
        yield AnalyticsApi(
            http,
            base_url="https://api.example/v1",
            workspace_id="6a1f0c52-8d7b-4c1e-9a35-0b6f3d2e7c11",
            key=SecretStr("sk-test"),
            policy=RetryPolicy(attempts=1),
            clock=clock,
        )


@pytest.fixture
def sync(api: AnalyticsApi, lake: Lake, clock: Clock) -> Sync:
    return Sync(api, lake, clock=clock, rules=Rules(), lock_wait_seconds=0.05)


def second(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def usage_row(day: date, user: str | None, turns: int = 1, **more: Any) -> Raw:
    return {
        "start_time": second(day),
        "end_time": second(day) + 86_400,
        "user_id": user,
        "actor": {"user_id": user, "email": f"{user}@x.example"} if user else None,
        "totals": {"threads": 1, "turns": turns, "credits": 0.5},
        "clients": [{"client_id": "CODEX_CLI", "threads": 1, "turns": turns, "credits": 0.5}],
        "models": None,
        **more,
    }


@pytest.fixture
def make_row() -> Callable[..., Raw]:
    return usage_row
