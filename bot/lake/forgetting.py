"""Takes a person out of the lake: figures stay, the name goes. Call it holding the write lock; blocking."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bot.lake.files import replacing, write_parquet
from bot.lake.forgotten import renamed
from bot.lake.receipt import RECEIPT_KEY
from bot.lake.schema import SCHEMAS, Dataset
from bot.lake.store import Lake

NOTE_KEY: Final = "codex_pulse.rewritten"


def days_of(lake: Lake, user_ids: frozenset[str]) -> int:
    """How many held days have a row of these people."""
    return sum(1 for day in lake.days(Dataset.USAGE) if _names(lake.path(Dataset.USAGE, day), user_ids))


def forget(lake: Lake, user_ids: frozenset[str], now: datetime) -> int:
    """Puts a pseudonym in the place of these people, for good; returns the number of rewritten days.

    The tombstone comes first and `people` last, so that a killed run can be repeated. Sums, receipts and
    their digests stay as they were; each rewritten file says so in its metadata.
    """
    lake.forgotten.add(user_ids)
    names = {user_id: lake.forgotten.pseudonym(user_id) for user_id in user_ids}
    paths = [lake.path(Dataset.USAGE, day) for day in lake.days(Dataset.USAGE)]
    found = [path for path in paths if _names(path, user_ids)]
    for path in found:
        _rewrite(path, names, now)
    _scrub_refused(lake, names)
    _drop_unreadable(lake)
    lake.remove_people(user_ids)
    return len(found)


def _names(path: Path, user_ids: frozenset[str]) -> bool:
    """An unreadable file names nobody here: the next check sets it aside, and then it is pulled again."""
    try:
        users = pq.read_table(path, columns=["user_id"], partitioning=None)["user_id"]
    except (FileNotFoundError, pa.ArrowException):
        return False
    return bool(pc.any(pc.is_in(users, value_set=pa.array(sorted(user_ids), pa.string()))).as_py())


def _rewrite(path: Path, names: dict[str, str], now: datetime) -> None:
    file = pq.ParquetFile(path)
    metadata = {key.decode(): value.decode() for key, value in (file.metadata.metadata or {}).items()}
    kept = {key: value for key, value in metadata.items() if key == RECEIPT_KEY.decode()}
    note = {"why": "a person was forgotten", "at": now.astimezone(UTC).isoformat(timespec="seconds")}
    write_parquet(
        path,
        SCHEMAS[Dataset.USAGE],
        [renamed(file.read(), names)],
        {**kept, NOTE_KEY: msgspec.json.encode(note).decode()},
    )


def _scrub_refused(lake: Lake, names: dict[str, str]) -> None:
    for path in (lake.root / "quarantine").glob("*/*.jsonl"):
        raw = path.read_bytes()
        if any(name.encode() in raw for name in names):
            rows = [lake.forgotten.scrubbed(msgspec.json.decode(line)) for line in raw.splitlines() if line]
            with replacing(path) as out:
                out.writelines(msgspec.json.encode(row) + b"\n" for row in rows)


def _drop_unreadable(lake: Lake) -> None:
    """Nobody can tell what a damaged file says, and its day is pulled again."""
    for path in (lake.root / "corrupt").glob("*"):
        path.unlink(missing_ok=True)
