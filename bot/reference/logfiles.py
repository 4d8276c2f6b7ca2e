"""Log files: windows of ten minutes by arrival, at least once, some events late (contract.md e.1-e.2)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import msgspec
import numpy as np

from bot.reference import strange
from bot.reference.catalogue import client_names
from bot.reference.chance import Ints, digest
from bot.reference.days import Column, settled
from bot.reference.faults import Faults
from bot.reference.options import Options
from bot.reference.people import People, people_of
from bot.reference.records import DAY, EPOCH_ORDINAL, SECOND, Event, Scribe, instant, microseconds
from bot.reference.rhythm import FIRST
from bot.reference.sessions import write_sessions
from bot.reference.story import write_story
from bot.reference.tokens import tokens_of

TYPES = ("AUDIT_LOG", "AUTH_LOG", "CODEX_LOG", "CODEX_SECURITY_LOG")
COSTS = "COSTS"
"""Told of organizations only."""
_CODED = (*TYPES, COSTS)
RETENTION_DAYS = 30
WINDOW = 600 * SECOND
# Where the events of a file come from: the demo workspace, or calls to this very server.
STORY, OWN = "story", "own"
# Work of more people than this is not logged: events are for stories, not for load.
_LOGGED_PEOPLE = 2_000
_SMALL = 500
_LATE, _TWICE = 0.004, 0.015


@dataclass(frozen=True, slots=True)
class LogFile:
    """A file that never changes. Instants in microseconds since 1970."""

    file_id: str
    kind: str
    end: int
    newest: int
    content: bytes
    sha256: str
    name: str

    def entry(self) -> dict[str, object]:
        """Element of the listing."""
        return {
            "id": self.file_id,
            "event_type": self.kind,
            "end_time": instant(self.end),
            "file_name": self.name,
            "file_size": len(self.content),
            "file_sha256": self.sha256,
        }


def file_id(kind: str, window: int, origin: str) -> str:
    """Opaque id of the file of a window."""
    code = _CODED.index(kind) * 2 + (origin == OWN)
    return f"eclf_{code:x}{window:07x}{digest('file', kind, window, origin)[:12]}"


def window_of(identifier: str) -> int | None:
    """Window of a file id, None when it is none of ours."""
    body = identifier.removeprefix("eclf_")
    try:
        code, window = int(body[:1], 16), int(body[1:8], 16)
    except ValueError:
        return None
    if code >= 2 * len(_CODED):
        return None
    origin = OWN if code % 2 else STORY
    return window if identifier == file_id(_CODED[code // 2], window, origin) else None


def make_file(kind: str, window: int, events: Sequence[Event], faults: Faults, origin: str) -> LogFile:
    """Write the file of a window."""
    # The file is written some seconds after its window; the types never at the same instant.
    delay = int(digest("written", kind, window, origin)[:7], 16) % (40 * SECOND)
    end = (window + 1) * WINDOW + delay // 16 * 16 + _CODED.index(kind) * 2 + (origin == OWN)
    lines = [*(msgspec.json.encode(event.record) for event in events), *strange.lines(kind, window, faults)]
    content = strange.joined(lines, window)
    identifier = file_id(kind, window, origin)
    name = f"{kind}_{instant(end).replace('Z', '+00:00')}.jsonl"
    return LogFile(
        identifier,
        kind,
        end,
        max((event.at for event in events), default=end),
        content,
        hashlib.sha256(content).hexdigest(),
        f"../../{name}\x00/etc" if faults.hostile_file_names else name,
    )


class Logs:
    """The workspace's log files, made day by day."""

    def __init__(self, options: Options, workspace_id: str) -> None:
        self._people = people_of(options.seed, options.users)
        self._workspace_id = workspace_id
        self._faults = options.misbehave
        self._clients = client_names(unknown=options.unknown_client)
        self._windows_a_file = options.log_minutes * 60 * SECOND // WINDOW
        self._logged = _logged(self._people)
        self._events = lru_cache(3)(self._make_events)
        # A small workspace keeps its whole retention, so that listing and downloading make a day once.
        self.day_files = lru_cache(RETENTION_DAYS + 3 if options.users <= _SMALL else 4)(self._make_files)

    def visible(self, first: int, now: datetime, last: int | None = None) -> Iterator[LogFile]:
        """Yield files from the day on, oldest first, that are written and not yet forgotten."""
        until, today = microseconds(now), now.toordinal()
        forgotten = until - RETENTION_DAYS * DAY
        for ordinal in range(max(first, today - RETENTION_DAYS - 1), min(last or today, today) + 1):
            yield from (file for file in self.day_files(ordinal) if forgotten < file.end <= until)

    def _make_files(self, ordinal: int) -> tuple[LogFile, ...]:
        """Files whose window begins on a day."""
        windows: dict[tuple[int, str], list[Event]] = defaultdict(list)
        for event in (*self._events(ordinal - 1), *self._events(ordinal)):
            for arrival in _arrivals(event):
                if arrival // DAY + EPOCH_ORDINAL == ordinal:
                    windows[self._last_window(arrival), event.record["type"]].append(event)
        files = [
            make_file(kind, window, events, self._faults, STORY) for (window, kind), events in windows.items()
        ]
        return tuple(sorted(files, key=lambda file: file.end))

    def _last_window(self, arrival: int) -> int:
        """Window that a file is named after: the last one it spans."""
        count = self._windows_a_file
        return arrival // WINDOW // count * count + count - 1

    def _make_events(self, ordinal: int) -> tuple[Event, ...]:
        if ordinal < FIRST:
            return ()
        cells: Ints = settled(self._people, ordinal)
        logged = cells[np.isin(cells[:, Column.PERSON], self._logged)]
        scribe = Scribe(self._people, self._workspace_id, ordinal, self._clients)
        tokens = tokens_of(self._people, datetime.fromordinal(ordinal).date())
        write_sessions(scribe, logged.tolist(), tokens)
        write_story(scribe, tokens)
        return tuple(sorted(scribe.events, key=lambda event: event.at))


def _logged(people: People) -> Ints:
    every = range(0, len(people), -(-len(people) // _LOGGED_PEOPLE))
    return np.array(sorted({*every, *people.roles, people.night_owl}))


def _arrivals(event: Event) -> tuple[int, ...]:
    """When an event reaches a file: within minutes, rarely hours later, and sometimes twice."""
    noise = int(event.record["event_id"][:8], 16)
    chance, more = noise % 100_000 / 100_000, noise // 100_000
    if chance < _LATE:
        return (event.at + (2 + more % 18) * 3600 * SECOND,)
    first = event.at + (15 + more % 700) * SECOND
    return (first, first + (1 + more % 5) * WINDOW) if chance < _LATE + _TWICE else (first,)
