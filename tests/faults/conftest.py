"""A bot over an API on loopback that can be made to fail in any way a network can."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from bot.analytics.api import AnalyticsApi, RetryPolicy, build_http
from bot.lake import Dataset, Lake
from bot.model.chat import Refusal, Reply
from bot.sync import Sync
from tests.handlers.answering import NOW, Bot, a_bot
from tests.sync.conftest import Source, usage_row

FIRST, DAYS, PEOPLE = date(2026, 10, 7), 14, 5
QUESTION = "usage 7d"
Misbehave = Callable[[asyncio.StreamWriter, bytes], Awaitable[None]]


@dataclass
class Api:
    """Answers like the real one; the next `left` requests are answered by `fault` instead."""

    source: Source
    fault: Misbehave | None = None
    left: int = 0
    served: int = 0
    server: asyncio.Server | None = None
    talking: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def base_url(self) -> str:
        assert self.server is not None
        return f"http://127.0.0.1:{self.server.sockets[0].getsockname()[1]}/v1"

    def break_with(self, fault: Misbehave, times: int = 1_000_000) -> None:
        self.fault, self.left = fault, times

    def mend(self) -> None:
        self.left = 0

    async def close(self) -> None:
        for task in self.talking:
            task.cancel()
        await asyncio.gather(*self.talking, return_exceptions=True)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.talking.add(task)
        try:
            if (head := await reader.readexactly(1)) == b"\x16":  # a TLS greeting
                writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                return
            head += await reader.readuntil(b"\r\n\r\n")
            self.served += 1
            url = head.split(b" ", 2)[1].decode()
            response = self.source.answer(httpx.Request("GET", "http://127.0.0.1" + url))
            good = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
            whole = good + b"Content-Length: %d\r\n\r\n" % len(response.content) + response.content
            if self.fault is not None and self.left > 0:
                self.left -= 1
                await self.fault(writer, whole)
            else:
                writer.write(whole)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
            self.talking.discard(task)


@dataclass
class World:
    """Everything from the API to the answer, and a clock."""

    api: Api
    bot: Bot
    sync: Sync
    lake: Lake
    waits: list[float] = field(default_factory=list)

    async def ask(self, text: str = QUESTION) -> Reply | Refusal:
        return await self.bot.ask(text)

    def later(self, **by: float) -> None:
        self.bot.now += timedelta(**by)

    def days(self) -> int:
        return len(self.lake.days(Dataset.USAGE))


def raw_rows() -> dict[str, list[dict[str, Any]]]:
    days = [FIRST + timedelta(days=n) for n in range(DAYS)]
    rows = [usage_row(day, f"user-{n}", turns=n + 1) for day in days for n in range(PEOPLE)]
    return {"usage": rows}


@asynccontextmanager
async def a_world(root: Path, base_url: str = "") -> AsyncIterator[World]:
    source = Source()
    source.rows = raw_rows()
    source.page_rows = 10
    api = Api(source)
    waits: list[float] = []

    async def no_wait(seconds: float) -> None:
        waits.append(seconds)

    api.server = await asyncio.start_server(api.talk, "127.0.0.1", 0)
    async with api.server, build_http(connect_seconds=2, read_seconds=0.3) as http:
        lake = Lake(root / "lake")
        client = AnalyticsApi(
            http,
            base_url=base_url or api.base_url,
            workspace_id="6a1f0c52-8d7b-4c1e-9a35-0b6f3d2e7c11",
            key=SecretStr("sk-test"),
            policy=RetryPolicy(attempts=3, total_seconds=4.0),
            sleep=no_wait,
            clock=lambda: world.bot.now,
        )
        sync = Sync(client, lake, clock=lambda: world.bot.now, lock_wait_seconds=0.2)
        async with a_bot(root, lake, sync=sync) as bot:
            world = World(api, bot, sync, lake, waits)
            yield world
        await api.close()


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with a_world(tmp_path) as found:
        assert found.bot.now == NOW == datetime(2026, 10, 21, 15, tzinfo=UTC)
        yield found


def closed_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
