"""A demo workspace behind a real server on a free loopback port, and the whole way from it to an answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.analytics.api import AnalyticsApi, RetryPolicy, build_http
from bot.analytics.client import AnalyticsClient
from bot.engine import Engine
from bot.lake import Lake
from bot.reference import Options, Running, serve
from bot.sync import Sync


@dataclass
class World:
    """Everything between the API and a handler, with a clock that tests turn."""

    server: Running
    lake: Lake
    engine: Engine
    sync: Sync
    client: AnalyticsClient
    now: datetime = field(default_factory=lambda: NOW)

    def turn(self, now: datetime) -> None:
        self.now = now
        self.server.set_now(now)

    def offline(self) -> AnalyticsClient:
        """A client of the same lake that pulls nothing."""
        return AnalyticsClient(self.lake, self.engine, None, clock=lambda: self.now)


NOW = datetime(2026, 10, 21, 15, tzinfo=UTC)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    def clock() -> datetime:
        return found.now

    async with serve(Options(now=NOW, users=20)) as server, build_http() as http:
        api = _api(http, server, clock)
        lake, engine = Lake(tmp_path / "lake"), Engine(tmp_path / "lake")
        sync = Sync(api, lake, clock=clock)
        found = World(server, lake, engine, sync, AnalyticsClient(lake, engine, sync, clock=clock))
        yield found
        await engine.close()


def _api(http: object, server: Running, clock: Callable[[], datetime]) -> AnalyticsApi:
    return AnalyticsApi(
        http,  # type: ignore[arg-type]
        base_url=server.base_url,
        workspace_id=server.workspace_id,
        key=SecretStr(server.analytics_key),
        policy=RetryPolicy(attempts=1),
        clock=clock,
    )
