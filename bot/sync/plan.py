"""Which days to pull, and in which windows. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from bot.lake import Receipt
from bot.model.timerange import DAY, TimeRange, day_start, last_complete_day

CLOCK_TOLERANCE = timedelta(minutes=5)
"""Clocks of two machines may differ by this much without a second pull."""


class DayState(StrEnum):
    """What a held or missing day is worth at an instant."""

    MISSING = "missing"
    PARTIAL = "partial"
    UNSETTLED = "unsettled"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Rules:
    """When days are complete and settled, when others are pulled again, how many are kept (0 keeps all)."""

    lag_hours: int = 12
    settle_days: int = 7
    refresh_minutes: int = 60
    keep_days: int = 0

    def complete_at(self, day: date) -> datetime:
        """The instant (UTC) from which the day is complete."""
        return day_start(day + DAY) + timedelta(hours=self.lag_hours)

    def settled_at(self, day: date) -> datetime:
        """The instant (UTC) from which its figures no longer move."""
        return self.complete_at(day) + timedelta(days=self.settle_days)

    def complete_through(self, now: datetime) -> date:
        """The newest complete day."""
        return last_complete_day(now, self.lag_hours)

    def first_kept(self, now: datetime) -> date:
        """The oldest day (UTC) that is pulled and kept; `date.min` when all are."""
        return today_utc(now) - timedelta(days=self.keep_days) if self.keep_days else date.min

    def state(self, day: date, receipt: Receipt | None) -> DayState:
        """What the file says; it depends on when it was fetched, not on the time now."""
        if receipt is None:
            return DayState.MISSING
        if receipt.fetched_at < self.complete_at(day):
            return DayState.PARTIAL
        return DayState.UNSETTLED if receipt.fetched_at < self.settled_at(day) else DayState.SETTLED

    def due(self, day: date, receipt: Receipt | None, now: datetime) -> bool:
        """True when the day should be pulled now.

        A file fetched after `now` (the clock was set back) holds figures that were not known yet: unless the
        day is settled by now, it is pulled again.
        """
        if receipt is not None and receipt.fetched_at > now + CLOCK_TOLERANCE and now < self.settled_at(day):
            return True
        state = self.state(day, receipt)
        if receipt is None or state is DayState.SETTLED:
            return receipt is None
        if state is DayState.PARTIAL and now >= self.complete_at(day):
            return True
        return now - receipt.fetched_at >= timedelta(minutes=self.refresh_minutes)


def windows(days: Iterable[date], longest: int, alone: date | None = None) -> tuple[TimeRange, ...]:
    """Runs of neighbouring days, cut to `longest` days, newest first; the day `alone` joins no other."""
    found: list[TimeRange] = []
    for day in sorted(set(days), reverse=True):
        newest = found[-1] if found else None
        joins = newest and newest.start == day + DAY and alone not in (day, newest.start)
        if newest and joins and newest.day_count < longest:
            found[-1] = TimeRange(day, newest.end)
        else:
            found.append(TimeRange(day, day + DAY))
    return tuple(found)


def today_utc(now: datetime) -> date:
    """The UTC day of an instant."""
    return now.astimezone(UTC).date()
