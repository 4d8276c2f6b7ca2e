"""Small text files that go with an answer; whoever delivers it discards them (`exportfiles.discard`)."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping
from io import StringIO
from pathlib import Path

from bot.kit.encoding import guarded
from bot.model.chat import File, Table

_MEDIA = {".csv": "text/csv", ".md": "text/markdown"}


def attach(folder: Path, texts: Mapping[str, str]) -> tuple[File, ...]:
    """Write each text under its name into `folder`."""
    return tuple(_written(folder / name, text) for name, text in texts.items())


def attach_bytes(path: Path, media_type: str, raw: bytes) -> File:
    """Write one file."""
    path.write_bytes(raw)
    return File(path.name, media_type, path, hashlib.sha256(raw).hexdigest())


def csv_text(table: Table) -> str:
    """The table as CSV with its keys as the header; no data is an empty cell."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.key for column in table.columns])
    writer.writerows([guarded(cell) for cell in row] for row in table.rows)
    return out.getvalue()


def _written(path: Path, text: str) -> File:
    raw = text.encode()
    path.write_bytes(raw)
    return File(path.name, _MEDIA[path.suffix], path, hashlib.sha256(raw).hexdigest())
