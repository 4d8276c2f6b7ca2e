"""What has come for one day and dataset, until it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
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
        self.duplicate_count = 0
        self._spools = {kind: Spool(folder) for kind in _MAKERS}

    def add(self, rows: Sequence[UsageRow]) -> None:
        """Converts and keeps a page's rows of this day."""
        people = [row.user_id for row in rows]
        if None in people:
            people = [row.person_id for row in rows]
        for kind, make in _MAKERS.items():
            self._spools[kind].append(make(rows, people, self.row_count))
        self.row_count += len(rows)

    def finish(self) -> UsageTables:
        """The day's tables by part kind and then by user, without the rows that were replaced."""
        replaced = self._replaced_rows()
        self.duplicate_count = len(replaced)
        kept = {kind: _kept(spool.table(), replaced) for kind, spool in self._spools.items()}
        return UsageTables(kept)

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

    def _replaced_rows(self) -> pa.Array[Any]:
        table = self._spools[PartKind.TOTAL].table()
        if table is None:
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

    def finish(self) -> ReviewTables:
        """The day's table."""
        return ReviewTables(self._make(self._last))

    def close(self) -> None:
        """Nothing is held outside memory."""


@dataclass(frozen=True, slots=True)
class ReviewTables:
    """The one table of a review day."""

    table: pa.Table = field(repr=False)

    def for_lake(self) -> Iterator[pa.Table]:
        """The table, in the lake's schema."""
        yield self.table


@dataclass(frozen=True, slots=True)
class UsageTables:
    """Tables of one day by part kind, still with the helper columns `row` and `email`."""

    parts: dict[PartKind, pa.Table] = field(repr=False)

    def for_lake(self) -> Iterator[pa.Table]:
        """Tables of the lake's schema, in the order of `part_kind`."""
        for kind in sorted(self.parts):
            yield _with_schema(self.parts[kind], kind)


def _kept(table: pa.Table | None, replaced: pa.Array[Any]) -> pa.Table:
    if table is None:
        return pa.table({"user_id": pa.array([], pa.string()), "email": pa.array([], pa.string())})
    if len(replaced):
        table = table.filter(pc.invert(pc.is_in(table["row"], value_set=replaced)))
    users = table["user_id"].combine_chunks()
    in_order = len(users) < 2 or pc.all(pc.less_equal(users[:-1], users[1:])).as_py()  # noqa: PLR2004  a pair
    # sort_indices is stable, so a person's parts keep the order in which the API sent them
    return table if in_order is not False else table.take(pc.sort_indices(users))


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
