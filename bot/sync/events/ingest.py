"""Brings new log files of each type into dataset `events`. One type that fails does not stop the others."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass
from datetime import datetime

from bot.compliance.api import DEFAULT_TYPES, ComplianceApi
from bot.lake import Lake, WriteLock
from bot.sync.events.batch import Writer
from bot.sync.events.keys import EventKeys
from bot.sync.events.ledger import Ledger
from bot.sync.events.typerun import Report, TypeReport, TypeRun, silent

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

    async def run(self, now: datetime, report: Report = silent) -> tuple[TypeReport, ...]:
        """A report per type, in order. `now` is aware; `report` hears how far the list of files is read."""
        only_one = WriteLock(self.lake.root / ".events.lock", wait_seconds=0.0)
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
