from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from bot.reference import Options, Running, serve

NOW = datetime(2026, 10, 21, 15, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Caller:
    """A small client of the reference server: what it answered, as status and parsed JSON."""

    running: Running
    session: aiohttp.ClientSession

    async def raw(self, url: str, key: str | None, **params: Any) -> tuple[int, bytes, dict[str, str]]:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        async with self.session.get(url, params=params, headers=headers, allow_redirects=False) as answer:
            return answer.status, await answer.read(), dict(answer.headers)

    def analytics_url(self, name: str) -> str:
        return f"{self.running.base_url}/analytics/codex/workspaces/{self.running.workspace_id}/{name}"

    def compliance_url(self, name: str) -> str:
        return f"{self.running.base_url}/compliance/workspaces/{self.running.workspace_id}/{name}"

    async def analytics(self, name: str = "usage", **params: Any) -> Any:
        status, body, _ = await self.raw(self.analytics_url(name), self.running.analytics_key, **params)
        assert status == 200, body
        return _json(body)

    async def refused(self, name: str = "usage", **params: Any) -> tuple[int, Any]:
        status, body, _ = await self.raw(self.analytics_url(name), self.running.analytics_key, **params)
        return status, _json(body)

    async def rows(self, name: str = "usage", **params: Any) -> list[dict[str, Any]]:
        """All rows of all pages."""
        page = await self.analytics(name, **params)
        rows = list(page["data"])
        while page["has_more"]:
            page = await self.analytics(name, **params, page=page["next_page"])
            rows += page["data"]
        return rows

    async def compliance(self, name: str, **params: Any) -> Any:
        status, body, _ = await self.raw(self.compliance_url(name), self.running.compliance_key, **params)
        assert status == 200, body
        return _json(body)


def _json(body: bytes) -> Any:
    return json.loads(body)


@asynccontextmanager
async def calling(options: Options) -> AsyncIterator[Caller]:
    async with serve(options) as running, aiohttp.ClientSession() as session:
        yield Caller(running, session)


Serve = Callable[[Options], AbstractAsyncContextManager[Caller]]


@pytest.fixture
def served() -> Serve:
    """Serve given options: ``async with served(Options(...)) as caller``."""
    return calling


@pytest.fixture
async def caller() -> AsyncIterator[Caller]:
    async with calling(Options(now=NOW)) as caller:
        yield caller
