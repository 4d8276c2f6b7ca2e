from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from bot.lake import SCHEMAS, Dataset, Lake, Person
from bot.lake.files import replacing
from bot.model.timerange import TimeRange

Put = Callable[..., None]
MONDAY, TUESDAY, WEDNESDAY = date(2026, 10, 19), date(2026, 10, 20), date(2026, 10, 21)
WEEK = TimeRange(date(2026, 10, 18), date(2026, 10, 25))
REVIEWS = Dataset.CODE_REVIEWS


def test_a_day_without_activity_is_a_known_zero_and_one_never_fetched_unknown(lake: Lake, put: Put) -> None:
    put(MONDAY, None)
    assert lake.held(REVIEWS, WEEK) == (MONDAY,)
    assert pq.read_table(lake.path(REVIEWS, MONDAY), partitioning=None).num_rows == 0
    assert lake.receipt(REVIEWS, TUESDAY) is None


def test_the_receipt_comes_back_as_it_was_written(lake: Lake, put: Put) -> None:
    put(MONDAY)
    held = lake.receipt(REVIEWS, MONDAY)
    assert held is not None
    assert (held.rows, held.window, held.fetched_at.isoformat()) == (
        1,
        TimeRange(MONDAY, TUESDAY),
        "2026-10-21T15:00:00+00:00",
    )


def test_a_replaced_file_brings_its_new_receipt_and_digest(lake: Lake, put: Put) -> None:
    put(MONDAY, 3)
    before = lake.receipt(REVIEWS, MONDAY), lake.sha256(REVIEWS, MONDAY)
    put(MONDAY, None)
    after = lake.receipt(REVIEWS, MONDAY), lake.sha256(REVIEWS, MONDAY)
    assert before[0] is not None
    assert after[0] is not None
    assert (before[0].rows, after[0].rows) == (1, 0)
    assert before[1] != after[1]


def test_days_are_listed_oldest_first_and_foreign_names_are_passed_over(lake: Lake, put: Put) -> None:
    put(WEDNESDAY)
    put(MONDAY)
    for name in ("day=nonsense", "day=2026-10-22", "notes"):
        (lake.root / REVIEWS / name).mkdir()
    assert lake.days(REVIEWS) == (MONDAY, WEDNESDAY)


def test_every_dataset_keeps_its_columns_in_an_empty_file(lake: Lake, put: Put) -> None:
    put(MONDAY, None)
    assert pq.read_schema(lake.path(REVIEWS, MONDAY)).names == SCHEMAS[REVIEWS].names


@pytest.mark.parametrize("damage", ["", "not parquet at all", "PAR1PAR1"])
def test_a_file_that_is_no_parquet_is_set_aside_and_its_day_missing(
    lake: Lake, put: Put, damage: str
) -> None:
    put(MONDAY)
    lake.path(REVIEWS, MONDAY).write_text(damage)
    assert lake.receipt(REVIEWS, MONDAY) is None
    assert lake.held(REVIEWS, WEEK) == ()
    assert [path.read_text() for path in (lake.root / "corrupt").iterdir()] == [damage]


def test_a_flipped_byte_inside_a_page_is_found_by_check(lake: Lake, put: Put) -> None:
    put(MONDAY)
    put(TUESDAY)
    path = lake.path(REVIEWS, MONDAY)
    content = bytearray(path.read_bytes())
    column = pq.read_metadata(path).row_group(0).column(0)
    content[column.data_page_offset + column.total_compressed_size - 1] ^= 0xFF
    path.write_bytes(bytes(content))
    assert lake.check(REVIEWS, WEEK) == (MONDAY,)
    assert lake.held(REVIEWS, WEEK) == (TUESDAY,)


def test_a_writer_that_fails_midway_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "a" / "part.parquet"
    with replacing(path) as out:
        out.write(b"old")
    with pytest.raises(ZeroDivisionError), replacing(path) as out:
        out.write(b"%d" % (1 // 0))
    assert [file.read_bytes() for file in path.parent.iterdir()] == [b"old"]


def test_sweep_removes_what_a_killed_writer_left_and_nothing_else(lake: Lake, put: Put) -> None:
    put(MONDAY)
    left = lake.path(REVIEWS, MONDAY).with_name("part.parquet.999.tmp")
    left.write_bytes(b"half")
    assert lake.sweep() == 1
    assert not left.exists()
    assert lake.held(REVIEWS, WEEK) == (MONDAY,)


def test_refused_rows_are_kept_by_day_and_disappear_when_the_day_comes_back_clean(lake: Lake) -> None:
    lake.write_quarantine(REVIEWS, MONDAY, [{"reason": "negative", "row": {"comments": -1}}])
    path = lake.root / "quarantine" / "day=2026-10-19" / "code_reviews.jsonl"
    assert path.read_text() == '{"reason":"negative","row":{"comments":-1}}\n'
    lake.write_quarantine(REVIEWS, MONDAY, [])
    assert not path.exists()


def test_people_keep_their_newest_address_and_their_first_and_last_day(lake: Lake) -> None:
    lake.add_people([Person("u1", "old@x.example", TUESDAY, TUESDAY), Person("u2", None, MONDAY, MONDAY)])
    lake.add_people(
        [Person("u1", "older@x.example", MONDAY, MONDAY), Person("u1", None, WEDNESDAY, WEDNESDAY)]
    )
    assert lake.people() == {
        "u1": Person("u1", "old@x.example", MONDAY, WEDNESDAY),
        "u2": Person("u2", None, MONDAY, MONDAY),
    }


def test_a_person_can_be_removed(lake: Lake) -> None:
    lake.add_people([Person("u1", "a@x.example", MONDAY, MONDAY), Person("u2", None, MONDAY, MONDAY)])
    assert lake.remove_people(["u1", "nobody"]) == 1
    assert set(lake.people()) == {"u2"}


def test_no_other_file_of_the_lake_holds_an_address(lake: Lake, put: Put) -> None:
    put(MONDAY)
    lake.add_people([Person("u1", "dana@northwind.example", MONDAY, MONDAY)])
    holders = [
        os.fspath(path.relative_to(lake.root))
        for path in lake.root.rglob("*")
        if path.is_file() and b"northwind" in path.read_bytes()
    ]
    assert holders == ["people/part.parquet"]
