"""The bot as its users run it: a process, with a Slack and an API on loopback."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import reference
from tests.slack.fake import FakeSlack
from tests.slack.workspace import BOT_TOKEN

NOW = datetime(2026, 10, 21, 15, tzinfo=UTC)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def environment(folder: Path, slack: FakeSlack, api: reference.Running, **more: str) -> dict[str, str]:
    """What a process of the bot needs to know."""
    tokens = {"PULSE_SLACK_BOT_TOKEN": BOT_TOKEN, "PULSE_SLACK_API_BASE_URL": slack.api_base_url}
    return silent_environment(folder, api, **tokens, **more)


def silent_environment(folder: Path, api: reference.Running, **more: str) -> dict[str, str]:
    """The same without a platform."""
    return {
        **os.environ,
        "PULSE_NOW": NOW.isoformat(),
        "PULSE_API_BASE_URL": api.base_url,
        "PULSE_WORKSPACE_ID": api.workspace_id,
        "PULSE_ANALYTICS_API_KEY": api.analytics_key,
        "PULSE_LAKE_URL": str(folder / "lake"),
        "PULSE_STATE_URL": f"sqlite+aiosqlite:///{folder / 'state.db'}",
        **more,
    }


@asynccontextmanager
async def running(
    folder: Path, slack: FakeSlack, api: reference.Running, **more: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    async with _started(environment(folder, slack, api, **more)) as process:
        yield process


@asynccontextmanager
async def launched(
    folder: Path, api: reference.Running, **more: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """`run` with its lake and state in `folder`, and `more` of the settings."""
    async with _started(silent_environment(folder, api, **more)) as process:
        yield process


@asynccontextmanager
async def _started(known: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", env=known, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@dataclass
class Log:
    """What a process writes to stderr, read as it comes."""

    lines: list[str] = field(default_factory=list)
    reading: asyncio.Task[None] | None = None

    def text(self) -> str:
        """All of it so far."""
        return "".join(self.lines)


async def until_ready(process: asyncio.subprocess.Process) -> Log:
    """Returns the log, which goes on growing."""
    assert process.stderr is not None
    log = Log()
    async for line in process.stderr:
        log.lines.append(line.decode())
        if b'"ready"' in line:
            log.reading = asyncio.create_task(_read(process.stderr, log))  # ends with the pipe
            return log
    pytest.fail(f"the bot ended before it was ready: {log.text()}")


async def _read(pipe: asyncio.StreamReader, log: Log) -> None:
    async for line in pipe:
        log.lines.append(line.decode())


async def until_called(slack: FakeSlack, method: str) -> dict[str, object]:
    async with asyncio.timeout(120):
        while not slack.args_of(method):  # noqa: ASYNC110  # the caller is another process
            await asyncio.sleep(0.1)
    return slack.args_of(method)[0]
