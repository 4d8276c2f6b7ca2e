"""metrics.md, "Burn, forecast": "month to date + weekday-median run-rate for the days left, 80 % band from a
back-test; exhaustion day = first day the cumulative sum passes the budget". "OpenAI's months are UTC calendar
months; print the back-test error".
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.metrics.forecast import Forecast, exhaustion_day, month_forecast
from bot.metrics.rates import LEAST_TRIALS
from bot.model.periods import Period, period_of
from bot.model.timerange import TimeRange

DailyMaker = Callable[..., dict[date, int | None]]

JUNE = TimeRange(date(2026, 6, 1), date(2026, 7, 1))  # begins on a Monday
FEBRUARY = TimeRange(date(2026, 2, 1), date(2026, 3, 1))
YEAR_BEFORE = date(2025, 6, 2)
WORKDAYS_ONLY = (10, 10, 10, 10, 10, 0, 0)

amounts = st.one_of(st.none(), st.integers(0, 10**13))
histories = st.lists(amounts, max_size=130).map(
    lambda values: {date(2026, 3, 1) + timedelta(days=n): value for n, value in enumerate(values)}
)
throughs = st.dates(date(2026, 5, 20), date(2026, 7, 10))


def naive_total(daily: dict[date, int | None], month: TimeRange, through: date) -> float | None:
    total = 0.0
    for day in month.days():
        used = daily.get(day) if day <= through else None
        if used is None:
            four = [through - timedelta(days=n) for n in range(28)]
            same = [v for d in four if d.weekday() == day.weekday() and (v := daily.get(d)) is not None]
            if len(same) < 2:
                return None
            used = median(same)
        total += used
    return total


def test_a_month_of_equal_days_is_forecast_to_the_credit(repeated: DailyMaker) -> None:
    made = month_forecast(repeated((100,) * 7, YEAR_BEFORE, 400), JUNE, date(2026, 6, 10))
    assert (made.spent, made.total, made.low, made.high) == (1000, 3000, 3000, 3000)
    assert made.back_test is not None
    assert (made.back_test.trials, made.back_test.error_pct) == (24, 0.0)


def test_weekends_ahead_count_as_weekends(repeated: DailyMaker) -> None:
    made = month_forecast(repeated(WORKDAYS_ONLY, YEAR_BEFORE, 400), JUNE, date(2026, 6, 14))
    assert made.spent == 100  # ten working days gone
    assert made.total == 220  # twelve left: 15-19, 22-26, 29 and 30 June


def test_the_rate_is_the_median_of_the_last_four_so_one_odd_day_changes_nothing(repeated: DailyMaker) -> None:
    daily = repeated((100,) * 7, YEAR_BEFORE, 400)
    daily[date(2026, 6, 8)] = 100_000
    made = month_forecast(daily, JUNE, date(2026, 6, 10))
    assert made.spent == 9 * 100 + 100_000
    assert made.total == made.spent + 20 * 100


def test_an_even_median_is_rounded_half_to_even() -> None:
    daily: dict[date, int | None] = {date(2026, 5, 18) + timedelta(days=n): 2 + n // 7 for n in range(14)}
    made = month_forecast(daily, JUNE, date(2026, 5, 31))
    assert made.total == 30 * 2  # the median of 2 and 3 is 2.5


def test_a_missing_day_is_not_spent_and_not_zero_but_estimated_and_named(repeated: DailyMaker) -> None:
    daily = repeated((100,) * 7, YEAR_BEFORE, 400)
    del daily[date(2026, 6, 3)]
    daily[date(2026, 6, 4)] = None
    made = month_forecast(daily, JUNE, date(2026, 6, 10))
    assert (made.spent, made.total) == (800, 3000)
    assert made.missing_days == (date(2026, 6, 3), date(2026, 6, 4))
    assert [day.used for day in made.days[:5]] == [100, 100, None, None, 100]


def test_a_known_zero_is_a_zero(repeated: DailyMaker) -> None:
    made = month_forecast(repeated((0,) * 7, YEAR_BEFORE, 400), JUNE, date(2026, 6, 10))
    assert (made.spent, made.total, made.missing_days) == (0, 0, ())
    assert made.back_test is not None
    assert made.back_test.error_pct is None  # percent of nothing


def test_an_empty_history_has_no_forecast_and_no_spent() -> None:
    made = month_forecast({}, JUNE, date(2026, 6, 2))
    assert (made.spent, made.total, made.days, made.back_test) == (None, None, (), None)
    assert made.missing_days == (date(2026, 6, 1), date(2026, 6, 2))


def test_one_week_of_history_is_too_little_for_a_rate(repeated: DailyMaker) -> None:
    made = month_forecast(repeated((100,) * 7, date(2026, 6, 1), 7), JUNE, date(2026, 6, 7))
    assert (made.spent, made.total, made.low, made.back_test) == (700, None, None, None)


def test_a_short_history_has_a_forecast_without_a_band(repeated: DailyMaker) -> None:
    made = month_forecast(repeated((100,) * 7, date(2026, 5, 25), 14), JUNE, date(2026, 6, 7))
    assert (made.total, made.low, made.high) == (3000, None, None)
    assert made.back_test is not None
    assert made.back_test.trials == 0 < LEAST_TRIALS
    assert made.days[6].low == 700  # a known sum needs no band
    assert made.days[7].low is None


def test_before_the_first_complete_day_of_a_month_nothing_is_spent(repeated: DailyMaker) -> None:
    made = month_forecast(repeated((100,) * 7, YEAR_BEFORE, 364), JUNE, date(2026, 5, 31))
    assert (made.spent, made.total, made.missing_days) == (0, 3000, ())


def test_a_whole_month_is_its_sum_without_a_back_test(repeated: DailyMaker) -> None:
    made = month_forecast(repeated((100,) * 7, FEBRUARY.start, 60), FEBRUARY, date(2026, 3, 9))
    assert (made.spent, made.total, made.low, made.high, made.back_test) == (2800, 2800, 2800, 2800, None)


def test_days_after_the_last_complete_one_are_not_looked_at(repeated: DailyMaker) -> None:
    daily = repeated((100,) * 7, YEAR_BEFORE, 400)
    later = daily | {date(2026, 6, 11): 1}
    assert month_forecast(later, JUNE, date(2026, 6, 10)) == month_forecast(daily, JUNE, date(2026, 6, 10))


def test_the_printed_error_is_absolute_errors_in_percent_of_what_was_used() -> None:
    # two levels, 100 then 200 from 1 June: the rule is right inside a level and wrong across the step
    daily: dict[date, int | None] = {}
    for n in range(70):
        day = date(2026, 4, 27) + timedelta(days=n)
        daily[day] = 100 if day < JUNE.start else 200
    made = month_forecast(daily, JUNE, date(2026, 6, 29))
    # one day ahead, tried on Mondays 11 May to 22 June: 12, 19, 26 May and 2, 9, 16, 23 June.
    # Medians: 100 100 100 100 100 150 200; actual: 100 100 100 200 200 200 200
    assert made.back_test is not None
    assert made.back_test.trials == 7
    assert made.back_test.error_pct == pytest.approx((100 + 100 + 50) / 1100 * 100)
    assert made.total == 30 * 200
    # errors sorted: 0 0 0 0 50 100 100; ninth decile at rank 5.4 of 0..6
    assert made.back_test.high == (100,)
    assert made.back_test.low == (0,)


@pytest.mark.parametrize(
    ("budget", "day"),
    [
        (2999, date(2026, 6, 30)),
        (3000, None),  # reached is not passed
        (1500, date(2026, 6, 16)),
        (999, date(2026, 6, 10)),
        (99, date(2026, 6, 1)),
    ],
)
def test_the_budget_is_exhausted_on_the_first_day_its_sum_passes_it(
    repeated: DailyMaker, budget: int, day: date | None
) -> None:
    made = month_forecast(repeated((100,) * 7, YEAR_BEFORE, 374), JUNE, date(2026, 6, 10))
    assert exhaustion_day(made, budget) == day


def test_without_a_forecast_there_is_no_exhaustion_day() -> None:
    assert exhaustion_day(month_forecast({}, JUNE, date(2026, 6, 2)), 1) is None


@given(daily=histories, through=throughs)
def test_the_total_is_that_of_a_plain_loop(daily: dict[date, int | None], through: date) -> None:
    made, plain = month_forecast(daily, JUNE, through), naive_total(daily, JUNE, through)
    assert (made.total is None) == (plain is None)
    if made.total is not None and plain is not None:
        assert made.total == pytest.approx(plain, abs=30)  # every rate is rounded to a whole micro-credit


@given(daily=histories, through=throughs)
def test_sums_never_fall_and_the_band_holds_the_forecast(
    daily: dict[date, int | None], through: date
) -> None:
    made = month_forecast(daily, JUNE, through)
    for row in ("total", "low", "high"):
        known = [value for day in made.days if (value := getattr(day, row)) is not None]
        assert known == sorted(known)
    assert all(day.low <= day.total <= day.high for day in made.days if day.low is not None and day.high)
    if made.low is not None and made.spent is not None:
        assert made.low >= made.spent


def months(count: int) -> list[TimeRange]:
    found = [period_of(Period.MONTH, date(2024, 1, 1))]
    while len(found) < count:
        found.append(period_of(Period.MONTH, found[-1].end))
    return found


def covers(made: Forecast, truth: int) -> bool:
    assert made.low is not None
    assert made.high is not None
    return made.low <= truth <= made.high


@pytest.mark.parametrize("kind", ["flat", "weekly", "spike"])
def test_the_80_percent_band_holds_the_truth_in_16_to_24_of_30_months(daily: DailyMaker, kind: str) -> None:
    start, tested = date(2023, 5, 1), months(30)
    days = daily(kind, 0, start, (tested[-1].end - start).days)
    hits = 0
    for month in tested:
        made = month_forecast(days, month, month.start + timedelta(days=14))
        hits += covers(made, sum(days[day] or 0 for day in month.days()))
    assert 16 <= hits <= 24


@pytest.mark.parametrize("gone", [5, 25])
def test_the_band_means_the_same_early_and_late_in_a_month(daily: DailyMaker, gone: int) -> None:
    start, tested = date(2023, 5, 1), months(30)
    hits = 0
    for seed in (1, 2):
        days = daily("weekly", seed, start, (tested[-1].end - start).days)
        for month in tested:
            made = month_forecast(days, month, month.start + timedelta(days=gone - 1))
            hits += covers(made, sum(days[day] or 0 for day in month.days()))
    assert 36 <= hits <= 52  # of 60
