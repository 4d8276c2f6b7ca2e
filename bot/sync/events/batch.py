"""Read files wait here until they are merged into their days: each day is written seldom, not per file."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.compliance.api import Downloaded, LogFile
from bot.lake import Lake
from bot.sync.events.days import SourceFile, Written, merge_events
from bot.sync.events.keys import EventKeys
from bot.sync.events.ledger import Checkpoint, FileEntry, FileState, Ledger
from bot.sync.events.lines import Decoded, read_file
from bot.sync.events.quarantine import keep_lines

BATCH_EVENTS: Final = 40_000
"""Events held in memory before they are merged into their days."""
BATCH_SECONDS: Final = 30.0
"""What an interruption may cost when the API's limit makes downloads slow."""


@dataclass(slots=True)
class _Batch:
    entries: list[FileEntry] = field(default_factory=list)
    decoded: list[tuple[LogFile, Decoded]] = field(default_factory=list)
    reached: Checkpoint | None = None


class Writer:
    """Days, books and checkpoint of one type. Call `flush` at the end."""

    def __init__(
        self,
        lake: Lake,
        ledger: Ledger,
        keys: EventKeys,
        now: datetime,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self.ledger = ledger
        self.counts: Counter[str] = Counter()
        self.unknown: Counter[str] = Counter()
        self._lake, self._keys, self._fetched_at = lake, keys, now
        self._batch = _Batch()
        self._ticks, self._flushed_at = ticks, ticks()

    async def add(self, files: Iterable[Downloaded]) -> None:
        """Reads downloaded files and deletes them."""
        self._batch.decoded += await asyncio.to_thread(self._read, tuple(files))
        waiting = sum(len(each.events) for _, each in self._batch.decoded)
        if waiting >= BATCH_EVENTS or self._ticks() - self._flushed_at >= BATCH_SECONDS:
            await self.flush()

    def refuse(self, file: LogFile, state: FileState) -> None:
        """Notes a file that could not be read."""
        self._batch.entries.append(self._entry(file, state))

    def reached(self, checkpoint: Checkpoint) -> None:
        """Notes how far the list was read; it is kept once everything up to there is."""
        self._batch.reached = checkpoint

    async def flush(self) -> None:
        """Writes all that waits."""
        batch, self._batch = self._batch, _Batch()
        if batch.entries or batch.decoded or batch.reached:
            async with self._lake.write_lock():
                await asyncio.to_thread(self._write, batch)
        self._flushed_at = self._ticks()

    def _read(self, files: tuple[Downloaded, ...]) -> list[tuple[LogFile, Decoded]]:
        try:
            return [(each.file, read_file(each.path, each.file, self._keys)) for each in files]
        finally:
            for each in files:
                each.path.unlink()

    def _write(self, batch: _Batch) -> None:
        """Days first, books last: what is interrupted in between is read again and dropped as repeated."""
        events = (event for _, decoded in batch.decoded for event in decoded.events)
        files = [SourceFile(file.id, file.file_sha256) for file, _ in batch.decoded]
        written = merge_events(self._lake, events, files, self._fetched_at)
        for file, decoded in batch.decoded:
            keep_lines(self._lake, file, decoded.bad, self._keys)
            batch.entries.append(self._held(file, decoded, written))
        self.ledger.record(batch.entries)
        if batch.reached:
            self.ledger.save_checkpoint(batch.reached)

    def _held(self, file: LogFile, decoded: Decoded, written: Written) -> FileEntry:
        new = written.new_by_file.get(file.id, 0)
        repeated = written.repeated_by_file.get(file.id, 0)
        self.counts.update(files=1, new=new, repeated=repeated, bad_lines=len(decoded.bad))
        self.unknown.update(dict(decoded.unknown))
        return self._entry(file, FileState.HELD, new, repeated, len(decoded.bad))

    def _entry(
        self, file: LogFile, state: FileState, events: int = 0, repeated: int = 0, bad_lines: int = 0
    ) -> FileEntry:
        return FileEntry(
            id=file.id,
            end_time=file.end_time,
            size=file.file_size,
            sha256=file.file_sha256,
            state=state,
            fetched_at=self._fetched_at.isoformat(),
            events=events,
            repeated=repeated,
            bad_lines=bad_lines,
        )
