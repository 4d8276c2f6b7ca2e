"""Small text files that go with an answer; whoever delivers it discards them."""

from __future__ import annotations

import csv
import hashlib
import shutil
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from tempfile import mkdtemp

from bot.kit.encoding import guarded
from bot.model.chat import Answer, File, Reply, Table

FOLDER_PREFIX = "codex-pulse-export-"
_MEDIA = {".csv": "text/csv", ".md": "text/markdown"}


def attach(texts: Mapping[str, str]) -> tuple[File, ...]:
    """Write each text under its name into a folder of its own."""
    folder = Path(mkdtemp(prefix=FOLDER_PREFIX))
    return tuple(_written(folder / name, text) for name, text in texts.items())


def discard(answer: Answer) -> None:
    """Remove the files of an answer that was delivered, or never will be."""
    if isinstance(answer, Reply):
        for folder in {file.path.parent for file in answer.files}:
            if folder.name.startswith(FOLDER_PREFIX):
                shutil.rmtree(folder, ignore_errors=True)


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
