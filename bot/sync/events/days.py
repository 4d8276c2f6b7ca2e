"""Merges new events into the day files: sorted, each event once, a few row groups in memory."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bot.lake import SCHEMAS, Dataset, Lake, Receipt
from bot.model.timerange import DAY, TimeRange
from bot.sync.events.row import Event, TimeSource

ROW_GROUP_ROWS: Final = 16_384
"""Point look-ups of a person read one or two groups of a day (performance.md, log events)."""
SCHEMA: Final = SCHEMAS[Dataset.EVENTS]
ORDER: Final[Any] = [("user_id", "ascending"), ("timestamp", "ascending"), ("event_id", "ascending")]
KEY_COLUMNS: Final = tuple(column for column, _ in ORDER)

Key = tuple[bool, str, int, str]


@dataclass(frozen=True, slots=True)
class Written:
    """What a merge changed: new events by source file, and how many were held already."""

    new_by_file: dict[str, int]
    repeated_by_file: dict[str, int]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file whose events are merged, for the day's receipt."""

    id: str
    sha256: str


def key(user_id: str | None, timestamp: int, event_id: str) -> Key:
    """The order of a day file; events without a person come last."""
    return (user_id is None, user_id or "", timestamp, event_id)


def merge_events(lake: Lake, events: Iterable[Event], files: Iterable[SourceFile], now: datetime) -> Written:
    """Adds events to the files of their days. Call it off the event loop, holding the write lock."""
    written = Written({}, {})
    sha256s = {file.id: file.sha256 for file in files}
    for day, fresh in sorted(_by_day(events, written).items()):
        held = _held_ids(lake, day, fresh) | _held_elsewhere(lake, day, fresh)
        new = [event for event_id, event in fresh.items() if event_id not in held]
        _count(written.repeated_by_file, (event for event_id, event in fresh.items() if event_id in held))
        if new or not lake.path(Dataset.EVENTS, day).is_file():
            _rewrite(lake, day, new, {sha256s[event.file_id] for event in new}, now)
        _count(written.new_by_file, new)
    return written


def _by_day(events: Iterable[Event], written: Written) -> dict[date, dict[str, Event]]:
    by_day: dict[date, dict[str, Event]] = {}
    for event in events:
        fresh = by_day.setdefault(event.day, {})
        if event.event_id in fresh:
            _count(written.repeated_by_file, (event,))
        fresh.setdefault(event.event_id, event)
    return by_day


def _count(counts: dict[str, int], events: Iterable[Event]) -> None:
    for event in events:
        counts[event.file_id] = counts.get(event.file_id, 0) + 1


def _held_ids(lake: Lake, day: date, fresh: dict[str, Event]) -> set[str]:
    path = lake.path(Dataset.EVENTS, day)
    wanted = pa.array(list(fresh), pa.string())
    held: set[str] = set()
    if path.is_file():
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(columns=["event_id"]):
                ids = batch.column("event_id")
                held.update(map(str, ids.filter(pc.is_in(ids, wanted)).to_pylist()))
    return held


def _held_elsewhere(lake: Lake, day: date, fresh: dict[str, Event]) -> set[str]:
    """Ids that another day holds, of events without a time of their own: each file would date them anew."""
    undated = {name: event for name, event in fresh.items() if event.timestamp_from == TimeSource.FILE}
    others = (other for other in lake.days(Dataset.EVENTS) if undated and other != day)
    return set[str]().union(*(_held_ids(lake, other, undated) for other in others))


def _rewrite(lake: Lake, day: date, new: list[Event], sha256s: set[str], now: datetime) -> None:
    old = lake.receipt(Dataset.EVENTS, day)
    known = sha256s | set(old.page_sha256s if old else ())
    receipt = Receipt(
        dataset=Dataset.EVENTS,
        day=day,
        window=TimeRange(day, day + DAY),
        fetched_at=now,
        pages=len(known),
        page_sha256s=tuple(sorted(known)),
        rows=len(new) + (old.rows if old else 0),
    )
    lake.write_day(_groups(_merged(lake, day, new)), receipt)


def _merged(lake: Lake, day: date, new: list[Event]) -> Iterator[pa.Table]:
    """Held rows and new ones in order, a held row group at a time."""
    new.sort(key=lambda event: key(event.user_id, event.timestamp, event.event_id))
    keys = [key(event.user_id, event.timestamp, event.event_id) for event in new]
    done = 0
    path = lake.path(Dataset.EVENTS, day)
    if path.is_file():
        with pq.ParquetFile(path) as file:
            for index in range(file.num_row_groups):
                held = file.read_row_group(index)
                until = bisect_right(keys, _last_key(held))
                yield pa.concat_tables([held, to_table(new[done:until])]).sort_by(ORDER)
                done = until
    yield to_table(new[done:])


def _last_key(table: pa.Table) -> Key:
    last = table.select(KEY_COLUMNS).slice(table.num_rows - 1).to_pylist()[0]
    return key(last["user_id"], last["timestamp"], last["event_id"])


def _groups(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The same rows in tables of ROW_GROUP_ROWS, the last one shorter."""
    rest = SCHEMA.empty_table()
    for table in tables:
        rest = pa.concat_tables([rest, table])
        while rest.num_rows >= ROW_GROUP_ROWS:
            yield rest.slice(0, ROW_GROUP_ROWS).combine_chunks()
            rest = rest.slice(ROW_GROUP_ROWS)
    if rest.num_rows:
        yield rest.combine_chunks()


def to_table(events: list[Event]) -> pa.Table:
    """Arrow table of the `events` schema, a column at a time."""
    columns = [pa.array(map(attrgetter(field.name), events), field.type) for field in SCHEMA]
    return pa.table(columns, schema=SCHEMA)
