"""Calendar weeks, months, quarters and years as windows of whole UTC days.

Every function raises OverflowError when the answer lies outside the years 1 to 9999.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date, timedelta
from enum import StrEnum

from bot.model.timerange import DAY, TimeRange

_WEEK_DAYS = 7


class Period(StrEnum):
    """Calendar periods a range can name."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}


def months_back(day: date, count: int) -> date:
    """The same day of the month `count` months earlier (later when negative).

    A day that month does not have becomes its last one: one month before 31 March is 28 or 29 February.
    """
    year, month = divmod(day.year * 12 + day.month - 1 - count, 12)
    if not MINYEAR <= year <= MAXYEAR:
        message = f"year {year} is outside the calendar"
        raise OverflowError(message)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def period_of(period: Period, day: date, week_start: int = 0) -> TimeRange:
    """The whole period that holds `day`; weeks begin on `week_start` (0 is Monday)."""
    if period is Period.WEEK:
        first = day - timedelta(days=(day.weekday() - week_start) % _WEEK_DAYS)
        return TimeRange(first, first + timedelta(days=_WEEK_DAYS))
    months = _MONTHS[period]
    first = day.replace(month=day.month - (day.month - 1) % months, day=1)
    return TimeRange(first, months_back(first, -months))


def period_before(period: Period, day: date, week_start: int = 0) -> TimeRange:
    """The whole period before the one that holds `day`."""
    return period_of(period, period_of(period, day, week_start).start - DAY, week_start)


def same_days_before(period: Period, window: TimeRange) -> TimeRange:
    """As many days of the period before as `window` has of its own, or all of it when it is shorter.

    A window of 1 to 20 October is compared with 1 to 20 September, 1 to 31 March with the whole of February.
    """
    earlier = period_before(period, window.start)
    return TimeRange(earlier.start, min(earlier.start + timedelta(days=window.day_count), earlier.end))
