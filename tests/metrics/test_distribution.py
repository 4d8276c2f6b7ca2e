"""The spread of use against naive twins.

metrics.md: "Gini, Lorenz | x ascending, G = 2*sum(i*x_i)/(n*sum(x)) - (n+1)/n" and "say whether zero users
are in; add "top 10 % share""
metrics.md: "Segments (12 weeks) | Power: active in >= 9 of 12 weeks and >= 15 turns a week on average;
Habitual: >= 9 of 12; Novice: >= 1 turn a week on average; Low: any; Non: none"
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.metrics.distribution import Segments, amounts, gini, lorenz, segment_window, segments, spread
from bot.metrics.figures import Metric
from bot.model.timerange import TimeRange
from tests.metrics.grids import Acts, active, grid_of
from tests.metrics.test_usage import HISTORY, WINDOW, row

MONDAY = date(2026, 6, 1)
WEEKS = TimeRange(MONDAY, MONDAY + timedelta(weeks=12))


def used(*amounts: int | None) -> list[dict[str, Any]]:
    """One active person for each amount."""
    return [{"amount": amount, "active": True} for amount in amounts]


# -- twins -------------------------------------------------------------------------------------------------


def twin_gini(values: list[int]) -> Fraction:
    """The mean absolute difference of all pairs over twice the mean: the other textbook form."""
    n = len(values)
    apart = sum(abs(one - other) for one in values for other in values)
    return Fraction(apart, 2 * n * sum(values))


def twin_segment(weeks: int, turns: int) -> str:
    if weeks >= 9:
        return "power" if turns / 12 >= 15 else "habitual"
    if turns / 12 >= 1:
        return "novice"
    return "low" if weeks else "non"


# -- literal cases -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        # by hand: twelve ninths less four thirds
        ((1, 1, 1), 0.0),
        # by hand: two less five quarters
        ((0, 0, 0, 10), 0.75),
        # by hand: 28 eighteenths less four thirds
        ((1, 2, 3), 2 / 9),
    ],
)
def test_gini_by_hand(values: tuple[int, ...], expected: float) -> None:
    assert gini(values) == pytest.approx(expected)


def test_nobody_and_no_use_have_no_gini_and_no_curve() -> None:
    assert (gini(()), gini((0, 0)), lorenz(()), lorenz((0,))) == (None, None, (), ())


def test_the_top_tenth_is_rounded_up_to_whole_people() -> None:
    found = spread(used(*range(1, 12)))
    assert (found.people, found.top_people, found.top_part, found.whole) == (11, 2, 21, 66)
    assert found.top_share == pytest.approx(21 / 66)


def test_active_people_who_used_none_count_and_the_inactive_do_not() -> None:
    rows = [*used(0, 5), {"amount": 0, "active": False}, {"amount": 2, "active": False}]
    found = spread(rows)
    assert (found.people, found.zeros, found.whole) == (3, 1, 7)


def test_what_was_not_told_is_left_out_with_its_person() -> None:
    assert spread(used(None, 4)).people == 1
    assert spread(used(None)).top_share is None


def test_the_curve_starts_with_who_used_most() -> None:
    assert lorenz((1, 3, 4)) == (
        (pytest.approx(100 / 3), 50.0),
        (pytest.approx(200 / 3), 87.5),
        (100.0, 100.0),
    )


async def test_amounts_are_sums_of_the_window_alone(workspace: Any) -> None:
    rows = [
        row(WINDOW.start, "ann", {"turns": 2, "credits": 1.5}),
        row(WINDOW.last, "ann", {"credits": 0.25}),
        row(HISTORY.start, "ann", {"turns": 9, "credits": 9.0}),
        row(WINDOW.last, "ghost", {"credits": 0.1}),
    ]
    workspace.put(rows, HISTORY)
    (table,) = await workspace.ask(partial(amounts, metric=Metric.CREDITS, window=WINDOW))
    found = {r["user_id"]: (r["amount"], r["active"]) for r in table.to_pylist()}
    assert found == {"ann": (1_750_000, True), "ghost": (100_000, False)}


@pytest.mark.parametrize(
    ("as_of", "last"),
    [
        (date(2026, 10, 18), date(2026, 10, 18)),
        (date(2026, 10, 17), date(2026, 10, 11)),
        (date(2026, 10, 19), date(2026, 10, 18)),
    ],
)
def test_segments_are_of_the_twelve_whole_weeks_before(as_of: date, last: date) -> None:
    window = segment_window(as_of)
    assert (window.last, window.day_count, window.start.weekday()) == (last, 84, 0)


def test_each_person_is_in_one_segment() -> None:
    weekly = {("power", n) for n in range(9)} | {("habitual", n) for n in range(3, 12)}
    weekly |= {("novice", n) for n in range(8)} | {("low", 11)}
    acts = {(user, MONDAY + timedelta(weeks=n)) for user, n in weekly}
    turns = {"power": 180, "habitual": 179, "novice": 12, "low": 11}
    found = segments(grid_of(acts, WEEKS), turns, WEEKS, ever_seen=6)
    assert found == Segments(WEEKS, power=1, habitual=1, novice=1, low=1, non=2)


def test_fewer_turns_can_be_set_to_make_a_power_user() -> None:
    acts = {("ann", MONDAY + timedelta(weeks=n)) for n in range(9)}
    found = segments(grid_of(acts, WEEKS), {"ann": 24}, WEEKS, 1, power_turns=2)
    assert found == Segments(WEEKS, power=1, habitual=0, novice=0, low=0, non=0)


def test_twelve_weeks_with_a_missing_day_tell_no_segments() -> None:
    held = frozenset(WEEKS.days()) - {MONDAY}
    assert segments(grid_of(set(), WEEKS, held), {}, WEEKS, 3) is None


# -- twins and invariants ----------------------------------------------------------------------------------

counted = st.lists(st.integers(0, 10**12), min_size=1, max_size=60)
some = counted.filter(any)


@given(some)
def test_gini_is_the_mean_difference_of_pairs(values: list[int]) -> None:
    found = gini(sorted(values))
    assert found == pytest.approx(float(twin_gini(values)), abs=1e-12)
    assert found is not None
    assert 0 <= found < 1


@given(some, st.integers(1, 1000))
def test_gini_does_not_depend_on_the_unit(values: list[int], factor: int) -> None:
    ascending = sorted(values)
    assert gini([value * factor for value in ascending]) == pytest.approx(gini(ascending))


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=600).filter(any))
def test_the_curve_rises_bends_and_ends_with_everything(values: list[int]) -> None:
    points = lorenz(sorted(values))
    assert points[-1] == (100, 100)
    assert len(points) <= 202
    assert all(one[0] < two[0] and one[1] <= two[1] for one, two in pairwise(points))
    assert all(use >= people - 1e-9 for people, use in points)


@given(counted)
def test_the_top_share_is_a_point_of_the_curve(values: list[int]) -> None:
    found = spread(used(*values))
    if found.top_share is not None:
        shares = {round(people, 9): use for people, use in found.curve}
        assert shares[round(100 * found.top_people / found.people, 9)] == pytest.approx(100 * found.top_share)


@given(
    st.sets(st.tuples(st.sampled_from("abcd"), st.integers(0, 11)), max_size=40),
    st.fixed_dictionaries({user: st.integers(0, 400) for user in "abcd"}),
)
def test_segments_agree_with_the_twin_and_hold_everyone(
    weekly: set[tuple[str, int]], turns: dict[str, int]
) -> None:
    acts: Acts = {(user, MONDAY + timedelta(weeks=n)) for user, n in weekly}
    people = {user for user, _ in weekly}
    expected = [
        twin_segment(len([n for one, n in weekly if one == user]), turns[user] if user in people else 0)
        for user in "abcd"
    ]
    found = segments(grid_of(acts, WEEKS), turns, WEEKS, ever_seen=4)
    assert found is not None
    counts = {name: getattr(found, name) for name in ("power", "habitual", "novice", "low", "non")}
    assert counts == {name: expected.count(name) for name in counts}
    assert sum(counts.values()) == 4
    assert len(active(acts, WEEKS)) == 4 - found.non
