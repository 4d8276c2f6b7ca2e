"""From typed words to a window of whole UTC days: the grammar of ranges.

One rule for the figures: a range without its own end stops at the last complete day. `match_range` reads:

    30d  4w  3m  last 30 days       that many days, weeks of 7 days or months, to the last complete day
    2026-10-01..2026-10-19          both days included; the end may be `today`, and is partial then
    since 2026-10-01  2026-10-01..  from that day
    today  yesterday  2026-10-19    one day, partial until it is complete
    this|last week|month|quarter|year
    oct  oct 2025  2026-10  2026    that month (the last one begun) or year

`..` may also be `...`, `…`, an en or em dash, or the word `to`; the ends may be months too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from bot.model.asked import (
    Asked,
    Calendar,
    View,
    compared,
    dates_hint,
    dates_or_default,
    refuse_future,
    resolved,
    short_hint,
    through_last_complete,
    too_long,
)
from bot.model.errors import BadRange
from bot.model.periods import Period, months_back, period_before, period_of
from bot.model.rangewords import MONTH_NAMES, month_number, refuse_lookalike, span_label
from bot.model.timerange import DAY, TimeRange

__all__ = ["Asked", "Calendar", "View", "default_range", "match_range"]

_WEEK_DAYS = 7
_MOST_DIGITS = 5
_MOST_WORDS = 6


def match_range(tokens: Sequence[str], calendar: Calendar) -> tuple[Asked, int] | None:
    """The range at the start of `tokens` and how many of them it takes; None when there is none.

    Raises BadRange when the first word starts a range that cannot be read or answered. Its hint is a range
    that can, or two joined by " or ".
    """
    text = _leading_words(tokens)
    try:
        for pattern, resolve in _FORMS:
            if found := pattern.match(text):
                return resolve(found, calendar), found.group().count(" ") + 1
        refuse_lookalike(text, short_hint(calendar), dates_hint(calendar))
    except OverflowError as error:
        message = "that range leaves the calendar (years 1 to 9999)"
        raise BadRange(message, short_hint(calendar)) from error
    return None


def default_range(calendar: Calendar, words: str = "30d") -> Asked:
    """The range of a command typed without one. Raises BadRange when `words` is no range as a whole."""
    tokens = words.split()
    matched = match_range(tokens, calendar)
    if matched is None or matched[1] != len(tokens):
        message = f'"{words}" is not a range'
        raise BadRange(message, short_hint(calendar))
    return matched[0]


def _leading_words(tokens: Sequence[str]) -> str:
    words: list[str] = []
    for token in tokens[:_MOST_WORDS]:
        if not token or any(letter.isspace() for letter in token):
            break
        words.append(token.lower())
    return " ".join(words)


def _count(found: re.Match[str], calendar: Calendar) -> Asked:
    digits, unit = found["count"].lstrip("0"), found["unit"][0]
    if not digits:
        message = f'"0{unit}" has no day in it'
        raise BadRange(message, short_hint(calendar))
    if len(digits) > _MOST_DIGITS:
        raise too_long(calendar, "this one has many more")
    end, count = calendar.last_complete + DAY, int(digits)
    match unit:
        case "m":
            start, name = months_back(end, count), "month"
        case "w":
            start, name = end - timedelta(days=_WEEK_DAYS * count), "week"
        case _:
            start, name = end - timedelta(days=count), "day"
    label = (
        f"{count:,} {name}{'s' if count > 1 else ''} to {span_label(TimeRange(end - DAY, end), end - DAY)}"
    )
    return resolved(calendar, TimeRange(start, end), f"{count}{unit}", label=label)


def _between(found: re.Match[str], calendar: Calendar) -> Asked:
    start, last = _point(found["start"], calendar).start, _point(found["last"], calendar).last
    if last < start:
        message = f"{start}..{last} ends before it starts"
        raise BadRange(message, dates_or_default(last, start, calendar))
    refuse_future(start, str(start), calendar)
    if last > calendar.today:
        message = f"{last} has not come yet: today is {calendar.today} UTC"
        raise BadRange(message, dates_or_default(start, calendar.today, calendar))
    return resolved(calendar, TimeRange(start, last + DAY), f"{start}..{last}")


def _since(found: re.Match[str], calendar: Calendar) -> Asked:
    start = _point(found["start"], calendar).start
    refuse_future(start, str(start), calendar)
    return through_last_complete(calendar, start, f"since {start}")


def _this_or_last(found: re.Match[str], calendar: Calendar) -> Asked:
    period, words = Period(found["period"]), found.group()
    if found["which"] == "this":
        start = period_of(period, calendar.today, calendar.week_start).start
        return through_last_complete(calendar, start, words, period)
    window = period_before(period, calendar.today, calendar.week_start)
    return resolved(calendar, window, words, before=compared(window, period))


def _named(window: TimeRange, words: str, period: Period, calendar: Calendar) -> Asked:
    """A month or year by its name: all of it, or like `this ...` while it runs."""
    refuse_future(window.start, words, calendar)
    if calendar.today in window:
        return through_last_complete(calendar, window.start, words, period)
    return resolved(calendar, window, words, before=compared(window, period))


def _single(found: re.Match[str], calendar: Calendar) -> Asked:
    text = found["start"]
    window = _point(text, calendar)
    if text in ("today", "yesterday"):
        return resolved(calendar, window, text)
    if window.day_count > 1:
        return _named(window, window.start.isoformat()[:7], Period.MONTH, calendar)
    refuse_future(window.start, text, calendar)
    return resolved(calendar, window, text)


def _year(found: re.Match[str], calendar: Calendar) -> Asked:
    window = period_of(Period.YEAR, date(int(found["year"]), 1, 1))
    return _named(window, found["year"], Period.YEAR, calendar)


def _point(text: str, calendar: Calendar) -> TimeRange:
    """The day or month that `text` names."""
    if text in ("today", "yesterday"):
        day = calendar.today - (DAY if text == "yesterday" else timedelta())
        return TimeRange(day, day + DAY)
    if text[0].isalpha():
        return _month_by_name(text, calendar)
    try:
        parts = [int(part) for part in text.split("-")]
        first = date(parts[0], parts[1], parts[2] if parts[2:] else 1)
    except ValueError as error:
        message = f"{text} is not in the calendar"
        raise BadRange(message, dates_hint(calendar)) from error
    return TimeRange(first, first + DAY) if parts[2:] else period_of(Period.MONTH, first)


def _month_by_name(text: str, calendar: Calendar) -> TimeRange:
    name, _, year = text.partition(" ")
    month, today = month_number(name), calendar.today
    begun = today.year if month <= today.month else today.year - 1
    if not (year or begun):
        message = f"{text} before year 1"
        raise OverflowError(message)
    return period_of(Period.MONTH, date(int(year or begun), month, 1))


_YEAR = r"(?:19|20)[0-9]{2}"
_POINT = rf"[0-9]{{4}}-[0-9]{{2}}(?:-[0-9]{{2}})?|today|yesterday|(?:{MONTH_NAMES})(?: {_YEAR})?"
_DOTS = r" ?(?:\.{2,3}|\u2025|\u2026|\u2013|\u2014) ?"
_UNIT = r"d|w|m|days?|weeks?|months?"

_Form = tuple[re.Pattern[str], Callable[[re.Match[str], Calendar], Asked]]


def _form(pattern: str, resolve: Callable[[re.Match[str], Calendar], Asked]) -> _Form:
    return re.compile(rf"(?:{pattern})(?= |$)"), resolve


_FORMS: tuple[_Form, ...] = (
    _form(rf"(?P<start>{_POINT})(?:{_DOTS}| to )(?P<last>{_POINT})", _between),
    _form(rf"(?P<start>{_POINT}) ?(?:\.{{2,3}}|\u2025|\u2026)", _since),
    _form(rf"since (?P<start>{_POINT})", _since),
    _form(rf"(?:last )?(?P<count>[0-9]+) ?(?P<unit>{_UNIT})", _count),
    _form(r"(?P<which>this|last) (?P<period>week|month|quarter|year)", _this_or_last),
    _form(rf"(?P<start>{_POINT})", _single),
    _form(rf"(?P<year>{_YEAR})", _year),
)
