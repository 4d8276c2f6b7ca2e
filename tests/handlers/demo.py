"""A small demo workspace, pulled once per run from the reference server into a lake that tests only read."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from filelock import FileLock
from pydantic import SecretStr

from bot import reference
from bot.analytics.api import AnalyticsApi, build_http, normalise_base_url
from bot.analytics.directory import Directory, read_directory
from bot.compliance.api import ComplianceApi
from bot.dispatch.policy import INCLUDES
from bot.lake import Lake
from bot.model.chat import Asker, Level
from bot.sync import Rules, Sync
from bot.sync.events.ingest import EventIngest
from bot.sync.events.keys import EventKeys
from tests.handlers.answering import NOW

SEED, USERS = 7, 60
SECRET = SecretStr("a secret of the tests, long enough")
STEPS = (NOW - timedelta(days=60), NOW)
PEOPLE = reference.demo_people(SEED, USERS)


@dataclass(frozen=True)
class Demo:
    """A lake of 150 days to 20 Oct 2026 with 30 days of the audit log, and the directory of its 60 people."""

    root: Path

    def lake(self) -> Lake:
        """A view of its own on the shared files."""
        return Lake(self.root / "lake")

    def directory(self) -> Directory:
        """Everybody's team."""
        return read_directory(self.root / "directory.csv")

    def asker(self, role: str) -> Asker:
        """A well-known person with the level of the role; `guest` is nobody."""
        if role == "guest":
            return Asker("U0GUEST")
        person = PEOPLE[role]
        return Asker(f"U0{role.upper()}", person.email, INCLUDES[Level(role)], person.user_id)


def filled(root: Path) -> Demo:
    """The workspace, filled by whichever worker comes first."""
    with FileLock(root.with_suffix(".lock")):
        if not (root / "directory.csv").exists():
            asyncio.run(_fill(root))
            (root / "directory.csv").write_text(
                reference.demo_directory(SEED, USERS), encoding="utf-8", newline=""
            )
    return Demo(root)


async def _fill(root: Path) -> None:
    options = reference.Options(seed=SEED, users=USERS, now=NOW, log_minutes=120, unknown_client=True)
    async with reference.serve(options) as server, build_http() as http:
        for now in STEPS:
            server.set_now(now)
            api = AnalyticsApi(
                http,
                base_url=normalise_base_url(server.base_url),
                workspace_id=server.workspace_id,
                key=SecretStr(server.analytics_key),
                clock=lambda now=now: now,
            )
            report = await Sync(api, Lake(root / "lake"), clock=lambda now=now: now, rules=Rules()).run()
            assert not report.missing
        audit = ComplianceApi(
            http,
            base_url=server.base_url,
            workspace_id=server.workspace_id,
            key=SecretStr(server.compliance_key),
            clock=lambda: NOW,
            downloads_a_minute=1_000_000,
        )
        done = await EventIngest(audit, Lake(root / "lake"), EventKeys.from_secret(SECRET)).run(NOW)
        assert not any(each.error or each.broken for each in done)
