from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from bot import reference
from tests.slack import signed
from tests.slack.fake import FakeSlack
from tests.slack.workspace import APP_TOKEN, BOT_TOKEN

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
NOW = datetime(2026, 10, 21, 15, tzinfo=UTC)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@asynccontextmanager
async def running(
    folder: Path, slack: FakeSlack, api: reference.Running, **more: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    environment = {
        **os.environ,
        "PULSE_NOW": NOW.isoformat(),
        "PULSE_API_BASE_URL": api.base_url,
        "PULSE_WORKSPACE_ID": api.workspace_id,
        "PULSE_ANALYTICS_API_KEY": api.analytics_key,
        "PULSE_SLACK_BOT_TOKEN": BOT_TOKEN,
        "PULSE_SLACK_API_BASE_URL": slack.api_base_url,
        "PULSE_LAKE_URL": str(folder / "lake"),
        "PULSE_STATE_URL": f"sqlite+aiosqlite:///{folder / 'state.db'}",
        **more,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", env=environment, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def until_ready(process: asyncio.subprocess.Process) -> None:
    assert process.stderr is not None
    async for line in process.stderr:
        if b'"ready"' in line:
            asyncio.get_running_loop().create_task(_drain(process.stderr))  # ends with the pipe
            return
    pytest.fail("the bot ended before it was ready")


async def _drain(pipe: asyncio.StreamReader) -> None:
    async for _line in pipe:
        pass


async def until_called(slack: FakeSlack, method: str) -> dict[str, object]:
    async with asyncio.timeout(120):
        while not slack.args_of(method):  # noqa: ASYNC110  # the caller is another process
            await asyncio.sleep(0.1)
    return slack.args_of(method)[0]


async def test_a_signed_slash_command_is_answered_in_its_channel_over_http(tmp_path: Path) -> None:
    port = free_port()
    more = {"PULSE_SLACK_SIGNING_SECRET": signed.SECRET, "PULSE_HTTP_PORT": str(port)}
    async with (
        FakeSlack() as slack,
        reference.serve(reference.Options(users=40, now=NOW)) as api,
        running(tmp_path, slack, api, **more) as process,
        aiohttp.ClientSession() as http,
    ):
        await until_ready(process)
        request = signed.command(
            NOW.timestamp(), "usage 7d", response_url=slack.workspace.issue_response_url()
        )
        url = f"http://127.0.0.1:{port}/slack/events"
        async with http.post(url, data=request.body, headers=request.headers) as acknowledged:
            assert acknowledged.status == 200
        async with http.post(url, data=request.body, headers=request.forged().headers) as refused:
            assert refused.status == 401
        posted = await until_called(slack, "chat.postMessage")
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 20) == 0
    assert str(posted["text"]).startswith("Codex used ")
    assert any(block["type"] == "image" for block in posted["blocks"])  # type: ignore[attr-defined]


async def test_a_slash_command_is_answered_over_socket_mode(tmp_path: Path) -> None:
    async with FakeSlack() as slack, reference.serve(reference.Options(users=40, now=NOW)) as api:
        more = {"PULSE_SLACK_APP_TOKEN": APP_TOKEN, "PULSE_HTTP_PORT": "0"}
        async with running(tmp_path, slack, api, **more) as process:
            await until_ready(process)
            await asyncio.wait_for(slack.connected.wait(), 30)
            payload = signed.command_payload("usage 7d", response_url=slack.workspace.issue_response_url())
            await slack.push("slash_commands", payload)
            posted = await until_called(slack, "chat.postMessage")
            process.terminate()
            assert await asyncio.wait_for(process.wait(), 20) == 0
    assert str(posted["text"]).startswith("Codex used ")
