from __future__ import annotations

import math

import pytest

from bot.kit.breakdown import change_column
from bot.kit.cells import cell_text
from bot.model.chat import Cell, Column, Unit


@pytest.mark.parametrize(
    ("value", "written"), [(2.9, "+3%"), (-3.8, "−4%"), (0.0, "no change"), (None, "–"), (math.inf, "–")]
)
def test_a_change_in_a_table_has_its_sign(value: Cell, written: str) -> None:
    assert cell_text(value, change_column()) == written


def test_a_share_in_a_table_has_no_sign() -> None:
    assert cell_text(2.9, Column("share_pct", "Share", Unit.PERCENT)) == "2.9%"
