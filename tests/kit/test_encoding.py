from __future__ import annotations

import csv
import json
from decimal import Decimal
from io import StringIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.kit.encoding import FORMULA_STARTS, Form, decimal_text, encoder, guarded
from bot.metrics.exportcolumns import DATE, ExportColumn, Holds
from bot.metrics.exports import Row

COLUMNS = (
    ExportColumn("name", Holds.TEXT),
    ExportColumn("email", Holds.TEXT),
    ExportColumn("turns"),
    ExportColumn("credits", Holds.MICRO),
)
INT64 = st.integers(min_value=-(2**63), max_value=2**63 - 1)
NAMES = st.text(st.characters(exclude_categories=["Cs"]))
ROWS = st.lists(st.tuples(NAMES, NAMES, INT64 | st.none(), INT64 | st.none()))
HOSTILE = [
    ('=HYPERLINK("http://evil.example")', '"quoted", and, commas', 0, 0),
    ("+1\r\n-2", "\ttab", None, None),
    ("@cmd|' /C calc'!A0", "\rcarriage", 1, -1),
    ("\u202eright to left", "ü\0\n\n", 2**62, 18_750_000),
]


def written(form: Form, rows: list[Row]) -> bytes:
    made = encoder(form, COLUMNS)
    return b"".join((made.head(), *(piece for _, piece in made.rows(rows)), made.tail()))


def read_csv(raw: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(raw.decode(), newline=""), strict=True))


@given(ROWS)
@example(HOSTILE)
def test_csv_comes_back_cell_by_cell_through_another_reader(rows: list[Row]) -> None:
    head, *lines = read_csv(written(Form.CSV, rows))
    assert head == ["name", "email", "turns", "credits"]
    expected = [
        [
            str(guarded(name)),
            str(guarded(email)),
            "" if turns is None else str(turns),
            decimal_text(micro) or "",
        ]
        for name, email, turns, micro in rows
    ]
    assert lines == expected


@given(ROWS)
@example(HOSTILE)
def test_json_comes_back_unguarded_and_exact(rows: list[Row]) -> None:
    document = json.loads(written(Form.JSON, rows), parse_float=Decimal)
    assert document.keys() == {"data"}
    told = [(r["name"], r["email"], r["turns"], r["credits"]) for r in document["data"]]
    millions = [None if micro is None else Decimal(int(micro)) / 1_000_000 for *_, micro in rows]
    assert told == [(*row[:3], million) for row, million in zip(rows, millions, strict=True)]


def test_json_of_rows_by_day_says_so() -> None:
    made = encoder(Form.JSON, (ExportColumn(DATE, Holds.TEXT), ExportColumn("turns")))
    whole = b"".join((made.head(), *(piece for _, piece in made.rows([("2026-10-20", 7)])), made.tail()))
    assert json.loads(whole) == {"group_by": "day", "data": [{"date": "2026-10-20", "turns": 7}]}


def test_lines_end_as_rfc_4180_says() -> None:
    assert written(Form.CSV, [("a", None, 1, 2_500_000)]) == b"name,email,turns,credits\r\na,,1,2.5\r\n"


@given(NAMES)
@example("=1+1")
def test_no_cell_starts_like_a_formula(name: str) -> None:
    cell = str(guarded(name))
    assert not cell.startswith(FORMULA_STARTS)
    assert cell in {name, f"'{name}"}


def test_a_negative_number_is_a_number_and_no_formula() -> None:
    assert written(Form.CSV, [("a", "b", -1, -1)]).endswith(b"a,b,-1,-0.000001\r\n")


@given(INT64)
def test_micro_units_are_written_exactly(micro: int) -> None:
    text = decimal_text(micro)
    assert text is not None
    assert Decimal(text) == Decimal(micro) / 1_000_000
    assert "E" not in text
    assert not (("." in text) and text.endswith(("0", ".")))


@pytest.mark.parametrize("form", Form)
def test_no_rows_are_a_file_all_the_same(form: Form) -> None:
    raw = written(form, [])
    assert read_csv(raw) == [[c.name for c in COLUMNS]] if form is Form.CSV else json.loads(raw)["data"] == []


def test_more_rows_than_are_written_at_once_are_all_there_once() -> None:
    rows: list[Row] = [(f"n{n}", None, n, None) for n in range(5_000)]
    assert [row["turns"] for row in json.loads(written(Form.JSON, rows))["data"]] == list(range(5_000))
    assert len(read_csv(written(Form.CSV, rows))) == 5_001
