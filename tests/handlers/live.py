"""The bot of the demo workspace with the source there to fetch from again, and notices that are kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace

from pydantic import SecretStr

from bot import reference
from bot.analytics.api import build_http
from bot.analytics.directory import Directory
from bot.compliance.api import ComplianceApi
from bot.compliance.client import ComplianceClient
from bot.model.chat import Level, Reply
from bot.model.redaction import Redactor
from bot.redaction import LibraryRedactor
from tests.handlers.answering import NOW, Bot, a_bot, person
from tests.handlers.demo import SEED, USERS, Demo
from tests.remembering import RememberingEngine

INVESTIGATOR = person(Level.INVESTIGATOR, "U0INVEST")
APPROVER = person(Level.APPROVER, "U0APPROVE")
OTHERS = tuple(person(level, f"U0{level.name}") for level in Level if level is not Level.INVESTIGATOR)


def library_redactor() -> Redactor:
    return LibraryRedactor()


@dataclass
class Told:
    """Keeps what would be posted."""

    posted: list[Reply] = field(default_factory=list)
    people: list[tuple[str, str]] = field(default_factory=list)
    accounts: dict[str, str] = field(default_factory=dict)

    async def security(self, reply: Reply) -> bool:
        self.posted.append(reply)
        return True

    async def chat_of_email(self, email: str) -> str | None:
        return self.accounts.get(email)

    async def person(self, chat_id: str, text: str) -> bool:
        self.people.append((chat_id, text))
        return True


@dataclass
class Live:
    """A bot, what it told, and the source, whose clock tests may move."""

    bot: Bot
    told: Told
    source: SimpleNamespace


@asynccontextmanager
async def a_live_bot(root: Path, demo: Demo, directory: Directory | None = None) -> AsyncIterator[Live]:
    options = reference.Options(seed=SEED, users=USERS, now=NOW, log_minutes=120, unknown_client=True)
    async with (
        reference.serve(options) as server,
        build_http() as http,
        a_bot(root, demo.lake(), directory=directory) as bot,
    ):
        api = ComplianceApi(
            http,
            base_url=server.base_url,
            workspace_id=server.workspace_id,
            key=SecretStr(server.compliance_key),
            clock=lambda: bot.now,
            downloads_a_minute=1_000_000,
        )
        lake, told = demo.lake(), Told()
        engine = RememberingEngine(lake.root)
        client = ComplianceClient(lake, engine, api, lambda: bot.now)
        deps = replace(bot.dispatcher.deps, compliance=client, notices=told, redactor=library_redactor)
        bot.dispatcher = replace(bot.dispatcher, deps=deps)
        bot.asker = INVESTIGATOR
        yield Live(bot, told, SimpleNamespace(set_now=server.set_now))
        await engine.close()
