"""Figures in words: one place for rounding, signs, units and dates."""

from __future__ import annotations

import math
from datetime import date, datetime

from bot.model.chat import Unit
from bot.model.timerange import TimeRange

MICRO = 1_000_000
NO_DATA = "no data"
MINUS = "\N{MINUS SIGN}"
FINE_BELOW = 100
ALL_GONE, ALMOST_ALL_GONE = -100, -99.5
COMPACT_FROM = 1_000_000
SCALES = ((1e12, "T"), (1e9, "B"), (1e6, "M"))
MONEY = {Unit.USD: "${}", Unit.ESTIMATED_USD: "~${}"}
SUFFIX = {Unit.PERCENT: "%", Unit.DAYS: " days"}


def units(micro: int | None) -> float | None:
    """Micro-units as a float of whole units; None stays None."""
    return None if micro is None else micro / MICRO


def number(value: float | None) -> str:
    """`1,234`, `12.4M`, `3.25`; None is "no data". A fraction keeps two digits below 100."""
    if value is None or not math.isfinite(value):
        return NO_DATA
    for size, letter in SCALES:
        if abs(value) >= size:
            return _signed(f"{abs(value) / size:,.2f}".rstrip("0").rstrip("."), value) + letter
    if float(value).is_integer() or abs(value) >= FINE_BELOW:
        return _signed(f"{abs(value):,.0f}", value)
    return _signed(f"{abs(value):,.2f}", value)


def figure(value: float | None, unit: Unit) -> str:
    """The number with its unit where the label does not already say it: `$12.50`, `~$3`, `41%`."""
    if value is None or not math.isfinite(value):
        return NO_DATA
    if unit in MONEY:
        return MONEY[unit].format(_money(value))
    if unit is Unit.PERCENT:
        return f"{_percent(value)}%"
    if unit is Unit.DAYS:
        return plural(value, "day")
    return number(value)


def plural(count: float, noun: str, nouns: str = "") -> str:
    """`1 day`, `2 days`."""
    return f"{number(count)} {noun if count == 1 else nouns or noun + 's'}"


def change_pct(now: float | None, before: float | None) -> float | None:
    """Change in percent; None without both figures or against zero."""
    if now is None or before is None or before == 0:
        return None
    return (now - before) / before * 100


def change(pct: float | None) -> str:
    """`+14%`, `−3%`, `no change`; empty without data. Only what is gone altogether is down by 100%."""
    if pct is None:
        return ""
    rounded = round(pct, 1)
    if rounded == 0:
        return "no change"
    if ALL_GONE < pct < ALMOST_ALL_GONE:
        return f"{MINUS}{min(-rounded, 99.9)}%"
    size = f"{abs(pct):,.0f}" if abs(rounded) >= 1 else f"{abs(rounded)}"
    return f"{'+' if rounded > 0 else MINUS}{size}%"


def points(gained: float) -> str:
    """`+1.2 points`, `−1 point`."""
    rounded = round(gained, 1)
    sign = "+" if rounded > 0 else MINUS if rounded < 0 else ""
    return f"{sign}{abs(rounded):g} {'point' if abs(rounded) == 1 else 'points'}"


def moved(pct: float | None, versus: str) -> str:
    """`, up 14% on VERSUS`; empty without data."""
    if pct is None:
        return ""
    said = change(pct)
    if said == "no change":
        return f", unchanged from {versus}"
    return f", {'up' if pct > 0 else 'down'} {said[1:]} on {versus}"


def day(when: date) -> str:
    """`18 Nov`."""
    return f"{when.day} {when:%b}"


def span(window: TimeRange) -> str:
    """`18 Nov 2026`, `1–20 Oct 2026`, `25 Sep–24 Oct 2026` or with both years."""
    first, last = window.start, window.last
    if first == last:
        return f"{day(first)} {first.year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}\N{EN DASH}{day(last)} {last.year}"
    if first.year == last.year:
        return f"{day(first)}\N{EN DASH}{day(last)} {last.year}"
    return f"{day(first)} {first.year}\N{EN DASH}{day(last)} {last.year}"


def instant(when: datetime) -> str:
    """`20 Oct 12:05 UTC`."""
    return f"{day(when.date())} {when:%H:%M} UTC"


def moment(when: datetime) -> str:
    """`20 Oct 2026 12:05 UTC`: an instant that can be told in the reader's own zone."""
    return f"{day(when.date())} {when:%Y %H:%M} UTC"


def join(parts: list[str] | tuple[str, ...]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(parts) < 2:  # noqa: PLR2004  # one part needs no joining
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def _signed(text: str, value: float) -> str:
    return f"{MINUS}{text}" if value < 0 else text


def _percent(value: float) -> str:
    """One decimal below 100, none when it is a zero: `14.2`, `7`, `41`."""
    if not math.isfinite(value) or abs(value) >= FINE_BELOW:
        return number(value)
    return _signed(f"{abs(value):.1f}".removesuffix(".0"), value if round(value, 1) else 0)


def _money(value: float) -> str:
    return (
        number(value)
        if abs(value) >= COMPACT_FROM
        else f"{value:,.0f}"
        if abs(value) >= FINE_BELOW
        else f"{value:,.2f}"
    )
