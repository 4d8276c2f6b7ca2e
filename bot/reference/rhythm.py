"""How busy a company is on a day: weekdays, holidays, summer."""

from __future__ import annotations

from datetime import date, timedelta

FIRST_DAY = date(2025, 9, 1)
FIRST = FIRST_DAY.toordinal()

_WEEKDAY = (0.97, 1.0, 1.0, 0.98, 0.85, 0.09, 0.07)
_QUIET = {(12, 24): 0.15, (12, 25): 0.04, (12, 26): 0.05, (12, 31): 0.15, (1, 1): 0.05, (5, 1): 0.35}
_GOOD_FRIDAY_BEFORE_EASTER = 2
_AUGUST = 8


def level(day: date) -> float:
    """Chance of being at work, 1 = an ordinary working day."""
    value = _WEEKDAY[day.weekday()] * _QUIET.get((day.month, day.day), 1.0)
    if (day.month, day.day) >= (12, 22) or (day.month, day.day) <= (1, 4):
        value *= 0.35
    if day.month == _AUGUST:
        value *= 0.8
    return value * (0.3 if _is_easter_break(day) else 1.0)


def _is_easter_break(day: date) -> bool:
    easter = _easter(day.year)
    return day in (easter - timedelta(days=_GOOD_FRIDAY_BEFORE_EASTER), easter + timedelta(days=1))


def _easter(year: int) -> date:
    """Gauss's rule as completed by Lichtenberg, valid for 1900-2099."""
    moon = (19 * (year % 19) + 24) % 30
    moon -= 1 if moon == 29 or (moon == 28 and year % 19 > 10) else 0  # noqa: PLR2004  # the rule's own constants
    sunday = (2 * (year % 4) + 4 * (year % 7) + 6 * moon + 5) % 7
    return date(year, 3, 22) + timedelta(days=moon + sunday)
