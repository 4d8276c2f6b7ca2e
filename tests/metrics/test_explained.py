"""metrics.md, "Credit change explained": "change = effect of user count + of intensity (turns per user)
+ of price/mix (credits per turn), the three adding up exactly". "state the order (or use the
symmetric/Shapley form)".
"""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.metrics.explained import Basis, Factor, explain_change, largest_remainder

NOTHING = Basis(0, 0, 0)


def effects(before: Basis, after: Basis) -> tuple[int, ...]:
    found = explain_change(before, after)
    assert found is not None
    assert [effect.factor for effect in found.effects] == list(Factor)
    return tuple(effect.amount for effect in found.effects)


def naive_shapley(before: Basis, after: Basis) -> list[Fraction]:
    """Change the factors one after another, in each of the six orders, and take the mean of what each did."""

    def factors(basis: Basis) -> list[Fraction]:
        users, turns, used = basis.users or 0, basis.turns or 0, basis.credits or 0
        return [Fraction(users), Fraction(turns, users), Fraction(used, turns)]

    old, new = factors(before), factors(after)
    effect = [Fraction(0)] * 3
    for order in permutations(range(3)):
        now = list(old)
        for n in order:
            was = now[0] * now[1] * now[2]
            now[n] = new[n]
            effect[n] += (now[0] * now[1] * now[2] - was) / 6
    return effect


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # only one factor moves: the whole change is its
        (Basis(10, 100, 1000), Basis(15, 150, 1500), (500, 0, 0)),
        (Basis(10, 100, 1000), Basis(10, 80, 800), (0, -200, 0)),
        (Basis(10, 100, 1000), Basis(10, 100, 1700), (0, 0, 700)),
        # users 1 -> 2 and turns per user 1 -> 2 at one credit a turn: each 1 alone, 2 after the other
        (Basis(1, 1, 1), Basis(2, 4, 4), (2, 1, 0)),  # 1.5 and 1.5: the first gets the odd unit
        # 2·3·5 = 30 -> 4·1·10 = 40: +2·(2·(15 + 10) + 30 + 5)/6, -2·(2·(10 + 40) + 20 + 20)/6, ...
        (Basis(2, 6, 30), Basis(4, 4, 40), (29, -47, 28)),  # 28.33, -46.67, 28.33
    ],
)
def test_effects_worked_out_by_hand(before: Basis, after: Basis, expected: tuple[int, ...]) -> None:
    assert effects(before, after) == expected
    assert sum(expected) == (after.credits or 0) - (before.credits or 0)


def test_from_nothing_to_something_is_the_effect_of_users() -> None:
    assert effects(NOTHING, Basis(3, 30, 700)) == (700, 0, 0)
    assert effects(Basis(3, 30, 700), NOTHING) == (-700, 0, 0)
    assert effects(NOTHING, NOTHING) == (0, 0, 0)


def test_people_without_a_turn_and_without_credits_have_an_intensity_of_zero() -> None:
    assert effects(Basis(5, 0, 0), Basis(5, 50, 100)) == (0, 100, 0)


@pytest.mark.parametrize("strange", [Basis(0, 5, 10), Basis(5, 0, 10), Basis(0, 0, 10), Basis(0, 5, 0)])
def test_credits_that_no_turn_of_anybody_explains_are_not_split(strange: Basis) -> None:
    assert explain_change(strange, Basis(1, 1, 1)) is None
    assert explain_change(Basis(1, 1, 1), strange) is None


@pytest.mark.parametrize("gap", [Basis(None, 1, 1), Basis(1, None, 1), Basis(1, 1, None)])
def test_a_missing_figure_leaves_the_change_unexplained(gap: Basis) -> None:
    assert explain_change(gap, Basis(1, 1, 1)) is None
    assert explain_change(Basis(1, 1, 1), gap) is None


def test_the_leading_effect_is_the_largest_in_size_and_of_equals_the_first() -> None:
    found = explain_change(Basis(2, 6, 30), Basis(4, 4, 40))
    assert found is not None
    assert (found.leading.factor, found.leading.amount) == (Factor.INTENSITY, -47)
    nothing = explain_change(NOTHING, NOTHING)
    assert nothing is not None
    assert nothing.leading.factor is Factor.USERS


def test_the_rest_of_a_rounding_goes_to_the_largest_fractions_then_to_the_first() -> None:
    third = Fraction(1, 3)
    assert largest_remainder((third, third, third), 1) == (1, 0, 0)
    assert largest_remainder((Fraction(-1, 2), Fraction(7, 4), Fraction(3, 4)), 2) == (-1, 2, 1)
    assert largest_remainder((), 0) == ()


counts = st.integers(1, 10**6)
basis = st.builds(Basis, counts, counts, st.integers(0, 10**15))


@given(before=basis, after=basis)
def test_the_three_always_add_up_and_are_next_to_the_plain_mean_over_orders(
    before: Basis, after: Basis
) -> None:
    found = effects(before, after)
    assert sum(found) == (after.credits or 0) - (before.credits or 0)
    for whole, exact in zip(found, naive_shapley(before, after), strict=True):
        assert abs(whole - exact) < 1
