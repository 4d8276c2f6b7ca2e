"""An export read from the lake in parts, so that its size does not matter."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import pairwise
from typing import Any, Protocol

import pyarrow as pa

from bot.analytics.kept import anew
from bot.analytics.reading import Reader
from bot.engine import QueryFailed
from bot.lake import CONTRACT_VERSION, Dataset, Lake
from bot.metrics import exports
from bot.metrics.coverage import Coverage, FileReceipt
from bot.metrics.exportcolumns import ExportColumn, ExportKind, columns_of
from bot.model.timerange import TimeRange

PEOPLE_FILE = "people"
_TUPLES_AT_ONCE = 4_096


class Sink(Protocol):
    """Takes the rows of one export. Blocking: it is called off the event loop."""

    def begin(self, columns: tuple[ExportColumn, ...]) -> None:
        """Start, or start anew: what came before does not count."""
        ...

    def add(self, rows: Iterable[exports.Row]) -> None:
        """Take the next rows: a cell for each column, None for no data."""
        ...


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A lake file behind an export: `DATASET/day=YYYY-MM-DD` or `people`, and the sha256 of its bytes."""

    name: str
    sha256: str
    rows: int | None = None
    fetched_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ExportResult:
    """What an export stands on. Its rows went to the sink."""

    kind: ExportKind
    coverage: Coverage
    columns: tuple[ExportColumn, ...]
    files: tuple[SourceFile, ...]
    contract_version: str = CONTRACT_VERSION


class Exporter:
    """Reads exports through the engine, a few days at a time."""

    def __init__(self, lake: Lake, reader: Reader) -> None:
        self._lake = lake
        self._reader = reader

    async def run(self, kind: ExportKind, window: TimeRange, sink: Sink, *, emails: bool) -> ExportResult:
        """Every row to `sink`. Raises QueryFailed when a file was replaced or found damaged meanwhile."""
        coverage = await self._reader.cover.of(window, datasets=kind.datasets)
        columns = columns_of(kind, emails=emails)
        files = await asyncio.to_thread(self._files, coverage, emails=emails)
        await asyncio.to_thread(sink.begin, columns)
        with anew():  # nobody asks for these parts again
            async for rows in self._rows(kind, coverage, emails=emails):
                await asyncio.to_thread(sink.add, rows)
        if files != await asyncio.to_thread(self._files, coverage, emails=emails):
            message = "a file was replaced while it was exported"
            raise QueryFailed(message)
        return ExportResult(kind, coverage, columns, files)

    async def _rows(
        self, kind: ExportKind, coverage: Coverage, *, emails: bool
    ) -> AsyncIterator[Iterable[exports.Row]]:
        match kind:
            case ExportKind.WORKSPACE:
                (days,) = await self._reader.query(coverage, Dataset.USAGE, exports.workspace_days)
                yield exports.workspace_rows(days.to_pylist(), coverage)
            case ExportKind.REVIEWS:
                both = [await self._reader.query(coverage, d, exports.review_days) for d in kind.datasets]
                reviews, responses = (tables[0].to_pylist() for tables in both)
                yield exports.review_rows(reviews, responses, coverage)
            case ExportKind.USERS:
                addresses = await asyncio.to_thread(self._addresses) if emails else None
                async for parts in self._person_parts(coverage):
                    yield exports.person_rows(_tuples(parts), addresses)

    async def _person_parts(self, coverage: Coverage) -> AsyncIterator[pa.Table]:
        for chunk in exports.chunks(coverage.files):
            for start, end in await self._people_ranges(chunk):
                build = partial(exports.person_parts, start=start, end=end)
                (parts,) = await self._reader.query_files(Dataset.USAGE, chunk, build)
                yield parts

    async def _people_ranges(self, chunk: tuple[FileReceipt, ...]) -> list[tuple[str, str | None]]:
        """One range of all user ids, or for a day of very many people several of about the same size."""
        if sum(file.rows for file in chunk) <= exports.ROWS_AT_ONCE:
            return [("", None)]
        build = partial(exports.sample_of_people, drawn=exports.SAMPLED)
        (found,) = await self._reader.query_files(Dataset.USAGE, chunk, build)
        step = max(exports.ROWS_AT_ONCE // 16 ** len(exports.SAMPLED), 1)
        starts = [found[0][n].as_py() for n in range(step, found.num_rows, step)]
        return list(pairwise(["", *starts, None]))

    def _addresses(self) -> dict[str, str | None]:
        return {user_id: person.email for user_id, person in self._lake.people().items()}

    def _files(self, coverage: Coverage, *, emails: bool) -> tuple[SourceFile, ...]:
        """The files by name. A day that vanished has an empty digest, which no file has."""
        days = [
            SourceFile(f.name, self._lake.sha256(f.dataset, f.day) or "", f.rows, f.fetched_at)
            for f in coverage.files
        ]
        people = self._lake.people_sha256() if emails else None
        return (*days, *([SourceFile(PEOPLE_FILE, people)] if people else []))


def _tuples(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    """The rows, few at a time: Python objects cost many times what Arrow's cells do."""
    for batch in table.to_batches(max_chunksize=_TUPLES_AT_ONCE):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
