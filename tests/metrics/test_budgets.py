from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from bot.metrics.budgets import BudgetState, budget_state
from bot.metrics.forecast import month_forecast
from bot.model.timerange import TimeRange

DailyMaker = Callable[..., dict[date, int | None]]

JUNE = TimeRange(date(2026, 6, 1), date(2026, 7, 1))
TENTH = date(2026, 6, 10)


@pytest.fixture
def state(repeated: DailyMaker) -> Callable[[int], BudgetState]:
    """100 a day: 1,000 spent by the 10th of June and 3,000 expected by its end."""
    made = month_forecast(repeated((100,) * 7, date(2025, 6, 2), 374), JUNE, TENTH)
    return lambda amount: budget_state(amount, made)


@pytest.mark.parametrize(
    ("amount", "crossed", "pct", "left"),
    [
        (2001, (), 49.975, 1001),
        (2000, (50,), 50, 1000),
        (1250, (50, 80), 80, 250),
        (1000, (50, 80, 100), 100, 0),
        (500, (50, 80, 100), 200, -500),
    ],
)
def test_thresholds_are_crossed_when_reached(
    state: Callable[[int], BudgetState], amount: int, crossed: tuple[int, ...], pct: float, left: int
) -> None:
    found = state(amount)
    assert (found.crossed, found.left) == (crossed, left)
    assert found.spent_pct == pytest.approx(pct, abs=1e-3)


@pytest.mark.parametrize(
    ("amount", "overrun", "day"),
    [(3000, 0, None), (2950, 50, date(2026, 6, 30)), (100, 2900, date(2026, 6, 2))],
)
def test_an_overrun_is_what_the_forecast_lies_above_the_budget(
    state: Callable[[int], BudgetState], amount: int, overrun: int, day: date | None
) -> None:
    found = state(amount)
    assert (found.overrun, found.exhausted_on, found.certain) == (overrun, day, overrun > 0)


def test_an_overrun_inside_the_band_is_not_certain(daily: DailyMaker) -> None:
    made = month_forecast(daily("weekly", 1, date(2025, 6, 2), 374), JUNE, TENTH)
    assert made.total is not None
    found = budget_state(made.total - 1, made)
    assert (found.overrun, found.certain) == (1, False)


def test_without_data_nothing_is_crossed_and_nothing_is_zero() -> None:
    found = budget_state(100, month_forecast({}, JUNE, TENTH))
    assert (found.spent_pct, found.left, found.overrun, found.exhausted_on) == (None, None, None, None)
    assert (found.crossed, found.certain) == ((), False)


def test_missing_days_do_not_hide_a_threshold_that_the_held_days_reach() -> None:
    found = budget_state(100, month_forecast({TENTH - timedelta(days=1): 60}, JUNE, TENTH))
    assert (found.crossed, found.overrun) == ((50,), None)


@pytest.mark.parametrize("amount", [0, -1])
def test_a_budget_is_positive(state: Callable[[int], BudgetState], amount: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        state(amount)
