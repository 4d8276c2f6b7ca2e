"""Brings new log files of each type into dataset `events`. One type that fails does not stop the others."""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import structlog
from msgspec.structs import replace

from bot.compliance.api import DEFAULT_TYPES, ComplianceApi, LogFile, LogFilePage, Tampered
from bot.compliance.api.wire import instant
from bot.lake import Lake, WriteLock
from bot.model.errors import BadAnswer, Rejected, ServerFault, SourceMissing, Unavailable
from bot.sync.events.days import SourceFile, Written, merge_events
from bot.sync.events.keys import EventKeys
from bot.sync.events.ledger import Checkpoint, FileEntry, FileState, Ledger
from bot.sync.events.lines import Decoded, read_file
from bot.sync.events.quarantine import keep_lines

log = structlog.get_logger()

SOURCE_DAYS: Final = 30
"""The source deletes files after 30 days."""
FIRST_RUN: Final = timedelta(days=SOURCE_DAYS) - timedelta(hours=1)
BATCH_EVENTS: Final = 40_000
"""Events held in memory before they are merged into their days."""
FILE_ERRORS: Final = (Tampered, SourceMissing, BadAnswer, Rejected, ServerFault)
"""These concern one file; any other failure would meet the next file too and ends the type's run."""


@dataclass(frozen=True, slots=True)
class TypeReport:
    """One type's run. `error` is None when its list was read to the end.

    `new` and `repeated` count events, `unknown` those of sub-types nobody described; `broken` are the
    ids of files that could not be read, now or earlier, and are tried again.
    """

    event_type: str
    files: int = 0
    new: int = 0
    repeated: int = 0
    bad_lines: int = 0
    unknown: tuple[tuple[str, int], ...] = ()
    broken: tuple[str, ...] = ()
    error: Unavailable | None = None


@dataclass(slots=True)
class _Batch:
    entries: list[FileEntry] = field(default_factory=list)
    decoded: list[tuple[LogFile, Decoded]] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        return sum(len(each.events) for _, each in self.decoded) >= BATCH_EVENTS


@dataclass(frozen=True, slots=True)
class EventIngest:
    """Reads what is new. Raises LakeLocked when another process is already doing so.

    Downloaded files, which hold content, live in `.incoming/` of the lake until they are read.
    """

    api: ComplianceApi
    lake: Lake
    keys: EventKeys
    types: tuple[str, ...] = DEFAULT_TYPES

    async def run(self, now: datetime) -> tuple[TypeReport, ...]:
        """A report per type, in order. `now` is aware."""
        only_one = WriteLock(self.lake.root / ".events.lock", wait_seconds=0.0)
        incoming = self.lake.root / ".incoming"
        async with only_one:
            try:
                await asyncio.to_thread(shutil.rmtree, incoming, ignore_errors=True)
                return tuple([await _TypeRun(self, name, now, incoming).run() for name in self.types])
            finally:
                await asyncio.to_thread(shutil.rmtree, incoming, ignore_errors=True)


