"""A range that has been read: its window, what it is compared with, and the words for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from bot.model.errors import BadRange
from bot.model.periods import Period, same_days_before
from bot.model.rangewords import span_label
from bot.model.timerange import DAY, TimeRange, last_complete_day

_DEFAULT_DAYS = 30


class View(StrEnum):
    """How a window is grouped."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a range is read against. `now` has a time zone; `week_start` 0 is Monday."""

    now: datetime
    lag_hours: int = 12
    week_start: int = 0
    longest_days: int = 1096

    def __post_init__(self) -> None:
        if self.now.tzinfo is None:
            message = "now needs a time zone"
            raise ValueError(message)

    @property
    def today(self) -> date:
        """The UTC day of `now`."""
        return self.now.astimezone(UTC).date()

    @property
    def last_complete(self) -> date:
        """The newest complete UTC day."""
        return last_complete_day(self.now, self.lag_hours)


@dataclass(frozen=True, slots=True)
class Asked:
    """A resolved range.

    `window` holds the figures and `before` what they are compared with. `words` typed again gives the same
    range, `label` is for people. `partial_days` are the days of the window that are not complete. `cut` is
    true when the range named runs on after the window and "through the last complete day" has to be said.
    """

    window: TimeRange
    before: TimeRange
    words: str
    label: str
    partial_days: tuple[date, ...] = ()
    cut: bool = False


def short_hint(calendar: Calendar) -> str:
    """A range that can always be answered: "30d", or the longest one when that is shorter."""
    return f"{min(_DEFAULT_DAYS, calendar.longest_days)}d"


def dates_hint(calendar: Calendar) -> str:
    """The same days as two dates, to show how they are written."""
    last = calendar.last_complete
    return f"{last - (min(_DEFAULT_DAYS, calendar.longest_days) - 1) * DAY}..{last}"


def resolved(
    calendar: Calendar,
    window: TimeRange,
    words: str,
    *,
    before: TimeRange | None = None,
    label: str = "",
    cut: bool = False,
) -> Asked:
    """The range of `window`, compared with the days just before unless `before` says otherwise.

    Raises BadRange when it has more days than the calendar allows.
    """
    if window.day_count > calendar.longest_days:
        raise too_long(calendar, f"this one has {window.day_count:,}")
    partial = tuple(day for day in window.days() if day > calendar.last_complete)
    label = label or span_label(window, calendar.today)
    if cut:
        label += ", through the last complete day"
    elif partial:
        label += _partial_label(window, partial, calendar.today)
    return Asked(window, before or window.before(), words, label, partial, cut)


def _partial_label(window: TimeRange, partial: tuple[date, ...], today: date) -> str:
    if len(partial) == window.day_count:
        return ", partial"
    return f", {span_label(TimeRange(partial[0], partial[-1] + DAY), today)} partial"


def too_long(calendar: Calendar, found: str) -> BadRange:
    """The refusal of a range over the limit; `found` says how long it is."""
    message = f"a range has at most {calendar.longest_days:,} days; {found}"
    return BadRange(message, f"{calendar.longest_days}d")


def through_last_complete(calendar: Calendar, start: date, words: str, period: Period | None = None) -> Asked:
    """From `start` to the last complete day of a range that goes on after it.

    Raises BadRange when none of its days is complete.
    """
    if start > calendar.last_complete:
        message = f'no day of "{words}" is complete yet'
        raise BadRange(message, "today or last month")
    window = TimeRange(start, calendar.last_complete + DAY)
    return resolved(calendar, window, words, before=compared(window, period), cut=True)


def compared(window: TimeRange, period: Period | None) -> TimeRange:
    """What `window` is compared with: as many days just before it.

    A month, cut or whole, meets the first as many days of the month before instead.
    """
    return same_days_before(period, window) if period is Period.MONTH else window.before()


def dates_or_default(start: date, last: date, calendar: Calendar) -> str:
    """The hint `start..last` when that can be answered, else `dates_hint`."""
    answerable = last <= calendar.today and (last - start).days < calendar.longest_days
    return f"{start}..{last}" if answerable else dates_hint(calendar)


def refuse_future(start: date, words: str, calendar: Calendar) -> None:
    """Raises BadRange when `start` is after today."""
    if start > calendar.today:
        message = f"{words} has not begun: today is {calendar.today} UTC"
        raise BadRange(message, short_hint(calendar))
