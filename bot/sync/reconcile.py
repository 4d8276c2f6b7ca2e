"""Do the people's rows of a day add up to its workspace row? Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from bot.lake import Difference, PartKind
from bot.lake.schema import MEASURE_COLUMNS, MICRO_COLUMNS

ROUNDING: Final = {"credits": 1, "cost_usd": 5_000, "estimated_cost_usd": 5_000}
"""Micro-units a row may be off by rounding alone: credits come as floats, USD to the cent."""


def differences(people: Callable[[PartKind], pa.Table], workspace: pa.Table) -> tuple[Difference, ...]:
    """What does not add up, beyond rounding, per part and field.

    `people` gives the rows of one kind; all tables have the lake's usage schema. A field that any row leaves
    open is not compared, nor are clients or models when the workspace row does not break them down.
    """
    found: list[Difference] = []
    for kind in PartKind:
        theirs = workspace.filter(pc.equal(workspace["part_kind"], pa.scalar(kind.value)))
        if theirs.num_rows or kind is PartKind.TOTAL:
            found += _of_parts(kind, people(kind), theirs)
    return tuple(found)


def _of_parts(kind: PartKind, people: pa.Table, workspace: pa.Table) -> Iterator[Difference]:
    ours, theirs = _sums(people), _sums(workspace)
    for part in sorted(ours.keys() | theirs.keys()):
        our_rows, our_sums = ours.get(part, (0, {}))
        their_rows, their_sums = theirs.get(part, (0, {}))
        for field in MEASURE_COLUMNS:
            left = our_sums.get(field) if our_rows else 0
            right = their_sums.get(field) if their_rows else 0
            if left is None or right is None:
                continue
            allowed = ROUNDING.get(field, 0) * (our_rows + their_rows) if field in MICRO_COLUMNS else 0
            if abs(left - right) > allowed:
                yield Difference(kind, part, field, left, right)


def _sums(table: pa.Table) -> dict[str, tuple[int, dict[str, int | None]]]:
    """Rows and sums per part; a sum is None as soon as one row leaves the field open."""
    options = pc.ScalarAggregateOptions(skip_nulls=False)
    wanted: list[Any] = [(field, "sum", options) for field in MEASURE_COLUMNS]
    grouped = table.group_by("part").aggregate([*wanted, ([], "count_all")])
    return {
        row["part"]: (row["count_all"], {field: row[f"{field}_sum"] for field in MEASURE_COLUMNS})
        for row in grouped.to_pylist()
    }
