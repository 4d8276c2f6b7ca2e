from __future__ import annotations

import math

import pytest

from bot.kit.breakdown import change_column
from bot.kit.cells import cell_text, change_of, change_text
from bot.model.chat import Cell, Column, Fact, Unit


@pytest.mark.parametrize(
    ("value", "written"), [(2.9, "+3%"), (-3.8, "−4%"), (0.0, "no change"), (None, "–"), (math.inf, "–")]
)
def test_a_change_in_a_table_has_its_sign(value: Cell, written: str) -> None:
    assert cell_text(value, change_column()) == written


def test_a_share_in_a_table_has_no_sign() -> None:
    assert cell_text(2.9, Column("share_pct", "Share", Unit.PERCENT)) == "2.9%"


def fact(unit: Unit, number: float | None, change_pct: float | None) -> Fact:
    return Fact("key", "Label", "shown", number, unit, change_pct)


@pytest.mark.parametrize(
    ("unit", "number", "pct", "said"),
    [
        (Unit.CREDITS, 110.0, 10.0, "+10%"),
        (Unit.PERCENT, 84.48, -2.49, "−2.2 points"),
        (Unit.PERCENT, 50.0, 25.0, "+10 points"),
        (Unit.PERCENT, 50.0, 0.0, "no change"),
        (Unit.PERCENT, 0.0, -100.0, "−100%"),
        (Unit.PERCENT, None, None, ""),
    ],
)
def test_a_share_changes_by_points_and_all_else_by_percent(
    unit: Unit, number: float | None, pct: float | None, said: str
) -> None:
    assert change_of(fact(unit, number, pct)) == said
    assert change_text(fact(unit, number, pct)) == (f" ({said})" if said else "")


def test_a_share_kept_between_0_and_1_changes_by_points_too() -> None:
    assert change_of(Fact("key", "Label", "72.1%", 0.721, Unit.RATIO, -0.4)) == "−0.3 points"
    assert change_of(Fact("key", "Label", "72.1%", 0.721, Unit.RATIO, 0.01)) == "no change"


def test_a_coefficient_changes_by_percent() -> None:
    assert change_of(Fact("key", "Label", "0.62", 0.62, Unit.RATIO, -14.0)) == "−14%"
