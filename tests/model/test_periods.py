from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.periods import Period, months_back, period_before, period_of, same_days_before
from bot.model.timerange import TimeRange


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2026-03-31", 1, "2026-02-28"),
        ("2028-03-31", 1, "2028-02-29"),
        ("2028-02-29", 12, "2027-02-28"),
        ("2026-01-15", 1, "2025-12-15"),
        ("2026-12-01", -1, "2027-01-01"),
        ("2026-10-31", 0, "2026-10-31"),
    ],
)
def test_a_day_the_month_does_not_have_becomes_its_last_one(day: str, count: int, expected: str) -> None:
    assert months_back(date.fromisoformat(day), count) == date.fromisoformat(expected)


@pytest.mark.parametrize("count", [24400, -120000])
def test_months_outside_the_calendar_overflow(count: int) -> None:
    with pytest.raises(OverflowError, match="outside the calendar"):
        months_back(date(2026, 10, 1), count)


@pytest.mark.parametrize(
    ("period", "day", "start", "end"),
    [
        (Period.WEEK, "2026-10-21", "2026-10-19", "2026-10-26"),
        (Period.WEEK, "2027-01-01", "2026-12-28", "2027-01-04"),  # week 53 of 2026 holds new year
        (Period.MONTH, "2028-02-29", "2028-02-01", "2028-03-01"),
        (Period.QUARTER, "2026-12-31", "2026-10-01", "2027-01-01"),
        (Period.QUARTER, "2026-02-28", "2026-01-01", "2026-04-01"),
        (Period.YEAR, "2026-12-31", "2026-01-01", "2027-01-01"),
    ],
)
def test_a_period_holds_its_first_day_and_ends_before_the_next(
    period: Period, day: str, start: str, end: str
) -> None:
    expected = TimeRange(date.fromisoformat(start), date.fromisoformat(end))
    assert period_of(period, date.fromisoformat(day)) == expected


def test_a_week_can_begin_on_sunday() -> None:
    assert period_of(Period.WEEK, date(2026, 10, 21), week_start=6).start == date(2026, 10, 18)


@pytest.mark.parametrize(
    ("period", "start", "end", "before_start", "before_end"),
    [
        (Period.MONTH, "2026-10-01", "2026-10-21", "2026-09-01", "2026-09-21"),
        (Period.MONTH, "2026-03-01", "2026-04-01", "2026-02-01", "2026-03-01"),
        (Period.MONTH, "2026-02-01", "2026-03-01", "2026-01-01", "2026-01-29"),
        (Period.QUARTER, "2026-04-01", "2026-07-01", "2026-01-01", "2026-04-01"),
        (Period.YEAR, "2029-01-01", "2029-03-02", "2028-01-01", "2028-03-01"),
    ],
)
def test_the_period_before_is_cut_to_the_days_elapsed(
    period: Period, start: str, end: str, before_start: str, before_end: str
) -> None:
    window = TimeRange(date.fromisoformat(start), date.fromisoformat(end))
    expected = TimeRange(date.fromisoformat(before_start), date.fromisoformat(before_end))
    assert same_days_before(period, window) == expected


@given(
    st.sampled_from(Period),
    st.dates(date(1900, 1, 1), date(2200, 1, 1)),
    st.integers(0, 6),
)
def test_periods_tile_the_calendar(period: Period, day: date, week_start: int) -> None:
    whole = period_of(period, day, week_start)
    assert day in whole
    assert period_before(period, day, week_start).end == whole.start
    assert period_of(period, whole.last, week_start) == whole
