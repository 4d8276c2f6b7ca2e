"""Brings new log files of each type into dataset `events`. One type that fails does not stop the others."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.compliance.api import DEFAULT_TYPES, ComplianceApi
from bot.compliance.api.wire import instant
from bot.lake import Lake, WriteLock
from bot.sync.events.batch import Writer
from bot.sync.events.keys import EventKeys
from bot.sync.events.ledger import Ledger
from bot.sync.events.typerun import Report, TypeReport, TypeRun, silent

FRESH: Final = timedelta(hours=1)

__all__ = ["EventIngest", "TypeReport"]


@dataclass(frozen=True, slots=True)
class EventIngest:
    """Reads what is new. Raises LakeLocked when another process is already doing so.

    Downloaded files, which hold content, live in `.incoming/` of the lake until they are read.
    """

    api: ComplianceApi
    lake: Lake
    keys: EventKeys
    types: tuple[str, ...] = DEFAULT_TYPES

    def is_fresh(self, now: datetime) -> bool:
        """True when every type was listed to its end within the last hour, and not after `now`."""
        found = (Ledger(self.lake, name).checkpoint() for name in self.types)
        listed = [instant(each.listed_at) if each and each.listed_at else None for each in found]
        return all(at is not None and timedelta(0) <= now - at < FRESH for at in listed)

    async def run(
        self, now: datetime, report: Report = silent, wait_seconds: float = 0.0
    ) -> tuple[TypeReport, ...]:
        """A report per type, in order. `now` is aware; `report` hears how far the list of files is read.

        Another process that reads is waited for up to `wait_seconds`.
        """
        only_one = WriteLock(self.lake.root / ".events.lock", wait_seconds)
        incoming = self.lake.root / ".incoming"
        async with only_one:
            try:
                await asyncio.to_thread(shutil.rmtree, incoming, ignore_errors=True)
                return tuple([await self._type(name, now, report).run() for name in self.types])
            finally:
                await asyncio.to_thread(shutil.rmtree, incoming, ignore_errors=True)

    def _type(self, event_type: str, now: datetime, report: Report) -> TypeRun:
        writer = Writer(self.lake, Ledger(self.lake, event_type), self.keys, now)
        return TypeRun(self.api, writer, self.lake.root / ".incoming", now, report)
