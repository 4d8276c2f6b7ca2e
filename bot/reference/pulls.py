"""Calls to the Compliance API are themselves recorded and later show up in `AUDIT_LOG`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.reference.chance import digest
from bot.reference.faults import Faults
from bot.reference.logfiles import OWN, WINDOW, LogFile, make_file
from bot.reference.records import Event, audit_body, envelope, microseconds, redacted


class Pulls:
    """Remembers calls made with a key and writes them as log files of their own."""

    def __init__(self, key: str, workspace_id: str, clock: Callable[[], datetime], faults: Faults) -> None:
        self._actor = {"type": "API_KEY", "redacted_id": redacted(key)}
        self._workspace_id, self._clock, self._faults = workspace_id, clock, faults
        self._windows: dict[int, list[Event]] = defaultdict(list)
        self._written: dict[int, LogFile] = {}
        self._count = 0

    def record(self, action: str, **data: Any) -> None:
        """Remember a call at the server's present instant."""
        self._count += 1
        at = microseconds(self._clock())
        head = envelope(digest("pull", at, self._count), "AUDIT_LOG", at, self._actor, self._workspace_id)
        self._windows[at // WINDOW].append(Event(at, {**head, **audit_body(action, data, admin=True)}))

    def files(self) -> list[LogFile]:
        """Files of the windows that are over; a file never changes once it could be read."""
        until = microseconds(self._clock())
        for window in [window for window in self._windows if (window + 1) * WINDOW <= until]:
            if window not in self._written:
                events = self._windows[window]
                self._written[window] = make_file("AUDIT_LOG", window, events, self._faults, OWN)
        return sorted((file for file in self._written.values() if file.end <= until), key=_end)


def _end(file: LogFile) -> int:
    return file.end
