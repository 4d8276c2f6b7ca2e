from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from bot.compliance.api import ComplianceApi, LogFile
from bot.http.retry import RetryPolicy

NOW = datetime(2026, 9, 20, 12, tzinfo=UTC)
BASE = "https://api.test/v1"
KEY = "sk-admin-TEST"
Handler = Callable[[httpx.Request], httpx.Response]


class World:
    """A mock transport with a virtual clock; remembers what was sent."""

    def __init__(self, handler: Handler) -> None:
        self.seen: list[httpx.Request] = []
        self.slept: list[float] = []
        self.seconds = 0.0
        self._handler = handler
        self.http = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        return self._handler(request)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    def api(self, base_url: str = BASE, **more: Any) -> ComplianceApi:
        return ComplianceApi(
            self.http,
            base_url=base_url,
            workspace_id="ws-1",
            key=SecretStr(KEY),
            clock=lambda: NOW,
            policy=more.pop("policy", RetryPolicy(attempts=3)),
            sleep=self.sleep,
            ticks=lambda: self.seconds,
            resolve=more.pop("resolve", public),
            **more,
        )


async def public(host: str) -> tuple[str, ...]:
    del host
    return ("93.184.215.14",)


@pytest.fixture
async def world() -> AsyncIterator[Callable[[Handler], World]]:
    built: list[World] = []

    def build(handler: Handler) -> World:
        built.append(World(handler))
        return built[-1]

    yield build
    for each in built:
        await each.http.aclose()


@pytest.fixture
def log_file() -> Callable[..., LogFile]:
    def build(body: bytes = b"{}\n", **more: Any) -> LogFile:
        told = {
            "id": "eclf_1",
            "event_type": "CODEX_LOG",
            "end_time": "2026-09-14T08:10:04.512377Z",
            "file_name": "CODEX_LOG.jsonl",
            "file_size": len(body),
            "file_sha256": hashlib.sha256(body).hexdigest(),
        }
        return LogFile(**told | more)

    return build
