"""Repeatable data and names for the gallery: series with a weekly rhythm, and the worst of texts."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import TypeVar

from matplotlib.figure import Figure

from charts.bar_chart import Item
from charts.series import Series

Chart = TypeVar("Chart")
Draws = tuple[Callable[[], Figure], ...]

CASES = ("typical", "empty", "single day", "huge", "hostile")

SATURDAY = 5
LAST = date(2026, 10, 20)
SUBTITLE = "21 Sep to 20 Oct 2026 · UTC"
EMPTY_TITLE = "No Codex activity between 21 Sep and 20 Oct"
SURFACES = ("CLI", "IDE extension", "Cloud", "Desktop app", "Code review")
# Markup, maths, bidi overrides, controls, combining marks, emoji, CJK, and names without an end.
HOSTILE = (
    "$\\frac{1}{0}$ <!channel> & <b>bold</b> %s {0}",
    "\u202egnirts desrever\u202c and \x00\x07\x1b[31mcontrols",
    "Z\u0351\u036b\u0343\u036aa\u0322\u0328l\u0321go \u200b\u200d\ufeffinvisible",
    "👩‍💻🚀 team 漢字 かな 한글 ไทย",
    "W" * 5_000,
    "Line one\nLine two\r\n\tTabbed" + " lorem ipsum" * 60,
    "عربى עברית Ελληνικά Кириллица",
    "",
)


def days(count: int, step_days: int = 1) -> tuple[date, ...]:
    """`count` days ending with the gallery's last complete day."""
    return tuple(LAST - timedelta(days=step_days * back) for back in reversed(range(count)))


def wave(count: int, level: float, seed: int = 0) -> tuple[float, ...]:
    """Whole numbers with a weekday rhythm, growth and a repeatable wobble; never below zero."""
    return tuple(_on(day, at / count, level, at * 1.7 + seed) for at, day in enumerate(days(count)))


def _on(day: date, done: float, level: float, phase: float) -> float:
    rhythm = 1.0 if day.weekday() < SATURDAY else 0.3
    return float(max(0, round(level * rhythm * (1 + done / 3) * (1 + 0.08 * math.sin(phase)))))


def without(values: tuple[float, ...], *missing: int) -> tuple[float | None, ...]:
    """`values` with None at the places `missing`."""
    return tuple(None if at in missing else value for at, value in enumerate(values))


def hostile_series(count: int, level: float = 50) -> tuple[Series, ...]:
    """Return a series for each hostile name, with gaps, NaN and infinities."""
    bad = {3: None, 7: math.nan, 11: math.inf}
    return tuple(
        Series(
            name, tuple(bad.get(at, value) for at, value in enumerate(wave(count, level * (9 - seed), seed)))
        )
        for seed, name in enumerate(HOSTILE)
    )


def many_series(count: int, length: int, level: float = 1e6) -> tuple[Series, ...]:
    """`count` series of `length` days, smaller one after the other."""
    return tuple(
        Series(f"model-{at:02d}-codex-max", wave(length, level / (at + 1), at)) for at in range(count)
    )


def drawn(draw: Callable[[Chart], Figure], *charts: Chart) -> Draws:
    """Return one drawing for each of `charts`, in the order of `CASES`."""
    return tuple(partial(draw, chart) for chart in charts)


def items(pairs: tuple[tuple[str, float], ...]) -> tuple[Item, ...]:
    """Return `pairs` as items."""
    return tuple(Item(name, value) for name, value in pairs)
