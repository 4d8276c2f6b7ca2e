"""Arrow tables waiting for their day to be complete: in memory while small, on disk beyond that."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

SPILL_BYTES: Final = 4_000_000


class Spool:
    """An append-only list of tables of one schema. Close it when the day is written or given up."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting: list[pa.Table] = []
        self._waiting_bytes = 0
        self._file: Any = None
        self._writer: pa.ipc.RecordBatchStreamWriter | None = None

    def append(self, table: pa.Table) -> None:
        """Adds lines at the end."""
        self._waiting.append(table)
        self._waiting_bytes += table.nbytes
        if self._waiting_bytes > SPILL_BYTES:
            self._spill()

    def table(self) -> pa.Table | None:
        """Everything appended, in order; None when nothing was."""
        if self._writer is None:
            return pa.concat_tables(self._waiting) if self._waiting else None
        self._spill()
        self._writer.close()
        self._file.flush()
        with pa.memory_map(self._file.name) as source:
            return pa.ipc.open_stream(source).read_all()

    def close(self) -> None:
        """Frees memory and disk."""
        self._waiting.clear()
        if self._file is not None:
            self._file.close()

    def _spill(self) -> None:
        if not self._waiting:
            return
        if self._writer is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file = tempfile.NamedTemporaryFile(dir=self._folder, suffix=".tmp")  # noqa: SIM115  # until close()
            self._writer = pa.ipc.new_stream(self._file, self._waiting[0].schema)
        for table in self._waiting:
            self._writer.write_table(table.combine_chunks())
        self._waiting.clear()
        self._waiting_bytes = 0
