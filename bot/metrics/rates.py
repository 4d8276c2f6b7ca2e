"""The weekday-median run-rate and the trials that say how far off it used to be (metrics.md: burn, forecast).

Days are whole UTC days with an integer each; a day that is absent or None is missing, never zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate
from statistics import median, quantiles
from typing import Final

from bot.model.timerange import DAY, TimeRange

Daily = Mapping[date, int | None]
"""What each UTC day used, in micro-units."""

Rates = tuple[int, ...]
"""The usual amount of each weekday, Monday first."""

RATE_WEEKS: Final = 4
"""A weekday's rate is the median of its last four: one odd week does not move it, growth soon does."""

LEAST_KNOWN: Final = 2
TRIAL_WEEKS: Final = 26
LEAST_TRIALS: Final = 5
_WEEK: Final = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class BackTest:
    """The rule tried on earlier days of the same weekday, for as many days ahead.

    `error_pct` is the sum of absolute errors over those days ahead in percent of what was used, None when
    nothing was used. `low` and `high` hold, per day ahead, the first and last decile of actual minus
    forecast of the sum so far, in micro-units, never above and below 0, so that the band holds the forecast
    itself when usage only ever grew; both empty with fewer than `LEAST_TRIALS` trials.
    """

    trials: int
    error_pct: float | None
    low: tuple[int, ...]
    high: tuple[int, ...]


def weekday_rates(daily: Daily, through: date) -> Rates | None:
    """The rates as of the end of `through`; None while a weekday has not two known days in four weeks."""
    rates = []
    for weekday in range(7):
        last = through - timedelta(days=(through.weekday() - weekday) % 7)
        known = [v for n in range(RATE_WEEKS) if (v := daily.get(last - n * _WEEK)) is not None]
        if len(known) < LEAST_KNOWN:
            return None
        rates.append(round(median(map(Fraction, known))))
    return tuple(rates)


def back_test(daily: Daily, through: date, days_ahead: int) -> BackTest:
    """Try the rule as of the last 26 such weekdays before `through` that have `days_ahead` known days."""
    trials = tuple(_trials(daily, through, days_ahead)) if days_ahead else ()
    used = sum(actual for actual, _ in trials)
    missed = sum(abs(errors[-1]) for _, errors in trials)
    low, high = _deciles(tuple(errors for _, errors in trials))
    return BackTest(len(trials), missed / used * 100 if used else None, low, high)


def _trials(daily: Daily, through: date, days_ahead: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    """What was used in the days ahead, and the running errors of its forecast, newest trial first."""
    for weeks in range(1, TRIAL_WEEKS + 1):
        cut = through - weeks * _WEEK
        ahead = TimeRange(cut + DAY, cut + (days_ahead + 1) * DAY)
        actual = [v for day in ahead.days() if day <= through and (v := daily.get(day)) is not None]
        rates = weekday_rates(daily, cut)
        if rates is not None and len(actual) == days_ahead:
            errors = (v - rates[day.weekday()] for v, day in zip(actual, ahead.days(), strict=True))
            yield sum(actual), tuple(accumulate(errors))


def _deciles(errors: tuple[tuple[int, ...], ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    if len(errors) < LEAST_TRIALS:
        return (), ()
    tenths = [
        quantiles([Fraction(error) for error in row], n=10, method="inclusive")
        for row in zip(*errors, strict=True)
    ]
    zero = Fraction(0)
    return tuple(round(min(row[0], zero)) for row in tenths), tuple(
        round(max(row[-1], zero)) for row in tenths
    )
