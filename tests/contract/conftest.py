from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from bot.analytics.api import AnalyticsApi, Page
from bot.model.timerange import TimeRange

DATA = Path(__file__).parent / "data"
NOW = datetime(2026, 10, 21, 15, tzinfo=UTC)


class Wire:
    """Answers what it is given, once, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[httpx.Request] = []
        self.body = b""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return httpx.Response(200, content=self.body, headers={"content-type": "application/json"})

    def api(self, **changed: Any) -> AnalyticsApi:
        settings: dict[str, Any] = {
            "base_url": "https://api.chatgpt.com/v1",
            "workspace_id": "6a1f0c52-8d7b-4c1e-9a35-0b6f3d2e7c11",
            "key": SecretStr("sk-admin-0042"),
            "clock": lambda: NOW,
        }
        return AnalyticsApi(httpx.AsyncClient(transport=httpx.MockTransport(self)), **(settings | changed))


@pytest.fixture
def window() -> TimeRange:
    return TimeRange(date(2026, 9, 14), date(2026, 9, 28))


@pytest.fixture
def example() -> Callable[[str], bytes]:
    """The bytes of a page typed in by hand from the contract."""
    return lambda name: (DATA / f"{name}.json").read_bytes()


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def first_page(wire: Wire, window: TimeRange) -> Callable[..., Any]:
    """Read bytes as the first page of an endpoint, through the whole client."""

    async def read(body: bytes, endpoint: str = "usage") -> Page[Any]:
        wire.body = body
        pages: AsyncIterator[Page[Any]] = getattr(wire.api(), endpoint)(window)
        return await anext(pages)

    return read
