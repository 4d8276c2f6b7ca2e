"""Dates on an axis: few, round and never touching. English month names whatever the machine's locale is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import StrEnum

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_LONGEST_IN_DAYS = 200
_DAY_STEPS = (1, 2, 7, 14, 28, 56)
_WEEK_STEPS = (1, 2, 4, 8, 13, 26)
_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 48)


class Period(StrEnum):
    """What one point of a series covers; it is named by its first day."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


Tick = tuple[date, str]


def short(day: date) -> str:
    """`8 Oct`."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def full(day: date, period: Period = Period.DAY) -> str:
    """`8 Oct 2026`, `week of 5 Oct 2026` or `Oct 2026`."""
    return f"{within_year(day, period)} {day.year}"


def within_year(day: date, period: Period) -> str:
    """`8 Oct`, `week of 5 Oct` or `Oct`."""
    match period:
        case Period.DAY:
            return short(day)
        case Period.WEEK:
            return f"week of {short(day)}"
        case Period.MONTH:
            return MONTHS[day.month - 1]


def ticks(
    days: tuple[date, ...], period: Period, fits: Callable[[tuple[Tick, ...]], bool]
) -> tuple[Tick, ...]:
    """Return the finest labels for `days` (rising) that `fits` accepts; the first day when none does."""
    for candidate in _candidates(days, period):
        if candidate and fits(candidate):
            return candidate
    return ((days[0], full(days[0], period)),)


def _candidates(days: tuple[date, ...], period: Period) -> list[tuple[Tick, ...]]:
    by_month = [_monthly(days, step) for step in _MONTH_STEPS]
    long = (days[-1] - days[0]).days > _LONGEST_IN_DAYS
    if period is Period.MONTH or long:
        return by_month
    steps = _WEEK_STEPS if period is Period.WEEK else _DAY_STEPS
    return [tuple((day, short(day)) for day in days[::step]) for step in steps] + by_month


def _monthly(days: tuple[date, ...], step: int) -> tuple[Tick, ...]:
    """Return the first of the `days` in every `step`th month; the year on the first and on each January."""
    firsts: dict[int, date] = {}
    for day in days:
        firsts.setdefault(day.year * 12 + day.month - 1, day)
    months = [(month, day) for month, day in firsts.items() if month % step == 0 and day.day <= 7]  # noqa: PLR2004 - a week that starts late still opens its month
    return tuple(
        (day, MONTHS[month % 12] + (f" {day.year}" if at == 0 or month % 12 == 0 else ""))
        for at, (month, day) in enumerate(months)
    )
