"""The words of ranges: month names, labels for people, and refusals of what only looks like a range."""

from __future__ import annotations

import re
from datetime import date

from bot.model.errors import BadRange
from bot.model.timerange import TimeRange

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONGEST_QUOTE = 40

MONTH_NAMES = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
"""Alternatives of a regular expression: every English month name and its short form, in small letters."""


def month_number(name: str) -> int:
    """1 to 12 for a name that `MONTH_NAMES` matches."""
    return _MONTHS.index(name[:3]) + 1


def span_label(window: TimeRange, today: date) -> str:
    """The days of a window for people: "1–20 Oct", "28 Sep–3 Oct"; with the year when it is not today's."""
    first, last = window.start, window.last
    years = first.year != last.year
    end = _day(last, with_year=years or last.year != today.year)
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    return f"{_day(first, with_year=years)}–{end}"


def _day(day: date, *, with_year: bool) -> str:
    text = f"{day.day} {_MONTHS[day.month - 1].capitalize()}"
    return f"{text} {day.year}" if with_year else text


_COUNT_LIKE = re.compile(
    r"[-+\u2212\u2013]?[0-9][0-9.,_]*(?:[a-z]|(?:day|week|month|quarter|year|hour)s?)(?= |$)"
)
_DATE_LIKE = re.compile(r"[0-9]{4}-[0-9]{1,2}(?![0-9])|[0-9]{1,4}([./])[0-9]{1,2}\1[0-9]{1,4}(?![0-9])")
_OPEN_LIKE = re.compile(
    rf"(?:\.\.|\u2025|\u2026)[0-9a-z]|(?:today|yesterday|{MONTH_NAMES})(?:\.\.|\u2025|\u2026)"
)
_WORD_LIKE = re.compile(r"(?:this|last|since)(?= |$)")


def refuse_lookalike(text: str, count_hint: str, dates_hint: str) -> None:
    """Raises BadRange when `text`, which is no range, starts as if it were one."""
    word = text.partition(" ")[0][:_LONGEST_QUOTE]
    if _COUNT_LIKE.match(text):
        message = f'"{word}" is not a range: write a number and d, w or m (days, weeks, months)'
        raise BadRange(message, count_hint)
    if _DATE_LIKE.match(text) or _OPEN_LIKE.match(text):
        message = f'"{word}" is not a range: dates are written YYYY-MM-DD, two of them with ".." between'
        raise BadRange(message, dates_hint)
    if _WORD_LIKE.match(text):
        goes_with = "a day such as 2026-10-01" if word == "since" else "week, month, quarter or year"
        message = f'"{word}" goes with {goes_with}'
        raise BadRange(message, dates_hint if word == "since" else "today or last month")
