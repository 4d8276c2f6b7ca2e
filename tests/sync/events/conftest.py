from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.compliance.api import Downloaded, LogFile, LogFilePage
from bot.compliance.api.wire import instant
from bot.lake import Lake
from bot.model.errors import PulseError
from bot.sync.events.ingest import EventIngest
from bot.sync.events.keys import EventKeys

NOW = datetime(2026, 9, 20, 12, tzinfo=UTC)
SECRET = SecretStr("a secret of the tests, long enough")


def line(**more: Any) -> dict[str, Any]:
    return {
        "event_id": "e1",
        "type": "CODEX_LOG",
        "timestamp": "2026-09-14T08:02:11.204518Z",
        "principal": {"id": "ws", "type": "CHATGPT_WORKSPACE"},
        "actor": {"type": "ACCOUNT_USER", "user_id": "user-1", "user_email": "dana@northwind.example"},
        "event_type": "PROMPT_SENT",
        "client_id": "CODEX_CLI",
        "event_details": {"session_id": "s1", "prompt_text": "find me in no file", "model": "gpt-5.5"},
    } | more


class FakeSource:
    """The Compliance API as the ingest sees it: files in memory, failures on request."""

    def __init__(self) -> None:
        self.files: list[tuple[LogFile, bytes]] = []
        self.failures: dict[str, PulseError] = {}
        self.downloads: list[str] = []
        self.asked_after: list[tuple[str, str]] = []
        self.newest: dict[str, str | None] = {}
        self.page_files = 100
        self.at_once = self.most_at_once = 0

    def add(self, file_id: str, lines: list[dict[str, Any]] | bytes, **more: Any) -> LogFile:
        body = lines if isinstance(lines, bytes) else b"".join(json.dumps(x).encode() + b"\n" for x in lines)
        told = {
            "id": file_id,
            "event_type": "CODEX_LOG",
            "end_time": "2026-09-14T08:10:04.512377Z",
            "file_size": len(body),
            "file_sha256": hashlib.sha256(body).hexdigest(),
        }
        file = LogFile(**told | more)
        self.files.append((file, body))
        return file

    async def log_files(self, event_type: str, after: str) -> AsyncIterator[LogFilePage]:
        self.asked_after.append((event_type, after))
        if event_type in self.failures:
            raise self.failures[event_type]
        found = [file for file, _ in self.files if file.event_type == event_type]
        found = sorted((f for f in found if f.ended_at > instant(after)), key=lambda file: file.ended_at)
        while found:
            page, found = found[: self.page_files], found[self.page_files :]
            yield LogFilePage(tuple(page), page[-1].end_time, bool(found))

    async def download(self, file: LogFile, into: Path) -> Downloaded:
        self.downloads.append(file.id)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        if file.id in self.failures:
            raise self.failures[file.id]
        body = next(body for each, body in self.files if each.id == file.id)
        return stored(file, body, into)

    async def max_event_time(self, types: tuple[str, ...]) -> dict[str, str | None]:
        return {name: self.newest[name] for name in types if name in self.newest}


def stored(file: LogFile, body: bytes, into: Path) -> Downloaded:
    into.mkdir(parents=True, exist_ok=True)
    path = into / f"{hashlib.sha256(file.id.encode()).hexdigest()}.jsonl"
    path.write_bytes(body)
    return Downloaded(file, path, len(body), file.file_sha256)


@pytest.fixture
def keys() -> EventKeys:
    return EventKeys.from_secret(SECRET)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


@pytest.fixture
def source() -> FakeSource:
    return FakeSource()


@pytest.fixture
def ingest(source: FakeSource, lake: Lake, keys: EventKeys) -> Callable[..., EventIngest]:
    def build(types: tuple[str, ...] = ("CODEX_LOG",)) -> EventIngest:
        return EventIngest(source, lake, keys, types)  # type: ignore[arg-type]

    return build


@pytest.fixture
def record() -> Callable[..., dict[str, Any]]:
    return line


@pytest.fixture
def now() -> datetime:
    return NOW
