"""How much of the audit log is held for a window: types, days, missing files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from bot.compliance.api.wire import instant
from bot.lake import Lake
from bot.model.timerange import DAY, TimeRange, day_start
from bot.sync.events.ledger import Checkpoint, FileState, Ledger, ledgers

EXPORT_LAG: Final = timedelta(hours=1)
"""Files come within 30 minutes of their events but for one in a hundred, says the source; twice that."""


@dataclass(frozen=True, slots=True)
class MissingFile:
    """A source file that could not be read, and why."""

    file_id: str
    event_type: str
    end_time: str
    state: FileState


@dataclass(frozen=True, slots=True)
class TypeCoverage:
    """One type. `since` is where reading began, `listed_at` when its list was last read to the end (UTC).

    `newest_at` is the newest event the API had exported then; None when the API does not tell.
    `gaps` are times whose files had expired before they were read.
    """

    event_type: str
    since: datetime
    listed_at: datetime | None
    newest_at: datetime | None
    gaps: tuple[tuple[datetime, datetime], ...]

    def has_read(self, day: date) -> bool:
        """True when the whole day lies where this type was read. Events may still come late."""
        start, end = day_start(day), day_start(day + DAY)
        if self.listed_at is None or start < self.since:
            return False
        return start < self.listed_at and not any(start < until and since < end for since, until in self.gaps)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What an answer about the audit log rests on. API-key use of Codex is never exported by the source."""

    types: tuple[TypeCoverage, ...]
    missing: tuple[MissingFile, ...]
    unread_days: tuple[date, ...]

    @property
    def complete_through(self) -> datetime | None:
        """The newest instant up to which every type is exported and read; None when one was never listed.

        Not the newest event: a type that is rarely written would look stale.
        """
        listed = [each.listed_at for each in self.types]
        reached = [moment - EXPORT_LAG for moment in listed if moment is not None]
        return min(reached) if reached and len(reached) == len(listed) else None


def read_coverage(lake: Lake, window: TimeRange) -> Coverage:
    """What is held of every type ever read. Reads files: call it off the event loop."""
    books = ledgers(lake)
    types = tuple(_type(book, checkpoint) for book in books if (checkpoint := book.checkpoint()) is not None)
    unread = tuple(day for day in window.days() if not types or not all(each.has_read(day) for each in types))
    return Coverage(types, tuple(file for book in books for file in _missing(book, window)), unread)


def _type(book: Ledger, checkpoint: Checkpoint) -> TypeCoverage:
    return TypeCoverage(
        book.event_type,
        instant(checkpoint.since),
        _moment(checkpoint.listed_at),
        _moment(checkpoint.newest),
        tuple((instant(since), instant(until)) for since, until in checkpoint.gaps),
    )


def _missing(book: Ledger, window: TimeRange) -> tuple[MissingFile, ...]:
    # an event may stand in a file written up to a day after it
    wider = TimeRange(window.start, window.end + timedelta(days=1))
    return tuple(
        MissingFile(entry.id, book.event_type, entry.end_time, entry.state)
        for entry in book.window(wider)
        if entry.state is not FileState.HELD
    )


def _moment(text: str | None) -> datetime | None:
    return instant(text).astimezone(UTC) if text else None
