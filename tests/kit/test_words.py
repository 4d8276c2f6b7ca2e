from __future__ import annotations

import math

import pytest

from bot.kit.words import change, figure, points
from bot.model.chat import Unit


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (14.2, Unit.PERCENT, "14.2%"),
        (7.0, Unit.PERCENT, "7%"),
        (0.04, Unit.PERCENT, "0%"),
        (-0.04, Unit.PERCENT, "0%"),
        (-3.26, Unit.PERCENT, "−3.3%"),
        (99.96, Unit.PERCENT, "100%"),
        (1234.5, Unit.PERCENT, "1,234%"),
        (None, Unit.PERCENT, "no data"),
        (math.nan, Unit.PERCENT, "no data"),
        (1, Unit.DAYS, "1 day"),
        (12.5, Unit.USD, "$12.50"),
        (740.2, Unit.ESTIMATED_USD, "~$740"),
        (7.9, Unit.CREDITS, "7.90"),
        (202_410_000, Unit.TOKENS, "202.41M"),
    ],
)
def test_a_figure_is_written_with_its_unit(value: float | None, unit: Unit, written: str) -> None:
    assert figure(value, unit) == written


@pytest.mark.parametrize(
    ("pct", "written"),
    [
        (0.04, "no change"),
        (0.94, "+0.9%"),
        (0.96, "+1%"),
        (-0.99, "−1%"),
        (-3.4, "−3%"),
        (1234.5, "+1,234%"),
        (-99.4, "−99%"),
        (-99.6, "−99.6%"),
        (-99.99, "−99.9%"),
        (-100, "−100%"),
    ],
)
def test_a_change_has_a_sign_and_no_idle_zero(pct: float, written: str) -> None:
    assert change(pct) == written


@pytest.mark.parametrize(
    ("gained", "written"), [(1.04, "+1 point"), (-0.96, "−1 point"), (1.2, "+1.2 points"), (0, "0 points")]
)
def test_one_point_is_one_point(gained: float, written: str) -> None:
    assert points(gained) == written
