"""Every held event of a window, row by row: the metadata that the lake has, oldest first."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from bot.analytics.exporting import Sink, SourceFile
from bot.engine import Engine, QueryFailed
from bot.lake import Dataset, Lake
from bot.lake.schema import EVENT_INTEGERS, EVENT_TEXTS
from bot.metrics.events.activity import at
from bot.metrics.exportcolumns import ExportColumn, Holds
from bot.metrics.exports import Cell, Row
from bot.model.timerange import TimeRange

if TYPE_CHECKING:
    import ibis

INSTANTS: Final = ("timestamp", "expires_at")
NAMES: Final = ("timestamp", *EVENT_TEXTS, *(name for name in EVENT_INTEGERS if name != "timestamp"))
COLUMNS: Final = tuple(
    ExportColumn(name, Holds.TEXT if name in (*EVENT_TEXTS, *INSTANTS) else Holds.COUNT) for name in NAMES
)
_PLACES: Final = tuple(NAMES.index(name) for name in INSTANTS)
_ROWS_AT_ONCE: Final = 4_096


@dataclass(frozen=True, slots=True)
class EventExport:
    """What an export of events stands on. Its rows went to the sink."""

    window: TimeRange
    files: tuple[SourceFile, ...]


async def export_events(lake: Lake, engine: Engine, window: TimeRange, sink: Sink) -> EventExport:
    """Every row to `sink`, a day in memory at a time. Raises QueryFailed when a file changed meanwhile."""
    files = await asyncio.to_thread(_files, lake, window)
    await asyncio.to_thread(sink.begin, COLUMNS)
    for day in await asyncio.to_thread(lake.held, Dataset.EVENTS, window):
        (table,) = await engine.fetch(Dataset.EVENTS, (lake.path(Dataset.EVENTS, day),), _ordered)
        await asyncio.to_thread(sink.add, _rows(table))
    if files != await asyncio.to_thread(_files, lake, window):
        message = "a file was replaced while it was exported"
        raise QueryFailed(message)
    return EventExport(window, files)


def _ordered(table: ibis.Table) -> ibis.Expr:
    return table.select(*NAMES).order_by(["timestamp", "event_id"])


def _rows(table: pa.Table) -> Iterator[Row]:
    for batch in table.to_batches(max_chunksize=_ROWS_AT_ONCE):
        for cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            yield tuple(_told(place, cell) for place, cell in enumerate(cells))


def _told(place: int, cell: Any) -> Cell:
    """Instants in ISO 8601, UTC."""
    if place not in _PLACES:
        told: Cell = cell
        return told
    moment: datetime | None = at(cell)
    return moment.isoformat() if moment else None


def _files(lake: Lake, window: TimeRange) -> tuple[SourceFile, ...]:
    found = lake.files(Dataset.EVENTS, window)
    return tuple(
        SourceFile(
            f"{Dataset.EVENTS}/day={each.receipt.day.isoformat()}",
            lake.sha256(Dataset.EVENTS, each.receipt.day) or "",
            each.receipt.rows,
            each.receipt.fetched_at,
        )
        for each in found
    )
