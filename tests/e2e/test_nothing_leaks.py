"""Every secret and personal datum is planted; logs, metrics, answers and crashes are searched for it."""

from __future__ import annotations

import asyncio
import json
import signal
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from bot import reference
from tests.e2e.bot_process import NOW, Log, free_port, running, until_ready
from tests.slack import signed
from tests.slack.fake import FakeSlack
from tests.slack.workspace import BOT_TOKEN

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

TYPED = "salaries-of-the-board"
EMAIL = "planted.person@example.com"
CHAT_ID = "U0PLANTED"
SECRET_KEY = "planted-secret-key-0123456789abcdef"
COMPLIANCE_KEY = "sk-planted-compliance-key"
ADMIN = "planted.admin@example.com"
TEXTS = (
    "usage 7d",
    f"usage {TYPED}",
    f'define "{TYPED}"',
    f"user {EMAIL}",
    "top 5",
    "status",
    "digest preview",
)


@dataclass(frozen=True)
class Bot:
    url: str
    slack: FakeSlack
    http: aiohttp.ClientSession
    log: Log

    async def ask(self, text: str) -> None:
        """Ask and wait until it is answered, whichever way."""
        before = self.log.text().count('"slack_answered"')
        request = signed.command(
            NOW.timestamp(), text, user_id=CHAT_ID, trigger_id=f"t-{before}",
            response_url=self.slack.workspace.issue_response_url(),
        )  # fmt: skip
        async with self.http.post(
            f"{self.url}/slack/events", data=request.body, headers=request.headers
        ) as got:
            assert got.status == 200
        async with asyncio.timeout(60):
            while self.log.text().count('"slack_answered"') == before:  # noqa: ASYNC110  # another process
                await asyncio.sleep(0.05)

    async def metrics(self) -> str:
        async with self.http.get(f"{self.url}/metrics") as answer:
            return await answer.text()

    def sent(self) -> str:
        """Everything Slack was given."""
        return json.dumps([call.args for call in self.slack.calls])


async def test_no_secret_and_nobody_is_found_outside_the_answer_to_who_may_see_it(tmp_path: Path) -> None:
    port = free_port()
    options = reference.Options(users=40, now=NOW)
    more = {
        "PULSE_SLACK_SIGNING_SECRET": signed.SECRET,
        "PULSE_HTTP_PORT": str(port),
        "PULSE_SECRET_KEY": SECRET_KEY,
        "PULSE_COMPLIANCE_API_KEY": COMPLIANCE_KEY,
        "PULSE_ADMINS": ADMIN,
    }
    async with (
        FakeSlack() as slack,
        reference.serve(options) as api,
        running(tmp_path, slack, api, **more) as process,
        aiohttp.ClientSession() as http,
    ):
        slack.workspace.people[CHAT_ID] = {"profile": {"email": EMAIL}}
        log = await until_ready(process)
        bot = Bot(f"http://127.0.0.1:{port}", slack, http, log)
        for text in TEXTS:
            await bot.ask(text)
        # the database's error names the statement with everything in it
        with closing(sqlite3.connect(tmp_path / "state.db")) as state:
            state.execute("DROP TABLE receipts")
        await bot.ask("usage 14d")
        metrics, sent = await bot.metrics(), bot.sent()
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 20) == 0
        assert log.reading is not None
        await log.reading

    assert "sqlalchemy.exc.OperationalError" in log.text()
    assert "Tell an admin the reference E-" in sent
    secrets = (SECRET_KEY, COMPLIANCE_KEY, api.analytics_key, signed.SECRET, BOT_TOKEN)
    people = reference.demo_people(options.seed, options.users)
    persons = (
        EMAIL,
        ADMIN,
        CHAT_ID,
        *(p.email for p in people.values()),
        *(p.user_id for p in people.values()),
    )
    for secret in secrets:
        assert secret not in log.text() + metrics + sent
    for datum in (TYPED, *persons):
        assert datum not in log.text() + metrics
    shown_to_all = json.dumps(slack.args_of("chat.postMessage"))
    assert not [email for email in (EMAIL, *(p.email for p in people.values())) if email in shown_to_all]
    assert held_secrets(tmp_path, secrets) == []


def held_secrets(folder: Path, secrets: tuple[str, ...]) -> list[Path]:
    """Files of the lake and the state with a secret in them."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if any(secret.encode() in path.read_bytes() for secret in secrets)]
