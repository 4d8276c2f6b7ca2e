"""Reads the lines of one log file. A line that cannot be read costs itself only."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from bot.compliance.api.records import Record
from bot.compliance.api.wire import LogFile
from bot.model.mending import mended
from bot.sync.events.fields import Source, event_of
from bot.sync.events.keys import EventKeys
from bot.sync.events.known import is_known
from bot.sync.events.row import Event, micros

BOM: Final = b"\xef\xbb\xbf"
EARLIEST: Final = 1_577_836_800_000_000
"""2020-01-01: no Codex event is older; a wilder time is a broken line, not a day of its own."""
CLOCK_SKEW: Final = 24 * 3600 * 1_000_000
"""Events are not later than their file; one day is allowed for clocks that differ."""

_RECORD: Final = msgspec.json.Decoder(Record)


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no event. `line` counts from 1, `raw` is the line without its break."""

    line: int
    sha256: str
    reason: str
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a file held. `unknown` counts (type, sub-type) pairs the contract does not describe."""

    events: tuple[Event, ...]
    bad: tuple[BadLine, ...]
    unknown: tuple[tuple[str, int], ...] = ()


def read_file(path: Path, file: LogFile, keys: EventKeys) -> Decoded:
    """Every line of a downloaded file. Blank lines and carriage returns are no lines of their own."""
    events: list[Event] = []
    bad: list[BadLine] = []
    ended_at = micros(file.ended_at)
    with path.open("rb") as lines:
        for number, raw in enumerate(lines, 1):
            line = raw.rstrip(b"\r\n")
            if line.strip():
                read = read_line(line, number, file, ended_at, keys)
                events.append(read) if isinstance(read, Event) else bad.append(read)
    return Decoded(tuple(events), tuple(bad), _unknown(events))


def read_line(line: bytes, number: int, file: LogFile, ended_at: int, keys: EventKeys) -> Event | BadLine:
    """One line, without its break, as an event or as what is wrong with it. Raises nothing."""
    sha256 = hashlib.sha256(line).hexdigest()
    source = Source(file.id, file.event_type, ended_at, number, sha256)
    try:
        line.decode()
        event = event_of(_record(line.removeprefix(BOM)), source, keys)
    except UnicodeError:
        return BadLine(number, sha256, "not UTF-8", line)
    except msgspec.ValidationError:
        return BadLine(number, sha256, "a field of the wrong type", line)
    except ValueError:
        return BadLine(number, sha256, "not JSON", line)
    except RecursionError:
        return BadLine(number, sha256, "too deep", line)
    if not EARLIEST <= event.timestamp <= ended_at + CLOCK_SKEW:
        return BadLine(number, sha256, "a time outside the file's", line)
    return event


def _record(line: bytes) -> Record:
    try:
        return _RECORD.decode(line)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        # nobody may hide from the audit behind half an emoji
        return _RECORD.decode(mended(line))


def _unknown(events: list[Event]) -> tuple[tuple[str, int], ...]:
    names = Counter(
        f"{event.type}/{event.event_type or ''}"
        for event in events
        if not is_known(event.type, event.event_type)
    )
    return tuple(sorted(names.items()))
