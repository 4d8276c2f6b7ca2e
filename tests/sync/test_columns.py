from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analytics.api.wire import UsageRow
from bot.lake import SCHEMAS, Dataset, Difference, PartKind
from bot.sync.columns import micro
from bot.sync.day import UsageDay
from bot.sync.reconcile import differences
from bot.sync.spool import SPILL_BYTES, Spool

Make = Callable[..., dict[str, Any]]
DAY = date(2026, 10, 20)


@pytest.mark.parametrize(
    ("value", "units"),
    [(18.75, 18_750_000), (0.0000005, 0), (0.0000015, 2), (1e-7, 0), (19.55, 19_550_000), (None, None)],
)
def test_money_becomes_micro_units_rounded_half_to_even(value: float | None, units: int | None) -> None:
    assert micro([value]).to_pylist() == [units]


@given(st.lists(st.none() | st.floats(0, 9e12)))
def test_micro_units_are_those_of_python(values: list[float | None]) -> None:
    assert micro(values).to_pylist() == [
        None if value is None else round(value * 1_000_000) for value in values
    ]


def usage_day(folder: Path, *rows: dict[str, Any]) -> UsageDay:
    day = UsageDay(folder)
    for row in rows:
        day.add(msgspec.convert([row], tuple[UsageRow, ...]))
    return day


def test_every_table_of_a_day_has_the_lakes_schema_and_null_stays_null(
    tmp_path: Path, make_row: Make
) -> None:
    models = [{"model": "gpt-5.5", "speed": "fast", "credits": 0.5, "text_total_tokens": 7}]
    tables = list(usage_day(tmp_path, make_row(DAY, "dana", models=models)).tables())
    assert {table.schema for table in tables} == {SCHEMAS[Dataset.USAGE]}
    client, model, total = (table.to_pylist()[0] for table in tables)
    assert (client["part_kind"], client["part"], client["speed"]) == ("client", "CODEX_CLI", None)
    assert (model["speed"], model["turns"], model["total_tokens"], model["cost_usd"]) == (
        "fast",
        None,
        7,
        None,
    )
    assert (total["part"], total["credits"], total["total_tokens"], total["lines_added"]) == (
        "",
        500_000,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("attribution", "lines", "commits"),
    [
        (None, (None, None), None),
        ({"lines_added": 4, "lines_removed": 1}, (4, 1), None),
        ({"lines_of_code": {"added": 5}, "commits": {"with_codex_contribution": 2}}, (5, None), 2),
    ],
)
def test_code_attribution_is_kept_in_its_old_and_its_new_form(
    tmp_path: Path,
    make_row: Make,
    attribution: Any,
    lines: tuple[int | None, int | None],
    commits: int | None,
) -> None:
    (row,) = (
        usage_day(tmp_path, make_row(DAY, "dana", code_attribution=attribution))
        .part(PartKind.TOTAL)
        .to_pylist()
    )
    assert (row["lines_added"], row["lines_removed"], row["commits_with_codex"]) == (*lines, commits)


def test_a_spool_beyond_its_memory_gives_back_everything_in_order(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    rows = SPILL_BYTES // 80
    for number in range(12):
        spool.append(pa.table({"n": pa.array(range(number * rows, (number + 1) * rows), pa.int64())}))
    assert len(list(tmp_path.iterdir())) == 1
    table = spool.table()
    assert table is not None
    assert table["n"].to_pylist() == list(range(12 * rows))
    spool.close()
    assert list(tmp_path.iterdir()) == []


def compared(tmp_path: Path, people: list[dict[str, Any]], whole: dict[str, Any]) -> tuple[Difference, ...]:
    workspace = pa.concat_tables(usage_day(tmp_path, whole).tables())
    return differences(usage_day(tmp_path, *people).part, workspace)


def whole_row(make_row: Make, turns: int, **more: Any) -> dict[str, Any]:
    return {**make_row(DAY, None, turns), "clients": [], **more}


def test_rows_that_add_up_have_no_difference(tmp_path: Path, make_row: Make) -> None:
    people = [make_row(DAY, "a", 2), make_row(DAY, "b", 3)]
    whole = make_row(DAY, None, 5)
    whole["totals"] = whole["clients"][0] | {"threads": 2, "credits": 1.0}
    whole["clients"][0] |= {"threads": 2, "credits": 1.0}
    assert compared(tmp_path, people, whole) == ()


def test_what_differs_is_told_per_client_too(tmp_path: Path, make_row: Make) -> None:
    whole = make_row(DAY, None, 2)
    whole["clients"] = [
        whole["clients"][0] | {"turns": 1},
        {"client_id": "X", "threads": 0, "turns": 1, "credits": 0.0},
    ]
    found = compared(tmp_path, [make_row(DAY, "a", 2)], whole)
    assert found == (
        Difference(PartKind.CLIENT, "CODEX_CLI", "turns", 2, 1),
        Difference(PartKind.CLIENT, "X", "turns", 0, 1),
    )


def test_rounding_of_cents_is_no_difference_and_an_open_field_is_not_compared(
    tmp_path: Path, make_row: Make
) -> None:
    def told(turns: int, usd: float | None, tokens: int | None) -> dict[str, Any]:
        return {
            "threads": 1,
            "turns": turns,
            "credits": 0.5,
            "estimated_cost_usd": usd,
            "text_total_tokens": tokens,
        }

    people = [make_row(DAY, "a", totals=told(1, 0.11, 5)), make_row(DAY, "b", totals=told(1, 0.11, None))]
    whole = {**told(2, 0.23, 99), "threads": 2, "credits": 1.0}
    assert compared(tmp_path, people, whole_row(make_row, 2, totals=whole)) == ()


def test_people_without_a_workspace_row_differ(tmp_path: Path, make_row: Make) -> None:
    empty = SCHEMAS[Dataset.USAGE].empty_table()
    found = differences(usage_day(tmp_path, make_row(DAY, "a", 2)).part, empty)
    assert [(difference.field, difference.people, difference.workspace) for difference in found] == [
        ("threads", 1, 0),
        ("turns", 2, 0),
        ("credits", 500_000, 0),
    ]
