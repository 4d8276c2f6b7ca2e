"""Where a UTC calendar month is heading (metrics.md: burn, forecast).

Month to date, plus the weekday-median rate for the days left. A missing day of the days gone by is not in
`spent`; the forecast takes the rate for it, as for a day ahead, and names it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.metrics.rates import BackTest, Daily, Rates, back_test, weekday_rates
from bot.model.timerange import TimeRange


@dataclass(frozen=True, slots=True)
class ForecastDay:
    """One day of the month; `total`, `low` and `high` are sums from the 1st through this day, micro-units.

    `used` is None for a missing day and for a day ahead. `low` and `high` equal `total` while every day so
    far is known, and are None later when the back-test is too short for a band.
    """

    day: date
    used: int | None
    total: int
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """A month as of the end of `through`; amounts in micro-units.

    `spent` sums the held days gone by: None when there are such days and none is held, 0 on the 1st.
    `days` is the whole month, oldest first; empty, and `total`, `low`, `high`, `back_test` None, when days
    have to be estimated and history is too short for a rate. `back_test` is None when nothing is estimated.
    """

    month: TimeRange
    through: date
    spent: int | None
    missing_days: tuple[date, ...]
    days: tuple[ForecastDay, ...]
    back_test: BackTest | None

    @property
    def total(self) -> int | None:
        """The month's expected sum."""
        return self.days[-1].total if self.days else None

    @property
    def low(self) -> int | None:
        """The lower end of the 80 % band of the month's sum."""
        return self.days[-1].low if self.days else None

    @property
    def high(self) -> int | None:
        """The upper end of the 80 % band of the month's sum."""
        return self.days[-1].high if self.days else None


def month_forecast(daily: Daily, month: TimeRange, through: date) -> Forecast:
    """Forecast `month`, a whole UTC calendar month, from the days up to and including `through`.

    Later days in `daily` are not looked at. `through` may lie before the month (nothing spent yet) or at
    or after its end (nothing left to forecast unless days are missing).
    """
    used = {day: daily.get(day) if day <= through else None for day in month.days()}
    gone = [day for day in used if day <= through]
    known = [value for value in used.values() if value is not None]
    missing = tuple(day for day in gone if used[day] is None)
    spent = sum(known) if known or not gone else None
    unknown = sum(value is None for value in used.values())
    if not unknown:
        return Forecast(month, through, spent, missing, tuple(_walk(used, (0,) * 7, None)), None)
    rates = weekday_rates(daily, through)
    if rates is None:
        return Forecast(month, through, spent, missing, (), None)
    tested = back_test(daily, through, unknown)
    return Forecast(month, through, spent, missing, tuple(_walk(used, rates, tested)), tested)


def exhaustion_day(forecast: Forecast, budget: int) -> date | None:
    """The first day on which the sum passes (is more than) `budget`; None when it does not this month."""
    return next((day.day for day in forecast.days if day.total > budget), None)


def _walk(used: dict[date, int | None], rates: Rates, tested: BackTest | None) -> Iterator[ForecastDay]:
    """The running sums. The band's ends never fall and never lie below what the held days add up to."""
    total = floor = estimated = 0
    low: int | None = 0
    high: int | None = 0
    for day, value in used.items():
        total += rates[day.weekday()] if value is None else value
        floor += value or 0
        estimated += value is None
        if not estimated:
            low = high = total
        else:
            low = _end(tested.low if tested else (), estimated, total, max(low or 0, floor))
            high = _end(tested.high if tested else (), estimated, total, max(high or 0, floor))
        yield ForecastDay(day, value, total, low, high)


def _end(errors: tuple[int, ...], estimated: int, total: int, least: int) -> int | None:
    return max(total + errors[estimated - 1], least) if errors else None
