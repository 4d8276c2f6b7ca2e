from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import aiohttp
import pytest

from bot import reference
from tests.e2e.bot_process import NOW, free_port, running, until_called, until_ready
from tests.slack import signed
from tests.slack.fake import FakeSlack
from tests.slack.workspace import APP_TOKEN

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


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
