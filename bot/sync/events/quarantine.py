"""Lines that could not be read, kept sealed: they may hold what somebody typed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import msgspec

from bot.compliance.api import LogFile
from bot.lake import Lake
from bot.lake.files import replacing
from bot.sync.events.keys import EventKeys
from bot.sync.events.lines import BadLine

ID_CHARS: Final = 32


class SealedLine(msgspec.Struct, frozen=True, kw_only=True):
    """A refused line: where it stood, why, and its bytes as `EventKeys.seal` wrote them."""

    file_id: str
    line: int
    sha256: str
    reason: str
    sealed: str


def keep_lines(lake: Lake, file: LogFile, bad: tuple[BadLine, ...], keys: EventKeys) -> None:
    """Replaces what is kept of one source file; nothing is written for none. Hold the write lock."""
    if not bad:
        return
    with replacing(_path(lake, file)) as out:
        for line in bad:
            kept = SealedLine(
                file_id=file.id,
                line=line.line,
                sha256=line.sha256,
                reason=line.reason,
                sealed=keys.seal(line.raw),
            )
            out.write(msgspec.json.encode(kept) + b"\n")


def kept_lines(lake: Lake, day: date) -> Iterator[SealedLine]:
    """Refused lines of the files written on `day` (UTC)."""
    for path in sorted(_folder(lake, day).glob("events-*.jsonl")):
        for line in path.read_bytes().splitlines():
            yield msgspec.json.decode(line, type=SealedLine)


def _path(lake: Lake, file: LogFile) -> Path:
    named = hashlib.sha256(file.id.encode()).hexdigest()[:ID_CHARS]
    return _folder(lake, file.ended_at.date()) / f"events-{named}.jsonl"


def _folder(lake: Lake, day: date) -> Path:
    return lake.root / "quarantine" / f"day={day.isoformat()}"
