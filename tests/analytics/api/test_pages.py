from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analytics.api.pages import Page, PageDecoder
from bot.analytics.api.wire import UsageRow
from bot.http.fetch import Body
from bot.http.retry import Fault
from bot.model.errors import BadAnswer

DECODER = PageDecoder(UsageRow)
SECRET = "dana.okafor@northwind.example"


def row(**changed: Any) -> str:
    totals = {"threads": 1, "turns": 2, "credits": 0.5} | changed.pop("totals", {})
    whole = {"start_time": 1789344000, "end_time": 1789430400, "user_id": SECRET, "totals": totals} | changed
    return json.dumps(whole)


def body(*rows: str, has_more: str = "false", next_page: str = "null") -> bytes:
    text = f'{{"object":"page","data":[{",".join(rows)}],"has_more":{has_more},"next_page":{next_page}}}'
    return text.encode()


def read(data: bytes) -> Page[UsageRow]:
    return DECODER.page(Body(data, 0.25), number=3)


def test_a_page_says_what_it_was_made_of() -> None:
    data = body(row())
    page = read(data)
    assert page.sha256 == hashlib.sha256(data).hexdigest()
    assert page.byte_count == len(data)
    assert (page.number, page.fetch_seconds, page.next_page) == (3, 0.25, None)
    assert page.decode_seconds > 0
    assert len(page.rows) == 1


BAD = {
    "negative": row(totals={"credits": -0.01}),
    "a word for a number": row(totals={"turns": SECRET}),
    "half a turn": row(totals={"turns": 1.5}),
    "true": row(totals={"turns": True}),
    "beyond int64": row(totals={"text_total_tokens": 2**63}),
    "far beyond int64": row(totals={"text_total_tokens": 10**40}),
    "credits beyond micro-units": row(totals={"credits": 1e13}),
    "NaN": row(totals={"credits": float("nan")}),
    "Infinity": row(totals={"credits": float("inf")}),
    "minus Infinity": row(totals={"credits": float("-inf")}),
    "1e999": row(totals={"credits": 0.125}).replace("0.125", "1e999"),
    "no totals": json.dumps({"start_time": 1789344000, "end_time": 1789430400}),
    "null totals": row(totals={}).replace('{"threads": 1, "turns": 2, "credits": 0.5}', "null"),
    "no start": row().replace("start_time", "began"),
    "a start past the calendar": row(start_time=10**15),
    "half a surrogate": row(user_id="?").replace("?", "\\ud800"),
    "a client without a name": row(clients=[{"threads": 1, "turns": 1, "credits": 1}]),
    "null": "null",
    "a list": "[]",
    "a word": json.dumps(SECRET),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_row_does_not_cost_its_page(name: str) -> None:
    page = read(body(row(), BAD[name], row(user_id="after")))
    assert [good.user_id for good in page.rows] == [SECRET, "after"]
    (bad,) = page.bad
    assert bad.reason
    assert SECRET not in bad.reason
    assert b"\n" not in bad.raw
    assert json.dumps(json.loads(bad.raw)) == json.dumps(json.loads(BAD[name]))


def test_a_bad_row_is_kept_as_it_was_sent_on_one_line_with_its_day() -> None:
    pretty = json.dumps(json.loads(row(totals={"turns": -1})), indent=2).replace("\n", "\r\n")
    (bad,) = read(body(row(), pretty)).bad
    assert json.loads(bad.raw) == json.loads(pretty)
    assert b"\n" not in bad.raw
    assert b"\r" not in bad.raw
    assert bad.start_time == 1789344000
    assert bad.reason == "Expected `int` >= 0 - at `$.totals.turns`"


def test_broken_utf8_in_one_row_is_that_rows_fault() -> None:
    data = body(row(), row(user_id="?")).replace(b"?", b"\xff")
    page = read(data)
    assert (len(page.rows), len(page.bad)) == (1, 1)


def test_what_is_odd_but_unknown_to_us_does_not_hurt_a_row() -> None:
    page = read(body(row(invented=-1, shiny={"a": [1, None, 1e300, "x"]}, code_attribution={"new": []})))
    assert (len(page.rows), page.bad) == (1, ())


@pytest.mark.parametrize("number", ["6", "6.0", "0.6e1", "60e-1"])
def test_a_whole_number_may_be_written_as_a_float(number: str) -> None:
    (whole,) = read(body(row(totals={"threads": 77}).replace("77", number))).rows
    assert whole.totals.threads == 6
    assert isinstance(whole.totals.threads, int)


@pytest.mark.parametrize("number", ["6.5", "-6.0", "1e300", '"6"', "true", "null"])
def test_what_is_no_whole_number_is_no_count(number: str) -> None:
    page = read(body(row(totals={"threads": 77}).replace("77", number)))
    assert (page.rows, len(page.bad)) == ((), 1)


@pytest.mark.parametrize("number", ["0", "-0.0", "18.75", "19", "1e-400", "9000000000000"], ids=str)
def test_credits_come_as_whole_or_broken_numbers(number: str) -> None:
    page = read(body(row(totals={"credits": 0.125}).replace("0.125", number)))
    assert page.rows[0].totals.credits == float(number)
    assert isinstance(page.rows[0].totals.credits, float)


@pytest.mark.parametrize(
    "data",
    [
        b'{"error":"x"}',
        b'{"data":{},"has_more":false}',
        b'{"data":[]}',
        b'{"data":[],"page":{"has_more":true,"next_page":"c"}}',
        b'{"data":[],"has_more":"no"}',
        b'{"data":[],"has_more":true,"next_page":7}',
        b'{"data":[NaN],"has_more":"no"}',
        b"[]",
        b"null",
        b'{"data":[],"has_more":true,"next_page":null}',
        b'{"data":[],"has_more":true,"next_page":""}',
        b'{"data":[],"has_more":true}',
    ],
)
def test_an_unknown_envelope_is_a_bad_answer_for_good(data: bytes) -> None:
    with pytest.raises(Fault) as failed:
        read(data)
    assert isinstance(failed.value.error, BadAnswer)
    assert not failed.value.again


@pytest.mark.parametrize("data", [b"", b"{", b"<html></html>", body(row())[:-9], b"\xff"])
def test_a_malformed_body_is_a_bad_answer_worth_another_try(data: bytes) -> None:
    with pytest.raises(Fault) as failed:
        read(data)
    assert isinstance(failed.value.error, BadAnswer)
    assert failed.value.again


def test_every_cut_of_a_page_is_noticed() -> None:
    data = body(row(), row(clients=[{"client_id": "CODEX_CLI", "threads": 1, "turns": 1, "credits": 1}]))
    for size in range(len(data)):
        with pytest.raises(Fault):
            read(data[:size])


@pytest.mark.parametrize("shiny", ["[" * 100_000, "[" * 100_000 + "]" * 100_000])
def test_a_body_nested_without_end_is_a_bad_answer(shiny: str) -> None:
    with pytest.raises(Fault) as failed:
        read(body(row(shiny="?").replace('"?"', shiny)))
    assert isinstance(failed.value.error, BadAnswer)
    assert not failed.value.again


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(json_values, max_size=4))
def test_any_rows_at_all_are_either_good_or_bad(rows: list[Any]) -> None:
    page = read(body(row(), *(json.dumps(value) for value in rows)))
    assert len(page.rows) == 1
    assert len(page.bad) == len(rows)
