"""Days, Monday weeks and calendar months of a window."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum

from bot.model.timerange import DAY, TimeRange


class View(StrEnum):
    """How a series is cut. Weeks begin on Monday; weeks and months cut by the window are left out."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


def periods(window: TimeRange, view: View) -> tuple[TimeRange, ...]:
    """The whole periods inside `window`, oldest first."""
    return tuple(period for period in _cut(window, view) if period.start >= window.start and period.end <= window.end)


def period_start(day: date, view: View) -> date:
    """First day of the period that `day` belongs to."""
    match view:
        case View.DAILY:
            return day
        case View.WEEKLY:
            return day - timedelta(days=day.weekday())
        case View.MONTHLY:
            return day.replace(day=1)


def _cut(window: TimeRange, view: View) -> Iterator[TimeRange]:
    start = period_start(window.start, view)
    while start < window.end:
        end = _next(start, view)
        yield TimeRange(start, end)
        start = end


def _next(start: date, view: View) -> date:
    match view:
        case View.DAILY:
            return start + DAY
        case View.WEEKLY:
            return start + 7 * DAY
        case View.MONTHLY:
            return (start + 31 * DAY).replace(day=1)
