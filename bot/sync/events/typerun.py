"""One log type, once: what is new since the checkpoint, some files at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import structlog
from msgspec.structs import replace

from bot.compliance.api import ComplianceApi, Downloaded, LogFile, LogFilePage, Tampered
from bot.compliance.api.wire import instant
from bot.model.errors import BadAnswer, Rejected, ServerFault, SourceMissing, Unavailable
from bot.sync.events.batch import Writer
from bot.sync.events.ledger import Checkpoint, FileState

log = structlog.get_logger()

SOURCE_DAYS: Final = 30
"""The source deletes files after 30 days."""
FIRST_RUN: Final = timedelta(days=SOURCE_DAYS) - timedelta(hours=1)
PARALLEL: Final = 8
"""Files under way at the same time; the API's limit per minute is kept beneath (`Pace`)."""
FILE_ERRORS: Final = (Tampered, SourceMissing, BadAnswer, Rejected, ServerFault)
"""These concern one file; any other failure would meet the next file too and ends the type's run."""

Report = Callable[[int, int, date], None]
"""Hears the days of the list that are read, the days there are, and the day just reached."""


@dataclass(frozen=True, slots=True)
class TypeReport:
    """One type's run. `error` is None when its list was read to the end.

    `new` and `repeated` count events, `unknown` those of sub-types nobody described; `broken` are the
    ids of files that could not be read, now or earlier, and are tried again; `rejected` counts entries of
    the list that are no files.
    """

    event_type: str
    files: int = 0
    new: int = 0
    repeated: int = 0
    bad_lines: int = 0
    unknown: tuple[tuple[str, int], ...] = ()
    broken: tuple[str, ...] = ()
    rejected: int = 0
    error: Unavailable | None = None


def silent(_done: int, _total: int, _day: date) -> None:
    """A report that nobody hears."""


class TypeRun:
    """Lists, downloads and hands over to the writer."""

    def __init__(
        self, api: ComplianceApi, writer: Writer, incoming: Path, now: datetime, report: Report
    ) -> None:
        self._api, self._writer, self._ledger = api, writer, writer.ledger
        self._type = writer.ledger.event_type
        self._incoming = incoming
        self._now = now.astimezone(UTC)
        self._tell = report
        self._rejected = 0

    async def run(self) -> TypeReport:
        """Never raises Unavailable: it stands in the report, and what was read until then is kept."""
        error: Unavailable | None = None
        try:
            await self._retry_unfinished()
            await self._read_new()
        except Unavailable as failure:
            error = failure
            log.warning("events_type_failed", event_type=self._type, error=type(failure).__name__)
        await self._writer.flush()
        return self._report(error)

    async def _retry_unfinished(self) -> None:
        entries = self._ledger.unfinished(self._now.date(), SOURCE_DAYS)
        await self._read([entry.as_log_file(self._type) for entry in entries])

    async def _read_new(self) -> None:
        checkpoint = start = self._start()
        async for page in self._api.log_files(self._type, checkpoint.after):
            await self._read_page(page)
            checkpoint = replace(checkpoint, after=page.after)
            self._writer.reached(checkpoint)
            self._told(start, checkpoint)
        newest = (await self._api.max_event_time((self._type,))).get(self._type)
        newest = newest or checkpoint.newest
        self._writer.reached(replace(checkpoint, listed_at=self._now.isoformat(), newest=newest))

    def _told(self, start: Checkpoint, here: Checkpoint) -> None:
        first, day = instant(start.after).date(), instant(here.after).date()
        self._tell((day - first).days, (self._now.date() - first).days, day)

    def _start(self) -> Checkpoint:
        """Continues where the last run ended; what expired in between is a gap."""
        oldest = self._now - FIRST_RUN
        held = self._ledger.checkpoint()
        if held is None:
            return Checkpoint(after=oldest.isoformat(), since=oldest.isoformat())
        if held.listed_at and instant(held.listed_at) > self._now:
            # the clock stands earlier than at the last run, as in a demo of another day
            since = min(oldest, instant(held.since)).isoformat()
            return replace(held, after=oldest.isoformat(), since=since)
        if instant(held.after) >= oldest or self._listed_since(held, oldest):
            return held
        gap = (held.listed_at or held.after, oldest.isoformat())
        return replace(held, after=oldest.isoformat(), gaps=(*held.gaps, gap))

    def _listed_since(self, held: Checkpoint, oldest: datetime) -> bool:
        return held.listed_at is not None and instant(held.listed_at) >= oldest

    async def _read_page(self, page: LogFilePage) -> None:
        if page.rejected_count:
            log.warning("events_list_entries_rejected", event_type=self._type, count=page.rejected_count)
        self._rejected += page.rejected_count
        held = await asyncio.to_thread(self._held, page.files)
        await self._read([file for file in page.files if file.id not in held])

    def _held(self, files: Sequence[LogFile]) -> set[str]:
        """Ids of the files that were read before and are the same still."""
        books = {day: self._ledger.entries(day) for day in {file.ended_at.date() for file in files}}
        known = ((file, books[file.ended_at.date()].get(file.id)) for file in files)
        return {
            file.id
            for file, entry in known
            if entry and entry.state is FileState.HELD and entry.sha256 == file.file_sha256
        }

    async def _read(self, files: Sequence[LogFile]) -> None:
        for place in range(0, len(files), PARALLEL):
            some = files[place : place + PARALLEL]
            outcomes = await asyncio.gather(*(self._fetched(file) for file in some))
            await self._writer.add(each for each in outcomes if isinstance(each, Downloaded))
            for failure in outcomes:
                if isinstance(failure, Unavailable):
                    raise failure

    async def _fetched(self, file: LogFile) -> Downloaded | Unavailable | None:
        """The file on disk; None for one that is noted as unreadable; a failure that ends the run."""
        try:
            return await self._api.download(file, self._incoming)
        except FILE_ERRORS as error:
            log.warning("events_file_failed", event_type=self._type, error=type(error).__name__)
            self._writer.refuse(file, _state_of(error))
            return None
        except Unavailable as error:
            return error

    def _report(self, error: Unavailable | None) -> TypeReport:
        counts = self._writer.counts
        broken = tuple(entry.id for entry in self._ledger.unfinished(self._now.date(), SOURCE_DAYS))
        return TypeReport(
            self._type,
            counts["files"],
            counts["new"],
            counts["repeated"],
            counts["bad_lines"],
            tuple(sorted(self._writer.unknown.items())),
            broken,
            self._rejected,
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
