"""What has come for one day and dataset, until it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from bot.analytics.api.wire import UsageRow
from bot.lake import SCHEMAS, Dataset, PartKind, Person
from bot.sync import columns
from bot.sync.spool import Spool

_MAKERS: Final = {
    PartKind.CLIENT: columns.clients,
    PartKind.MODEL: columns.models,
    PartKind.TOTAL: columns.totals,
}


class UsageDay:
    """Usage of one day, of people or of the workspace; a later row of one person replaces the earlier."""

    def __init__(self, folder: Path) -> None:
        self.row_count = 0
        self._spools = {kind: Spool(folder) for kind in _MAKERS}

    def add(self, rows: Sequence[UsageRow]) -> None:
        """Converts and keeps a page's rows of this day."""
        people = [row.user_id for row in rows]
        if None in people:
            people = [row.person_id for row in rows]
        for kind, make in _MAKERS.items():
            self._spools[kind].append(make(rows, people, self.row_count))
        self.row_count += len(rows)

    @property
    def duplicate_count(self) -> int:
        """Rows that were replaced."""
        return len(self._replaced)

    def part(self, kind: PartKind) -> pa.Table:
        """The lake's rows of one kind, by user; rows that were replaced are left out."""
        return _with_schema(_kept(self._spools[kind].table(), self._replaced), kind)

    def tables(self) -> Iterator[pa.Table]:
        """All rows in the order of `part_kind`, one kind in memory at a time."""
        return (self.part(kind) for kind in sorted(self._spools))

    def people(self, day: date) -> Iterator[Person]:
        """Who was seen."""
        table = self._spools[PartKind.TOTAL].table()
        if table is not None:
            pairs: Any = zip(table["user_id"].to_pylist(), table["email"].to_pylist(), strict=True)
            for user_id, email in pairs:
                yield Person(user_id, email, day, day)

    def close(self) -> None:
        """Frees what is held."""
        for spool in self._spools.values():
            spool.close()

    @cached_property
    def _replaced(self) -> pa.Array[Any]:
        table = self._spools[PartKind.TOTAL].table()
        # grouping costs more than all the rest of a day; most days come in the order of their users
        if table is None or _rising(table["user_id"], pc.less):
            return pa.array([], pa.int64())
        last = table.group_by("user_id").aggregate([("row", "max")])["row_max"]
        if len(last) == table.num_rows:
            return pa.array([], pa.int64())
        return table["row"].filter(pc.invert(pc.is_in(table["row"], value_set=last))).combine_chunks()


class ReviewDay:
    """The workspace's row of one day of a review dataset; a later row replaces the earlier."""

    def __init__(self, make: Callable[[Sequence[Any]], pa.Table]) -> None:
        self.row_count = 0
        self._make = make
        self._last: tuple[Any, ...] = ()

    @property
    def duplicate_count(self) -> int:
        """Rows that were replaced."""
        return max(self.row_count - 1, 0)

    def add(self, rows: Sequence[Any]) -> None:
        """Keeps the last of a page's rows of this day."""
        self.row_count += len(rows)
        self._last = tuple(rows[-1:])

    def tables(self) -> Iterator[pa.Table]:
        """The day's one table."""
        yield self._make(self._last)

    def close(self) -> None:
        """Nothing is held outside memory."""


def _kept(table: pa.Table | None, replaced: pa.Array[Any]) -> pa.Table:
    if table is None:
        return pa.table({"user_id": pa.array([], pa.string()), "email": pa.array([], pa.string())})
    if len(replaced):
        table = table.filter(pc.invert(pc.is_in(table["row"], value_set=replaced)))
    if _rising(table["user_id"], pc.less_equal):
        return table
    # sort_indices is stable, so a person's parts keep the order in which the API sent them
    return table.take(pc.sort_indices(table["user_id"]))


def _rising(users: Any, comes_before: Callable[[Any, Any], Any]) -> bool:
    chunks = users.combine_chunks()
    return not chunks.null_count and pc.all(comes_before(chunks[:-1], chunks[1:])).as_py() is not False


def _with_schema(table: pa.Table, kind: PartKind) -> pa.Table:
    schema = SCHEMAS[Dataset.USAGE]
    constant = {"part_kind": kind.value, "part": ""}
    arrays = [
        table[field.name]
        if field.name in table.column_names
        else pa.repeat(pa.scalar(constant.get(field.name), field.type), table.num_rows)
        for field in schema
    ]
    return pa.table(arrays, schema=schema)
