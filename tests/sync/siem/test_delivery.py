from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.lake import Lake, LakeLocked, WriteLock
from bot.state.engine import StateDb
from bot.state.siem import SiemFiles
from bot.sync.siem import SiemDelivery, delivery
from tests.remembering import new_state

PROMPT = "nobody may read this prompt"


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[StateDb]:
    async with StateDb(await new_state(tmp_path)) as opened:
        yield opened


@pytest.fixture
def siem(lake: Lake, db: StateDb, tmp_path: Path) -> SiemDelivery:
    return SiemDelivery(lake, tmp_path / "siem", SiemFiles(db))


def told(siem: SiemDelivery) -> list[dict[str, Any]]:
    files = sorted(siem.folder.glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_bytes().splitlines()]


def uids(siem: SiemDelivery) -> list[str]:
    return [event["metadata"]["uid"] for event in told(siem)]


def fill(source: Any, record: Any, file_id: str, *names: str, day: int = 14) -> None:
    details = {"prompt_text": PROMPT, "session_id": "s1"}
    lines = [
        record(event_id=name, event_details=details, timestamp=f"2026-09-14T08:00:{n:02}Z")
        for n, name in enumerate(names)
    ]
    source.add(file_id, lines, end_time=f"2026-09-{day}T08:10:04.512377Z")


async def test_each_event_comes_once_however_often_it_is_asked(
    source: Any, ingest: Any, record: Any, siem: SiemDelivery, now: datetime
) -> None:
    fill(source, record, "f1", "a", "b")
    await ingest().run(now)
    assert await siem.run(now) == 2
    assert await siem.run(now) == 0
    fill(source, record, "f2", "b", "c", day=15)
    await ingest().run(now + timedelta(hours=1))
    assert await siem.run(now + timedelta(days=1)) == 1
    assert uids(siem) == ["a", "b", "c"]
    assert [path.name for path in sorted(siem.folder.iterdir())] == [
        "codex-pulse-2026-09-20.jsonl",
        "codex-pulse-2026-09-21.jsonl",
    ]


async def test_nothing_that_was_written_to_codex_is_in_it(
    source: Any, ingest: Any, record: Any, siem: SiemDelivery, now: datetime
) -> None:
    fill(source, record, "f1", "a")
    await ingest().run(now)
    await siem.run(now)
    text = "".join(path.read_text() for path in siem.folder.iterdir())
    assert PROMPT not in text
    assert "@" not in text
    assert told(siem)[0]["unmapped"]["prompt_length"] == len(PROMPT)


async def test_an_interrupted_run_repeats_whole_events_and_loses_none(
    source: Any, ingest: Any, record: Any, siem: SiemDelivery, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(source, record, "f1", "a", "b")
    fill(source, record, "f2", "c", day=15)
    await ingest().run(now)

    async def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(SiemFiles, "note", killed)
        with pytest.raises(KeyboardInterrupt):
            await siem.run(now)
    assert await siem.run(now) == 3
    assert Counter(uids(siem)) == {"a": 2, "b": 2, "c": 1}


async def test_a_run_killed_within_a_line_leaves_no_half_one(
    source: Any, ingest: Any, record: Any, siem: SiemDelivery, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(source, record, "f1", "a", "b")
    await ingest().run(now)
    siem.folder.mkdir()
    (siem.folder / "codex-pulse-2026-09-20.jsonl").write_bytes(b'{"metadata":{"uid":"a"')

    def failing(row: Any, at: datetime) -> Iterator[bytes]:
        del row, at
        message = "gone"
        raise OSError(message)

    with monkeypatch.context() as patched:
        patched.setattr(delivery, "line_of", failing)
        with pytest.raises(OSError, match="gone"):
            await siem.run(now)
    assert told(siem) == []
    assert await siem.run(now) == 2
    assert uids(siem) == ["a", "b"]


async def test_a_late_event_of_a_new_file_comes_with_that_file(
    source: Any, ingest: Any, record: Any, siem: SiemDelivery, now: datetime
) -> None:
    fill(source, record, "f1", "a", day=14)
    await ingest().run(now)
    await siem.run(now)
    fill(source, record, "f2", "late", day=18)
    await ingest().run(now + timedelta(hours=1))
    assert await siem.run(now) == 1
    assert uids(siem) == ["a", "late"]


async def test_two_processes_do_not_write_at_once(siem: SiemDelivery, lake: Lake, now: datetime) -> None:
    async with WriteLock(lake.root / ".siem.lock", 0.0):
        with pytest.raises(LakeLocked):
            await siem.run(now)
