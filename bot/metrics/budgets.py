"""How a month stands against its budget."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.metrics.forecast import Forecast, exhaustion_day

THRESHOLDS: Final = (50, 80, 100)
"""Percent of the budget at which people are told."""


@dataclass(frozen=True, slots=True)
class BudgetState:
    """Amounts in the budget's micro-units. None is no data or no forecast, never 0.

    `crossed` are the thresholds that the held days alone have reached, lowest first. `left` is negative
    once more is spent than budgeted. `overrun` is how much the forecast lies above the budget, 0 within it.
    `certain` is true when even the low end of the band is above the budget.
    """

    amount: int
    forecast: Forecast
    spent_pct: float | None
    left: int | None
    crossed: tuple[int, ...]
    overrun: int | None
    certain: bool
    exhausted_on: date | None


def budget_state(amount: int, forecast: Forecast) -> BudgetState:
    """State of a positive budget for the forecast's month; raises ValueError for any other amount."""
    if amount <= 0:
        message = f"a budget is positive, not {amount}"
        raise ValueError(message)
    spent, low = forecast.spent, forecast.low
    return BudgetState(
        amount=amount,
        forecast=forecast,
        spent_pct=None if spent is None else spent / amount * 100,
        left=None if spent is None else amount - spent,
        crossed=tuple(n for n in THRESHOLDS if spent is not None and spent * 100 >= amount * n),
        overrun=None if forecast.total is None else max(forecast.total - amount, 0),
        certain=low is not None and low > amount,
        exhausted_on=exhaustion_day(forecast, amount),
    )
