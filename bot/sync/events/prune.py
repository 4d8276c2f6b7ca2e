"""Retention of the audit log, apart from that of usage.

A legal hold keeps its subject's events, and what the books tell of the files that they stood in.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import reduce
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bot.lake import Dataset, Lake
from bot.model.timerange import TimeRange
from bot.sync.events.ledger import ledgers


@dataclass(frozen=True, slots=True)
class Hold:
    """A subject pinned against retention: a user id, a token or a session, and whole UTC days."""

    subject: str
    window: TimeRange

    def keeps(self, table: Any) -> Any:
        """True for the rows of an Arrow table that name this subject as actor, credential, token or owner."""
        columns = ("user_id", "credential_id", "token_id", "created_by_user_id", "session_id")
        subject = pa.array([self.subject])
        return _any(pc.is_in(table[column], subject) for column in columns)


@dataclass(frozen=True, slots=True)
class Pruned:
    """Days deleted whole, days thinned to what is held, and events deleted."""

    days_deleted: int
    days_thinned: int
    events_deleted: int


def prune(
    lake: Lake, before: date, holds: Iterable[Hold], now: datetime, books_before: date | None = None
) -> Pruned:
    """Deletes events of days before `before` but those a hold pins. Hold the write lock.

    Books of files are kept from `books_before` on, where that is given: they name nobody.
    """
    holds = tuple(holds)
    deleted = thinned = gone = 0
    pinned: set[str] = set()
    for day in (day for day in lake.days(Dataset.EVENTS) if day < before):
        rows = pq.read_metadata(lake.path(Dataset.EVENTS, day)).num_rows
        kept = list(_kept(lake.path(Dataset.EVENTS, day), [hold for hold in holds if day in hold.window]))
        kept_rows = sum(table.num_rows for table in kept)
        pinned.update(file_id for table in kept for file_id in table["file_id"].to_pylist())
        gone += rows - kept_rows
        deleted += not kept_rows
        thinned += 0 < kept_rows < rows
        _replace(lake, day, kept, kept_rows, now)
    for ledger in ledgers(lake):
        ledger.forget(books_before or before, pinned)
    _forget_quarantine(lake, before)
    return Pruned(deleted, thinned, gone)


def _kept(path: Path, holds: list[Hold]) -> Iterator[Any]:
    if not holds:
        return
    with pq.ParquetFile(path) as file:
        for index in range(file.num_row_groups):
            table: Any = file.read_row_group(index)
            kept = table.filter(_any(hold.keeps(table) for hold in holds))
            if kept.num_rows:
                yield kept


def _any(masks: Iterable[Any]) -> Any:
    return reduce(pc.or_, masks)


def _replace(lake: Lake, day: date, kept: list[Any], kept_rows: int, now: datetime) -> None:
    receipt = lake.receipt(Dataset.EVENTS, day)
    if not kept_rows:
        shutil.rmtree(lake.path(Dataset.EVENTS, day).parent)
    elif receipt is not None and kept_rows < receipt.rows:
        lake.write_day(kept, replace(receipt, rows=kept_rows, fetched_at=now))


def _forget_quarantine(lake: Lake, before: date) -> None:
    for path in (lake.root / "quarantine").glob("day=*/events-*.jsonl"):
        if path.parent.name < f"day={before.isoformat()}":
            path.unlink()
