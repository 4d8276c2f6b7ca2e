"""Original lines, fetched again from the source for the moment they are shown; nothing of them is kept."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.compliance.api import ComplianceApi, LogFile
from bot.lake import Lake
from bot.metrics.events.lines import SourceLine
from bot.model.errors import SourceMissing
from bot.sync.events.ledger import ledgers


@dataclass(frozen=True, slots=True)
class Original:
    """A line as the source has it; `raw` is None when the source has it no longer."""

    line: SourceLine
    raw: bytes | None = field(repr=False)


async def read_originals(api: ComplianceApi, lake: Lake, lines: Iterable[SourceLine]) -> tuple[Original, ...]:
    """Each line with its bytes, checked against the sha256 held. Raises Tampered for a file that changed."""
    wanted = tuple(lines)
    files = await asyncio.to_thread(_files, lake, {line.file_id for line in wanted})
    found: dict[str, bytes] = {}
    for file in files.values():
        found |= await _lines_of(api, file, {line.sha256 for line in wanted})
    return tuple(Original(line, found.get(line.sha256)) for line in wanted)


def _files(lake: Lake, ids: set[str]) -> dict[str, LogFile]:
    """What is needed to download a file again, from the books of the types read."""
    found: dict[str, LogFile] = {}
    for ledger in ledgers(lake):
        for day in ledger.days():
            entries = ledger.entries(day)
            found |= {i: e.as_log_file(ledger.event_type) for i, e in entries.items() if i in ids}
    return found


async def _lines_of(api: ComplianceApi, file: LogFile, wanted: set[str]) -> dict[str, bytes]:
    try:
        body = await api.body(file)
    except SourceMissing:
        return {}
    return await asyncio.to_thread(_matching, body, wanted)


def _matching(body: bytes, wanted: set[str]) -> dict[str, bytes]:
    hashed = ((hashlib.sha256(line).hexdigest(), line) for line in map(_unbroken, body.split(b"\n")))
    return {sha256: line for sha256, line in hashed if sha256 in wanted}


def _unbroken(line: bytes) -> bytes:
    return line.rstrip(b"\r\n")
