from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.compliance.api import LogFile
from bot.compliance.client import ComplianceClient
from bot.engine import Engine
from bot.lake import Lake
from bot.model.timerange import TimeRange
from bot.sync.events.days import SourceFile, merge_events
from bot.sync.events.keys import EventKeys
from bot.sync.events.ledger import Checkpoint, Ledger
from bot.sync.events.lines import read_line
from bot.sync.events.row import Event, micros

NOW = datetime(2026, 9, 20, 12, tzinfo=UTC)
FILE = LogFile(
    id="f1", event_type="CODEX_LOG", end_time="2026-09-19T23:00:00Z", file_size=1, file_sha256="ab" * 32
)
KEYS = EventKeys.from_secret(SecretStr("a secret of the tests, long enough"))


class Log:
    """A small held log: `add` takes envelope fields and, as `details`, the inner ones."""

    def __init__(self, lake: Lake) -> None:
        self.lake = lake
        self.count = 0

    def add(self, *records: dict[str, Any]) -> None:
        merge_events(
            self.lake, [self._event(record) for record in records], [SourceFile("f1", "ab" * 32)], NOW
        )

    def record(self, day: int, event_type: str, user: str | None = "ana", **details: Any) -> dict[str, Any]:
        self.count += 1
        actor = {"type": "ACCOUNT_USER", "user_id": user, "credential_id": details.pop("credential", None)}
        return {
            "event_id": f"e{self.count}",
            "type": details.pop("type", "CODEX_LOG"),
            "timestamp": f"2026-09-{day:02d}T08:00:00Z",
            "actor": actor,
            "event_type": event_type,
            "client_id": details.pop("client", "CODEX_CLI"),
            "event_details": details,
        }

    def read_until(self, now: datetime, days: int = 30) -> None:
        since = (now - timedelta(days=days)).isoformat()
        checkpoint = Checkpoint(after=since, since=since, listed_at=now.isoformat(), newest=now.isoformat())
        Ledger(self.lake, "CODEX_LOG").save_checkpoint(checkpoint)

    def _event(self, record: dict[str, Any]) -> Event:
        read = read_line(json.dumps(record).encode(), 1, FILE, micros(FILE.ended_at), KEYS)
        assert isinstance(read, Event), read
        return read


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


@pytest.fixture
def held(lake: Lake) -> Log:
    return Log(lake)


@pytest.fixture
def window() -> TimeRange:
    return TimeRange(date(2026, 9, 14), date(2026, 9, 17))


@pytest.fixture
async def ask(lake: Lake) -> AsyncIterator[Callable[..., ComplianceClient]]:
    engine = Engine(lake.root)

    def build(api: Any = None) -> ComplianceClient:
        return ComplianceClient(lake, engine, api, lambda: NOW)

    yield build
    await engine.close()
