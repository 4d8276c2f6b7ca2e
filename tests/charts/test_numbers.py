from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts.numbers import compact, known, tick
from charts.scale import snug, spread, ticks


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (7, "7"), (312, "312"), (9_876, "9,876"), (12_400, "12.4k"), (99_999, "100k"),
        (999_960, "1M"), (1_240_000, "1.24M"), (3.9e17, "3.9e17"), (0.25, "0.25"), (0.001, "<0.01"),
        (-1_204, "\N{MINUS SIGN}1,204"), (999.7, "1,000"),
    ],
)  # fmt: skip
def test_numbers_read_like_in_a_report(value: float, text: str) -> None:
    assert compact(value) == text


def test_percent_follows_and_dollars_lead() -> None:
    assert compact(14.2, "%") == "14.2%"
    assert compact(1_240_000, "USD") == "$1.24M"
    assert compact(12, "credits") == "12"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (19.7, "$19.70"), (0.8, "$0.80"), (20, "$20"), (0, "$0"), (740.4, "$740"), (99.999, "$100"),
        (0.001, "<$0.01"),
    ],
)  # fmt: skip
def test_dollars_under_a_hundred_have_their_cents(value: float, text: str) -> None:
    assert compact(value, "USD") == text


def test_ticks_under_a_dollar_have_their_cents() -> None:
    assert [tick(value, 0.5, "USD") for value in (0, 0.25, 0.5)] == ["$0", "$0.25", "$0.50"]


def test_ticks_finer_than_a_cent_are_not_rounded() -> None:
    assert [tick(value, 0.075, "USD") for value in (0, 0.025, 0.05, 0.075)] == [
        "$0", "$0.025", "$0.05", "$0.075",
    ]  # fmt: skip


def test_ticks_of_one_axis_share_their_thousands() -> None:
    assert [tick(value, 15_000) for value in (0, 5_000, 10_000, 15_000)] == ["0", "5k", "10k", "15k"]


def test_what_no_chart_can_place_is_missing() -> None:
    assert known((1.0, None, math.nan, math.inf, 0.0)) == (1.0, 0.0)


@given(st.floats(-1e15, 1e15), st.floats(0, 1e15))
def test_ticks_cover_the_values_and_hold_zero(low: float, size: float) -> None:
    at = ticks(low, low + size)
    slack = (at[1] - at[0]) * 1e-6
    assert at[0] <= low + slack
    assert at[-1] >= low + size - slack
    assert 0 in at
    assert 2 <= len(at) <= 8


@pytest.mark.parametrize(
    ("low", "high", "at"),
    [
        (-22, 204, (-50, 0, 50, 100, 150, 200, 250)),
        (0, 208, (0, 50, 100, 150, 200, 250)),
        (0, 3_182, (0, 1_000, 2_000, 3_000, 4_000)),
    ],
)
def test_an_axis_has_more_ticks_where_that_leaves_less_room_empty(
    low: float, high: float, at: tuple[float, ...]
) -> None:
    assert snug(low, high, 4, 6, whole=True) == at


@given(st.floats(0, 50))
def test_ticks_of_people_are_whole(high: float) -> None:
    assert all(value == int(value) for value in ticks(0, high, whole=True))


@given(st.lists(st.floats(0, 300), min_size=1, max_size=8))
def test_labels_keep_their_distance_their_order_and_their_room(wanted: list[float]) -> None:
    placed = spread(tuple(wanted), 33, 0, 300)
    by_place = sorted(placed)
    assert all(b - a >= 33 - 1e-6 for a, b in itertools.pairwise(by_place))
    assert min(placed) >= -1e-6
    assert max(placed) <= 300 + 1e-6
    assert [y for _, y in sorted(zip(wanted, placed, strict=True))] == by_place
