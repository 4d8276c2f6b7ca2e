from __future__ import annotations

from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from bot.engine import Engine, QueryFailed
from bot.lake import SCHEMAS, Dataset, Lake, Receipt
from bot.model.timerange import DAY, TimeRange

REVIEWS = Dataset.CODE_REVIEWS
MONDAY, TUESDAY = date(2026, 10, 19), date(2026, 10, 20)


def put(lake: Lake, day: date, *counts: int) -> Path:
    schema = SCHEMAS[REVIEWS]
    table = pa.table({name: list(counts) for name in schema.names}, schema=schema)
    window = TimeRange(day, day + DAY)
    lake.write_day(
        [table], Receipt(REVIEWS, day, window, datetime(2026, 10, 22, tzinfo=UTC), 1, (), len(counts))
    )
    return lake.path(REVIEWS, day)


def per_day(table: Any) -> Any:
    return table.group_by("day").aggregate(comments=table.comments.sum()).order_by("day")


async def test_the_day_of_the_path_is_a_date_column(engine: Engine, lake: Lake) -> None:
    files = [put(lake, MONDAY, 2, 3), put(lake, TUESDAY, 7)]
    (result,) = await engine.fetch(REVIEWS, files, per_day)
    assert result.to_pylist() == [{"day": MONDAY, "comments": 5}, {"day": TUESDAY, "comments": 7}]


async def test_only_the_named_files_are_read(engine: Engine, lake: Lake) -> None:
    put(lake, MONDAY, 2)
    (result,) = await engine.fetch(REVIEWS, [put(lake, TUESDAY, 7)], per_day)
    assert result.to_pylist() == [{"day": TUESDAY, "comments": 7}]


async def test_no_files_are_an_empty_table_with_all_columns(engine: Engine) -> None:
    (result,) = await engine.fetch(REVIEWS, [], lambda table: table)
    assert (result.num_rows, result.column_names) == (0, [*SCHEMAS[REVIEWS].names, "day"])


async def test_empty_day_files_alone_keep_the_date_column(engine: Engine, lake: Lake) -> None:
    (result,) = await engine.fetch(REVIEWS, [put(lake, MONDAY)], per_day)
    assert result.to_pylist() == []


async def test_a_replaced_file_is_read_anew(engine: Engine, lake: Lake) -> None:
    files = [put(lake, MONDAY, 2)]
    await engine.fetch(REVIEWS, files, per_day)
    put(lake, MONDAY, 40, 2)
    (result,) = await engine.fetch(REVIEWS, files, per_day)
    assert result.to_pylist() == [{"day": MONDAY, "comments": 42}]


async def test_an_unreadable_file_is_a_typed_failure(engine: Engine, lake: Lake) -> None:
    path = put(lake, MONDAY, 2)
    path.write_bytes(b"PAR1 no more")
    with pytest.raises(QueryFailed):
        await engine.fetch(REVIEWS, [path], per_day)


async def test_more_windows_than_views_are_kept_still_answer(engine: Engine, lake: Lake) -> None:
    files = [put(lake, MONDAY + n * DAY, n) for n in range(40)]
    for n, path in enumerate(files):
        (result,) = await engine.fetch(REVIEWS, [path], per_day)
        assert result["comments"].to_pylist() == [n]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_csv('/etc/hostname')",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "ATTACH '/tmp/other.db'",
    ],
)
async def test_the_engine_reaches_nothing_outside_the_lake(engine: Engine, statement: str) -> None:
    await engine.warm()
    with pytest.raises(Exception, match=r"(?i)disabled|cannot|locked|not allowed"):
        engine._connection.raw_sql(statement)


async def test_a_table_in_memory_can_be_joined(engine: Engine, lake: Lake) -> None:
    files = [put(lake, MONDAY, 2), put(lake, TUESDAY, 7)]

    def joined(table: Any) -> Any:
        wanted = import_module("ibis").memtable(pa.table({"comments": [7]}))
        return table.inner_join(wanted, "comments").select("day", "comments")

    (result,) = await engine.fetch(REVIEWS, files, joined)
    assert result.to_pylist() == [{"day": TUESDAY, "comments": 7}]
