"""`run` with Teams alone: a process, Teams' service, its key server and its sign-in on loopback."""

from __future__ import annotations

import asyncio
import signal
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot import reference
from tests.e2e.bot_process import NOW, free_port, launched, until_ready
from tests.teams import cardcheck as card
from tests.teams import fake
from tests.teams.fake import FakeTeams, Sent

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
IN_AN_HOUR = NOW + timedelta(hours=1, minutes=1)


def settings(teams: FakeTeams, port: int, folder: Path) -> dict[str, str]:
    return {
        "PULSE_TEAMS_APP_ID": fake.APP_ID,
        "PULSE_TEAMS_APP_PASSWORD": "hush",
        "PULSE_TEAMS_TENANT_ID": fake.TENANT_ID,
        "PULSE_TEAMS_OPENID_METADATA_URL": f"{teams.url}/metadata",
        "PULSE_TEAMS_LOGIN_URL": teams.url,
        "PULSE_LINKS_DIR": str(folder / "links"),
        "PULSE_HTTP_PORT": str(port),
        "NO_PROXY": "127.0.0.1",
    }


async def told(port: int, body: dict[str, Any], token: str) -> int:
    url, headers = f"http://127.0.0.1:{port}/api/messages", {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession() as http, http.post(url, json=body, headers=headers) as answer:
        return answer.status


async def until_sent(teams: FakeTeams, method: str, words: str) -> Sent:
    """The first call of the bot whose body holds `words`."""
    async with asyncio.timeout(120):
        while True:
            for call in teams.calls:
                if call.method == method and words in repr(call.body):
                    return call
            await asyncio.sleep(0.1)


async def stopped(process: asyncio.subprocess.Process) -> None:
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 20) == 0


async def test_a_signed_message_is_answered_with_a_card_and_what_was_set_up_is_posted_after_a_restart(
    tmp_path: Path,
) -> None:
    port = free_port()
    async with FakeTeams() as teams, reference.serve(reference.Options(users=40, now=NOW)) as api:
        more, token = settings(teams, port, tmp_path), fake.token(teams.url)
        async with launched(tmp_path, api, **more) as process:
            await until_ready(process)
            assert teams.keys_asked == 1
            asked = fake.activity(teams.url, text="usage 7d")
            assert await told(port, asked, fake.token(teams.url, key=fake.OTHER_KEY)) == 401
            assert await told(port, asked, token) == 200
            answer = await until_sent(teams, "POST", "Codex used ")
            wanted = fake.mention(teams.url, 'subscribe "usage 7d" daily 16:00', id="1700000000002")
            assert await told(port, wanted, token) == 200
            await until_sent(teams, "POST", "is posted here")
            await stopped(process)
        before = len(teams.calls)
        async with launched(tmp_path, api, **more, PULSE_NOW=IN_AN_HOUR.isoformat()) as process:
            await until_ready(process)
            edit = await until_sent(teams, "PUT", "Codex used ")
            await stopped(process)
    assert answer.path == f"conversations/{fake.CHAT}/activities"
    assert answer.authorization == "Bearer a-bot-token"
    shown = card.content(card.check(answer.body))
    assert card.elements(shown, "Image")
    assert card.elements(shown, "FactSet")
    post = teams.calls[before]
    assert (post.method, post.path) == ("POST", f"conversations/{fake.CHANNEL}/activities")
    assert card.elements(card.content(card.check(edit.body)), "Image")
    assert teams.uploads == []
