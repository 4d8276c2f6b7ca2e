from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from bot.kit.explaining import explanation_facts, explanation_words
from bot.metrics.explained import Basis, explain_change

MICRO = 1_000_000
EXACT_BELOW = 2**52  # four and a half billion credits: a float holds every micro-credit below
amounts = st.integers(1, 10**6)
windows = st.builds(Basis, amounts, amounts, st.integers(0, 10**11))


def as_number(value: str) -> float:
    return float(value.replace("\N{MINUS SIGN}", "-").replace(",", ""))


def test_the_change_is_told_with_its_three_effects() -> None:
    found = explain_change(Basis(10, 100, 1000 * MICRO), Basis(15, 150, 1500 * MICRO))
    assert found is not None
    assert explanation_words(found) == (
        "+500 credits: +500 from active users, +0 from turns per user, +0 from price and mix"
    )


def test_small_changes_keep_two_digits() -> None:
    found = explain_change(Basis(1, 1, 0), Basis(1, 1, 1_250_000))
    assert found is not None
    assert explanation_words(found).startswith("+1.25 credits: +0 from active users")


@given(before=windows, after=windows)
def test_the_effects_add_up_exactly_as_numbers_and_as_printed(before: Basis, after: Basis) -> None:
    found = explain_change(before, after)
    assert found is not None
    assume(all(abs(one.amount) < EXACT_BELOW for one in found.effects))
    change, *effects = explanation_facts(found)
    assert sum(round((fact.number or 0) * MICRO) for fact in effects) == round((change.number or 0) * MICRO)
    if (
        max(abs(fact.number or 0) for fact in (change, *effects)) < 10**6
    ):  # above, figures are shortened to 1.2M
        assert round(sum(as_number(fact.value) for fact in effects), 2) == as_number(change.value)
