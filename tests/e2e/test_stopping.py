from __future__ import annotations

import asyncio
import signal
import time
from pathlib import Path

import aiohttp
import pytest

from bot import reference
from tests.e2e.bot_process import NOW, free_port, running, until_ready
from tests.slack import signed
from tests.slack.fake import FakeSlack

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
ASKED = 12


async def test_what_was_accepted_is_answered_after_sigterm_and_it_ends_within_twenty_seconds(
    tmp_path: Path,
) -> None:
    port = free_port()
    more = {"PULSE_SLACK_SIGNING_SECRET": signed.SECRET, "PULSE_HTTP_PORT": str(port)}
    url = f"http://127.0.0.1:{port}"
    async with (
        FakeSlack() as slack,
        reference.serve(reference.Options(users=40, now=NOW)) as api,
        running(tmp_path, slack, api, **more) as process,
        aiohttp.ClientSession() as http,
    ):
        for number in range(ASKED):
            slack.workspace.people[f"U{number}"] = {"profile": {"email": f"p{number}@example.com"}}
        await until_ready(process)
        assert (await http.get(f"{url}/readyz")).status == 200
        for number in range(ASKED):
            request = signed.command(
                NOW.timestamp(), "usage 7d", user_id=f"U{number}", trigger_id=f"t{number}",
                response_url=slack.workspace.issue_response_url(),
            )  # fmt: skip
            async with http.post(f"{url}/slack/events", data=request.body, headers=request.headers) as got:
                assert got.status == 200
        asked_at = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 21) == 0
        assert time.monotonic() - asked_at < 20
        with pytest.raises(aiohttp.ClientConnectionError):
            await http.get(f"{url}/healthz")
    posted = slack.args_of("chat.postMessage")
    assert len(posted) == ASKED
    assert all(str(message["text"]).startswith("Codex used ") for message in posted)
