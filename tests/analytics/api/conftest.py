from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from bot.analytics.api import AnalyticsApi
from bot.model.timerange import TimeRange

NOW = datetime(2026, 10, 21, 15, tzinfo=UTC)


@pytest.fixture
def window() -> TimeRange:
    return TimeRange(date(2026, 9, 14), date(2026, 9, 21))


@pytest.fixture
def waits() -> list[float]:
    """Seconds slept, in order."""
    return []


@pytest.fixture
def sleep(waits: list[float]) -> Callable[[float], Awaitable[None]]:
    async def note(seconds: float) -> None:
        waits.append(seconds)

    return note


@pytest.fixture
def make_api(sleep: Callable[[float], Awaitable[None]]) -> Callable[..., AnalyticsApi]:
    """An AnalyticsApi over a function from request to response, with a frozen clock and no real sleep."""

    def make(handler: Callable[[httpx.Request], Any] | httpx.AsyncClient, **changed: Any) -> AnalyticsApi:
        http = (
            handler
            if isinstance(handler, httpx.AsyncClient)
            else httpx.AsyncClient(transport=httpx.MockTransport(handler))
        )
        settings: dict[str, Any] = {
            "base_url": "https://api.example/v1",
            "workspace_id": "6a1f0c52-8d7b-4c1e-9a35-0b6f3d2e7c11",
            "key": SecretStr("sk-admin-opaque"),
            "clock": lambda: NOW,
            "sleep": sleep,
        }
        return AnalyticsApi(http, **(settings | changed))

    return make
