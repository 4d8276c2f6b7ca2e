"""Numbers written for people: 9,876 and 12.4k, 42% and $1.2M."""

from __future__ import annotations

import math
from collections.abc import Iterable

_STEPS = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))
_PREFIXED = {"USD": "$", "$": "$", "usd": "$"}
_LONGEST_PLAIN = 10_000
_LARGEST_NAMED = 1e15
_CENTS_BELOW = 99.995


def finite(value: float | None) -> float | None:
    """`value`, or None for what no chart can place: None, NaN and infinities."""
    return None if value is None or not math.isfinite(value) else float(value)


def finites(values: Iterable[float | None]) -> tuple[float | None, ...]:
    """`values` with NaN and infinities made None."""
    return tuple(finite(value) for value in values)


def known(values: Iterable[float | None]) -> tuple[float, ...]:
    """Only the values that are there."""
    return tuple(value for value in finites(values) if value is not None)


def compact(value: float, unit: str = "") -> str:
    """`value` with at most three figures from 10,000 on; `$` goes before, `%` after, words are left out.

    Dollars under a hundred have their cents: $19.70, or none at all: $20.
    """
    sign = "\N{MINUS SIGN}" if value < 0 and _body(abs(value)) != "0" else ""
    return f"{sign}{_dollars(abs(value)) if unit in _PREFIXED else _body(abs(value))}{percent(unit)}"


def signed(value: float, unit: str = "") -> str:
    """As `compact`, with a plus sign above zero."""
    return ("+" if value > 0 else "") + compact(value, unit)


def worded(value: float, unit: str) -> str:
    """As `compact`, followed by the unit when it is a word: `312 people`."""
    word = "" if unit in _PREFIXED or unit == "%" or not unit else f" {unit}"
    return compact(value, unit) + word


def percent(unit: str) -> str:
    """Return what follows a number in percent."""
    return "%" if unit == "%" else ""


def tick(value: float, largest: float, unit: str = "") -> str:
    """`value` in the thousands or millions of the axis's `largest` tick, so that all ticks read alike."""
    if 0 < largest < 1 and not (unit in _PREFIXED and round(value * 100.0, 6).is_integer()):
        return f"{_PREFIXED.get(unit, '')}{value:.3g}{percent(unit)}".replace("-", "\N{MINUS SIGN}")
    if largest >= _LARGEST_NAMED or largest < _LONGEST_PLAIN or value == 0:
        return compact(value, unit)
    size, letter = next(step for step in _STEPS if largest >= step[0])
    body = f"{abs(value) / size:.3g}{letter}"
    sign = "\N{MINUS SIGN}" if value < 0 else ""
    return f"{sign}{_PREFIXED.get(unit, '')}{body}{percent(unit)}"


def _body(value: float) -> str:
    if value >= _LARGEST_NAMED:
        return f"{value:.2g}".replace("e+", "e")
    if value < _LONGEST_PLAIN and value >= 999.5:  # noqa: PLR2004 - where the comma starts
        return f"{value:,.0f}"
    for size, letter in _STEPS:
        if value >= size * 0.9995:
            return _figures(value / size) + letter
    return _figures(value)


def _dollars(value: float) -> str:
    if 0 < value < 0.005:  # noqa: PLR2004 - half a cent
        return "<$0.01"
    text = f"{value:.2f}" if value < _CENTS_BELOW else _body(value)
    return "$" + text.removesuffix(".00")


def _figures(value: float) -> str:
    """Three figures, no trailing zeros, no exponent; a value too small to show reads as below a hundredth."""
    if 0 < value < 0.005:  # noqa: PLR2004 - half of the last digit shown
        return "<0.01"
    digits = 0 if value >= 99.95 else 1 if value >= 9.995 else 2  # noqa: PLR2004 - three figures
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
