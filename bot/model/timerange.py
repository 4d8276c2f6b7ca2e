"""Half-open windows of whole UTC days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class TimeRange:
    """Whole UTC days from `start` up to but not including `end`."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            message = f"a range cannot end ({self.end}) before it starts ({self.start})"
            raise ValueError(message)

    @property
    def day_count(self) -> int:
        """Number of days in the range."""
        return (self.end - self.start).days

    @property
    def last(self) -> date:
        """The last day inside the range."""
        return self.end - DAY

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def days(self) -> Iterator[date]:
        """Every day, oldest first."""
        return (self.start + timedelta(days=n) for n in range(self.day_count))

    def before(self) -> TimeRange:
        """The window of the same number of days just before this one."""
        return TimeRange(self.start - (self.end - self.start), self.start)


def day_start(day: date) -> datetime:
    """00:00:00 UTC of `day`."""
    return datetime.combine(day, time(), UTC)


def last_complete_day(now: datetime, lag_hours: int = 12) -> date:
    """The newest UTC day whose end plus the lag allowance has passed (design section 2)."""
    return (now.astimezone(UTC) - timedelta(hours=lag_hours)).date() - DAY