class _TypeRun:
    """One type, once."""

    def __init__(self, ingest: EventIngest, event_type: str, now: datetime, incoming: Path) -> None:
        self._api, self._lake, self._keys = ingest.api, ingest.lake, ingest.keys
        self._ledger = Ledger(ingest.lake, event_type)
        self._type = event_type
        self._now = now.astimezone(UTC)
        self._incoming = incoming
        self._batch = _Batch()
        self._counts: Counter[str] = Counter()
        self._unknown: Counter[str] = Counter()

    async def run(self) -> TypeReport:
        error: Unavailable | None = None
        try:
            await self._retry_unfinished()
            await self._read_new()
        except Unavailable as failure:
            error = failure
            log.warning("events_type_failed", event_type=self._type, error=type(failure).__name__)
        await self._flush()
        return self._report(error)

    async def _retry_unfinished(self) -> None:
        for entry in self._ledger.unfinished(self._now.date(), SOURCE_DAYS):
            await self._read(entry.as_log_file(self._type))

    async def _read_new(self) -> None:
        checkpoint = self._start()
        async for page in self._api.log_files(self._type, checkpoint.after):
            await self._read_page(page)
            checkpoint = replace(checkpoint, after=page.after)
            await self._save(checkpoint)
        newest = (await self._api.max_event_time((self._type,))).get(self._type)
        newest = newest or checkpoint.newest
        await self._save(replace(checkpoint, listed_at=self._now.isoformat(), newest=newest))

    def _start(self) -> Checkpoint:
        """Continues where the last run ended; what expired in between is a gap."""
        oldest = self._now - FIRST_RUN
        held = self._ledger.checkpoint()
        if held is None:
            return Checkpoint(after=oldest.isoformat(), since=oldest.isoformat())
        if instant(held.after) >= oldest or self._listed_since(held, oldest):
            return held
        gap = (held.listed_at or held.after, oldest.isoformat())
        return replace(held, after=oldest.isoformat(), gaps=(*held.gaps, gap))

    def _listed_since(self, held: Checkpoint, oldest: datetime) -> bool:
        return held.listed_at is not None and instant(held.listed_at) >= oldest

    async def _read_page(self, page: LogFilePage) -> None:
        for file in page.files:
            if not self._is_held(file):
                await self._read(file)
        await self._flush()

    def _is_held(self, file: LogFile) -> bool:
        known = self._ledger.entries(file.ended_at.date()).get(file.id)
        return known is not None and known.state is FileState.HELD and known.sha256 == file.file_sha256

    async def _read(self, file: LogFile) -> None:
        try:
            downloaded = await self._api.download(file, self._incoming)
        except FILE_ERRORS as error:
            log.warning("events_file_failed", event_type=self._type, error=type(error).__name__)
            self._batch.entries.append(self._entry(file, _state_of(error)))
            return
        try:
            decoded = await asyncio.to_thread(read_file, downloaded.path, file, self._keys)
        finally:
            await asyncio.to_thread(downloaded.path.unlink)
        self._batch.decoded.append((file, decoded))
        if self._batch.is_full:
            await self._flush()

    async def _flush(self) -> None:
        batch, self._batch = self._batch, _Batch()
        if batch.entries or batch.decoded:
            async with self._lake.write_lock():
                await asyncio.to_thread(self._write, batch)

    def _write(self, batch: _Batch) -> None:
        """Days first, books last: what is interrupted in between is read again and dropped as repeated."""
        events = (event for _, decoded in batch.decoded for event in decoded.events)
        files = [SourceFile(file.id, file.file_sha256) for file, _ in batch.decoded]
        written = merge_events(self._lake, events, files, self._now)
        for file, decoded in batch.decoded:
            keep_lines(self._lake, file, decoded.bad, self._keys)
            batch.entries.append(self._held(file, decoded, written))
        self._ledger.record(batch.entries)

    def _held(self, file: LogFile, decoded: Decoded, written: Written) -> FileEntry:
        new = written.new_by_file.get(file.id, 0)
        repeated = written.repeated_by_file.get(file.id, 0)
        self._counts.update(files=1, new=new, repeated=repeated, bad_lines=len(decoded.bad))
        self._unknown.update(dict(decoded.unknown))
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
            fetched_at=self._now.isoformat(),
            events=events,
            repeated=repeated,
            bad_lines=bad_lines,
        )

    async def _save(self, checkpoint: Checkpoint) -> None:
        async with self._lake.write_lock():
            await asyncio.to_thread(self._ledger.save_checkpoint, checkpoint)

    def _report(self, error: Unavailable | None) -> TypeReport:
        broken = tuple(entry.id for entry in self._ledger.unfinished(self._now.date(), SOURCE_DAYS))
        return TypeReport(
            self._type,
            self._counts["files"],
            self._counts["new"],
            self._counts["repeated"],
            self._counts["bad_lines"],
            tuple(sorted(self._unknown.items())),
            broken,
            error,
        )


def _state_of(error: Unavailable) -> FileState:
    match error:
        case Tampered():
            return FileState.DAMAGED
        case SourceMissing():
            return FileState.MISSING
        case _:
            return FileState.FAILED
