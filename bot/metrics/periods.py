"""Days, Monday weeks and calendar months of a window."""

from __future__ import annotations

from datetime import date
from typing import Final

from bot.model.asked import View
from bot.model.periods import Period, period_of
from bot.model.timerange import DAY, TimeRange

_PERIODS: Final = {View.WEEKLY: Period.WEEK, View.MONTHLY: Period.MONTH}


def periods(window: TimeRange, view: View) -> tuple[TimeRange, ...]:
    """The whole periods inside `window`, oldest first; weeks and months that the window cuts are left out."""
    found = []
    period = period_holding(window.start, view)
    while period.end <= window.end:
        if period.start >= window.start:
            found.append(period)
        period = period_holding(period.end, view)
    return tuple(found)


def period_holding(day: date, view: View) -> TimeRange:
    """The day, Monday week or calendar month that `day` belongs to."""
    period = _PERIODS.get(view)
    return period_of(period, day) if period else TimeRange(day, day + DAY)
