from __future__ import annotations

import pytest

from bot.kit.cells import change_of, change_text
from bot.model.chat import Fact, Unit


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
