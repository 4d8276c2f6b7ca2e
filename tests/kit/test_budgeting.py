from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.kit.budgeting import heading_for, may_pass, standing
from bot.metrics.budgets import budget_state
from bot.metrics.figures import MICRO
from bot.metrics.forecast import Forecast, month_forecast
from bot.model.chat import Unit
from bot.model.periods import Period, period_of

OCTOBER = period_of(Period.MONTH, date(2026, 10, 1))
START = date(2026, 1, 1)


def uneven(through: date) -> Forecast:
    """Days of 60 to 100 credits without a rhythm, so that the band has a width."""
    days = (START + timedelta(days=n) for n in range(304))
    used = {day: (60 + day.toordinal() * 7919 % 41) * MICRO for day in days}
    return month_forecast(used, OCTOBER, through)


def test_a_budget_inside_the_band_is_kept_but_not_for_certain() -> None:
    made = uneven(date(2026, 10, 20))
    assert made.total is not None
    assert made.high is not None
    close, far = budget_state(made.total + MICRO, made), budget_state(made.high, made)
    assert (may_pass(close), may_pass(far)) == (True, False)
    assert standing(close, Unit.CREDITS).endswith(", within the budget, though the band reaches above it.")
    assert standing(far, Unit.CREDITS).endswith(", within the budget.")


@pytest.mark.parametrize(("through", "verb"), [(20, "is heading for"), (31, "used")])
def test_a_title_has_the_sum_of_the_month_and_no_band(through: int, verb: str) -> None:
    said = heading_for("Codex", uneven(date(2026, 10, through)), Unit.CREDITS)
    assert said.startswith(f"Codex {verb} 2,")
    assert said.endswith(" credits in October 2026")
    assert not may_pass(budget_state(10**12, uneven(date(2026, 10, 31))))
