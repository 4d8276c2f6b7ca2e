"""What was downloaded, where to continue and what is missing: `events_files/` beside the day files."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Struct

from bot.compliance.api import LogFile
from bot.lake import Lake
from bot.lake.files import replacing
from bot.model.errors import BadSetting
from bot.model.timerange import TimeRange

FOLDER: Final = "events_files"
TYPE_NAME: Final = re.compile(r"[A-Z0-9_]{1,64}")
CHECKPOINT: Final = "checkpoint.json"

T = TypeVar("T")


class FileState(StrEnum):
    """How a download ended. All but `held` are tried again while the source still has the file."""

    HELD = "held"
    DAMAGED = "damaged"
    MISSING = "missing"
    FAILED = "failed"


class FileEntry(Struct, frozen=True, kw_only=True):
    """One source file. `sha256` is the published one; `events` counts what was new when it was read."""

    id: str
    end_time: str
    size: int
    sha256: str
    state: FileState
    fetched_at: str
    events: int = 0
    repeated: int = 0
    bad_lines: int = 0

    def as_log_file(self, event_type: str) -> LogFile:
        """The file as the API listed it, to download it again."""
        return LogFile(
            id=self.id,
            event_type=event_type,
            end_time=self.end_time,
            file_size=self.size,
            file_sha256=self.sha256,
        )


class Checkpoint(Struct, frozen=True, kw_only=True):
    """Where listing a type continues.

    `after` is the API's own text; `since` is where the first run began. `listed_at` is when the list was
    last read to its end, `newest` what the API then called its newest event, `gaps` the (from, to) times
    whose files had expired unseen.
    """

    after: str
    since: str
    listed_at: str | None = None
    newest: str | None = None
    gaps: tuple[tuple[str, str], ...] = ()


class Ledger:
    """Books of one type. Writers hold the lake's write lock."""

    def __init__(self, lake: Lake, event_type: str) -> None:
        if not TYPE_NAME.fullmatch(event_type):
            raise BadSetting(message=f"{event_type[:64]!r} is no log type", hint="for example CODEX_LOG")
        self._folder = lake.root / FOLDER / event_type
        self.event_type = event_type

    def checkpoint(self) -> Checkpoint | None:
        """Where to continue; None before the first run."""
        return _read(self._folder / CHECKPOINT, Checkpoint)

    def save_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Replaces the checkpoint."""
        _write(self._folder / CHECKPOINT, checkpoint)

    def days(self) -> tuple[date, ...]:
        """Days with a book, oldest first."""
        stems = sorted(path.stem for path in self._folder.glob("day=*.json"))
        return tuple(date.fromisoformat(stem.removeprefix("day=")) for stem in stems)

    def entries(self, day: date) -> dict[str, FileEntry]:
        """Files written on `day` (UTC, by their end time), by id."""
        return _read(self._path(day), dict[str, FileEntry]) or {}

    def window(self, window: TimeRange) -> Iterator[FileEntry]:
        """Files written in a window, oldest day first."""
        for day in window.days():
            yield from self.entries(day).values()

    def record(self, entries: Iterable[FileEntry]) -> None:
        """Adds or replaces entries."""
        by_day: dict[date, dict[str, FileEntry]] = {}
        for entry in entries:
            day = entry.as_log_file(self.event_type).ended_at.date()
            by_day.setdefault(day, {})[entry.id] = entry
        for day, added in by_day.items():
            _write(self._path(day), self.entries(day) | added)

    def unfinished(self, today: date, days: int) -> tuple[FileEntry, ...]:
        """Files of the last `days` that could not be read."""
        window = TimeRange(today - timedelta(days=days), today + timedelta(days=1))
        return tuple(entry for entry in self.window(window) if entry.state is not FileState.HELD)

    def forget(self, before: date, but: Collection[str] = ()) -> int:
        """Deletes what the books of days before `before` tell, and says how many days there were.

        Files with an id in `but` stay in them.
        """
        old = [day for day in self.days() if day < before]
        for day in old:
            entries = self.entries(day)
            kept = {file_id: entry for file_id, entry in entries.items() if file_id in but}
            if not kept:
                self._path(day).unlink()
            elif len(kept) < len(entries):
                _write(self._path(day), kept)
        return len(old)

    def _path(self, day: date) -> Path:
        return self._folder / f"day={day.isoformat()}.json"


def ledgers(lake: Lake) -> tuple[Ledger, ...]:
    """The books of every type ever read."""
    found = sorted(path.parent.name for path in (lake.root / FOLDER).glob(f"*/{CHECKPOINT}"))
    return tuple(Ledger(lake, name) for name in found if TYPE_NAME.fullmatch(name))


def _read(path: Path, kind: type[T]) -> T | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except FileNotFoundError:
        return None


def _write(path: Path, value: Any) -> None:
    with replacing(path) as out:
        out.write(msgspec.json.encode(value))
