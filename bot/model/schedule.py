"""When a schedule runs: local wall-clock times turned into instants, without a clock.

A local time that a zone leaves out (spring) means the first instant after the gap; one that happens twice
(autumn) means the first of the two.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from itertools import count
from zoneinfo import ZoneInfo, available_timezones

from bot.model.errors import BadValue
from bot.model.timerange import DAY, TimeRange, day_start

WEEK = 7 * DAY
_LAST_WEEKDAY = 6
_LAST_MONTH_DAY = 31


class ScheduleKind(StrEnum):
    """How often."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Schedule:
    """A local time in `zone` (IANA name). Raises BadValue for a zone or day that does not exist.

    `weekday` (Monday is 0) counts for weekly; `month_day` for monthly, in a short month its last day.
    `whole_week` waits until the last week's figures are complete.
    """

    kind: ScheduleKind
    at: time
    zone: str
    weekday: int = 0
    month_day: int = 1
    whole_week: bool = False

    def __post_init__(self) -> None:
        if zone_named(self.zone) != self.zone:
            raise BadValue(f"{self.zone} is not a time zone", f"{zone_named(self.zone)} is")
        if not 0 <= self.weekday <= _LAST_WEEKDAY or not 1 <= self.month_day <= _LAST_MONTH_DAY:
            raise BadValue("There is no such day", "weekly tue 09:00, or monthly 1 09:00")
        if self.at.tzinfo is not None:
            message = "the time of a schedule is local to its zone"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class WeekRule:
    """Which weekday a week starts on (Monday is 0) and how long after its end its figures are complete."""

    first_weekday: int = 0
    lag_hours: int = 12


MONDAY_WEEKS = WeekRule()


def next_due(schedule: Schedule, after: datetime, weeks: WeekRule = MONDAY_WEEKS) -> datetime:
    """First run strictly after `after`, in UTC. Raises ValueError for an `after` without a zone."""
    if after.tzinfo is None:
        message = f"{after!r} has no time zone"
        raise ValueError(message)
    zone = ZoneInfo(schedule.zone)
    # A run can lie later than its nominal time by the lag or by a gap, of which the longest was a whole day.
    first_day = after.astimezone(zone).date() - timedelta(hours=weeks.lag_hours) - 2 * DAY
    runs = (_run(schedule, day, zone, weeks) for day in _days(schedule, first_day))
    return next(run for run in runs if run > after)


def next_runs(
    schedule: Schedule, now: datetime, n: int = 3, weeks: WeekRule = MONDAY_WEEKS
) -> tuple[datetime, ...]:
    """List the next `n` runs after `now`, in UTC."""
    runs: list[datetime] = []
    for _ in range(n):
        runs.append(next_due(schedule, runs[-1] if runs else now, weeks))
    return tuple(runs)


def earliest_complete(wished: datetime, weeks: WeekRule = MONDAY_WEEKS) -> datetime:
    """Move an instant between a week's end (00:00 UTC) and its completion to the completion; keep others."""
    return max(
        wished.astimezone(UTC), day_start(_week_start(wished, weeks)) + timedelta(hours=weeks.lag_hours)
    )


def week_covered(at: datetime, weeks: WeekRule = MONDAY_WEEKS) -> TimeRange:
    """Return the newest whole week whose figures are complete at `at`."""
    end = _week_start(at - timedelta(hours=weeks.lag_hours), weeks)
    return TimeRange(end - WEEK, end)


def period_key(schedule: Schedule, due: datetime, weeks: WeekRule = MONDAY_WEEKS) -> str:
    """Name what a run is about: the ISO week its figures cover (`2026-W42`), else its local date."""
    if not schedule.whole_week:
        return due.astimezone(ZoneInfo(schedule.zone)).date().isoformat()
    # The middle of the week has the right ISO number whichever day weeks start on.
    year, week, _ = (week_covered(due, weeks).start + 3 * DAY).isocalendar()
    return f"{year}-W{week:02d}"


def local_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Turn a wall-clock time into UTC: after a gap its first instant, in an overlap the first occurrence."""
    wall = datetime.combine(day, at)
    early, late = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (1, 0))
    if early >= late:  # equal, or an overlap where fold=0 is the earlier one
        return late
    return _transition(early, late, zone)


def zone_named(typed: str) -> str:
    """Find the IANA zone whose name was typed in any case. Raises BadValue naming the nearest one."""
    zones = _zones()
    found = zones.get(typed.casefold())
    if found is not None:
        return found
    near = get_close_matches(typed.casefold(), zones, n=1)
    raise BadValue(f"{typed[:40]} is not a time zone", zones[near[0]] if near else "Europe/Berlin")


def _transition(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    # In a gap the two readings of a wall time lie on either side of the change of offset.
    offset = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after


def _run(schedule: Schedule, day: date, zone: ZoneInfo, weeks: WeekRule) -> datetime:
    instant = local_instant(day, schedule.at, zone)
    return earliest_complete(instant, weeks) if schedule.whole_week else instant


def _days(schedule: Schedule, first: date) -> Iterator[date]:
    days = (first + n * DAY for n in count())
    return (day for day in days if _falls_on(schedule, day))


def _falls_on(schedule: Schedule, day: date) -> bool:
    match schedule.kind:
        case ScheduleKind.DAILY:
            return True
        case ScheduleKind.WEEKLY:
            return day.weekday() == schedule.weekday
        case ScheduleKind.MONTHLY:
            return day.day == min(schedule.month_day, monthrange(day.year, day.month)[1])


def _week_start(at: datetime, weeks: WeekRule) -> date:
    day = at.astimezone(UTC).date()
    return day - timedelta(days=(day.weekday() - weeks.first_weekday) % 7)


@cache
def _zones() -> dict[str, str]:
    return {name.casefold(): name for name in sorted(available_timezones()) if name != "localtime"}
