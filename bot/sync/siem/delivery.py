"""Brings events to the SIEM's folder, source file by source file, each noted in the state database after it.

Every event of the lake belongs to the one source file that brought it. What is interrupted between the
file on disk and the note is appended again: at least once, and `metadata.uid` tells a repetition.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bot.lake import SCHEMAS, Dataset, Lake, WriteLock
from bot.state.siem import SiemFiles
from bot.sync.events.ledger import FileState, ledgers
from bot.sync.siem.files import append_lines
from bot.sync.siem.ocsf import line_of

ROWS_AT_ONCE: Final = 4_096
ORDER: Final[Any] = [("timestamp", "ascending"), ("event_id", "ascending")]


@dataclass(frozen=True, slots=True)
class SiemDelivery:
    """Any number of processes may call it; a lock beside the lake lets one of them work."""

    lake: Lake
    folder: Path
    done: SiemFiles

    async def run(self, now: datetime) -> int:
        """Append what is held and not yet noted, oldest first; the number of events.

        The first run brings everything held. Raises LakeLocked while another process is at it, OSError when
        the folder cannot be written, and what the state database raises.
        """
        async with WriteLock(self.lake.root / ".siem.lock", 0.0):
            held = await asyncio.to_thread(self._held)
            noted = await self.done.counts()
            count = 0
            for day in sorted(day for day in held if len(held[day]) != noted.get(day, 0)):
                count += await self._deliver(day, held[day], now)
            if held:
                await self.done.forget(min(held))
            return count

    async def _deliver(self, day: date, held: Mapping[str, str], now: datetime) -> int:
        """The events of the source files of one day."""
        noted = await self.done.of(day)
        files = {file_id: sha256 for file_id, sha256 in held.items() if file_id not in noted}
        if not files:
            return 0
        lines = (line_of(row, now) for row in self._rows(files))
        written_on = now.astimezone(UTC).date()
        count = await asyncio.to_thread(append_lines, self.folder, written_on, lines)
        await self.done.note(day, files, now)
        return count

    def _held(self) -> dict[date, dict[str, str]]:
        """The sha256 of every source file that was read, by id and day of writing."""
        found: dict[date, dict[str, str]] = defaultdict(dict)
        for book in ledgers(self.lake):
            for day in book.days():
                entries = book.entries(day).values()
                found[day] |= {e.id: e.sha256 for e in entries if e.state is FileState.HELD}
        return found

    def _rows(self, files: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """The events of source files in order of their time, day by day."""
        wanted, sha256s = pa.array(list(files), pa.string()), frozenset(files.values())
        for day in self.lake.days(Dataset.EVENTS):
            receipt = self.lake.receipt(Dataset.EVENTS, day)
            if receipt is not None and sha256s & frozenset(receipt.page_sha256s):
                table = _of_files(self.lake.path(Dataset.EVENTS, day), wanted).sort_by(ORDER)
                for batch in table.to_batches(max_chunksize=ROWS_AT_ONCE):
                    yield from batch.to_pylist()


def _of_files(path: Path, wanted: Any) -> pa.Table:
    """The rows that the wanted source files brought; a row group in memory at a time."""
    found = [SCHEMAS[Dataset.EVENTS].empty_table()]
    with pq.ParquetFile(path) as file:
        for index in range(file.num_row_groups):
            group: Any = file.read_row_group(index)
            found.append(group.filter(pc.is_in(group["file_id"], wanted)))
    return pa.concat_tables(found)
