"""Sample data of gallery and tests: each chart with typical, empty, single-day, huge and hostile data."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from matplotlib.figure import Figure

from charts.line_chart import LineChart, line
from charts.series import Series

CASES = ("typical", "empty", "single day", "huge", "hostile")

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


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture of the gallery."""

    kind: str
    case: str
    draw: Callable[[], Figure]


def days(count: int, step_days: int = 1) -> tuple[date, ...]:
    """`count` days ending with the gallery's last complete day."""
    return tuple(LAST - timedelta(days=step_days * back) for back in reversed(range(count)))


def wave(count: int, level: float, seed: int = 0) -> tuple[float, ...]:
    """Whole numbers with a weekday rhythm, growth and a repeatable wobble; never below zero."""
    every = zip(range(count), days(count), strict=True)
    return tuple(
        float(max(0, round(level * (1.0 if day.weekday() < 5 else 0.3) * (1 + at / count / 3)  # noqa: PLR2004 - Saturday
        * (1 + 0.08 * math.sin(at * 1.7 + seed)))))
        for at, day in every
    )  # fmt: skip


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


def samples() -> tuple[Sample, ...]:
    """Return every picture of the gallery, in its order."""
    return tuple(
        Sample(kind, case, draw)
        for kind, draws in _KINDS.items()
        for case, draw in zip(CASES, draws(), strict=True)
    )


def _line() -> tuple[Callable[[], Figure], ...]:
    levels = (180, 150, 60, 52, 20)
    typical = tuple(
        Series(name, without(wave(31, level, at), 10, 11))
        for at, (name, level) in enumerate(zip(SURFACES, levels, strict=True))
    )
    charts = (
        LineChart(
            "Active users rose 14 % to 224 a day, led by the CLI", f"Active users by surface · {SUBTITLE}",
            days(31), typical, "people", partial=True,
        ),
        LineChart(EMPTY_TITLE, f"Active users · {SUBTITLE}", days(30), (Series("CLI", (None,) * 30),)),
        LineChart(
            "312 people used Codex on 20 Oct", "Active users · UTC",
            days(1), (Series("All", (312.0,)),), "people",
        ),
        LineChart(
            "Credits passed 3 M a day in three years", "Credits by model · 1,096 days to 20 Oct 2026 · UTC",
            days(1096), many_series(40, 1096), "credits", additive=True,
        ),
        LineChart(HOSTILE[0] * 4, HOSTILE[1] * 9, days(30), hostile_series(30)),
    )  # fmt: skip
    return tuple(lambda chart=chart: line(chart) for chart in charts)


_KINDS: dict[str, Callable[[], tuple[Callable[[], Figure], ...]]] = {"line": _line}
