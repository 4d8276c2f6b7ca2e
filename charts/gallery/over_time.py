"""Series over days: samples for the gallery."""

from __future__ import annotations

import math
from collections.abc import Callable

from charts.column_chart import ColumnChart, columns
from charts.gallery.data import (
    EMPTY_TITLE,
    HOSTILE,
    SUBTITLE,
    SURFACES,
    Draws,
    days,
    drawn,
    hostile_series,
    many_series,
    wave,
    without,
)
from charts.line_chart import LineChart, line
from charts.series import Series
from charts.stacked_chart import StackedChart, stacked


def _typical_line() -> LineChart:
    levels = (180, 150, 60, 52, 20)
    return LineChart(
        "Active users rose 14% to 221 a day, led by the CLI",
        f"Active users by surface · {SUBTITLE}",
        days(31),
        tuple(
            Series(name, without(wave(31, level, at), 10, 11))
            for at, (name, level) in enumerate(zip(SURFACES, levels, strict=True))
        ),
        "people",
        partial=True,
    )


def _line() -> Draws:
    return drawn(
        line,
        _typical_line(),
        LineChart(EMPTY_TITLE, f"Active users · {SUBTITLE}", days(30), (Series("CLI", (None,) * 30),)),
        LineChart(
            "312 people used Codex on 20 Oct",
            "Active users · UTC",
            days(1),
            (Series("All", (312.0,)),),
            "people",
        ),
        LineChart(
            "Credits passed 3 M a day in three years",
            "Credits by model · 1,096 days to 20 Oct 2026 · UTC",
            days(1096),
            many_series(40, 1096),
            "credits",
            additive=True,
        ),
        LineChart(HOSTILE[0] * 4, HOSTILE[1] * 9, days(30), hostile_series(30)),
    )


def _columns() -> Draws:
    return drawn(
        columns,
        ColumnChart(
            "Threads fell at the weekend and came back stronger",
            f"Threads per day · {SUBTITLE}",
            days(31),
            without(wave(31, 840), 12),
            "threads",
            partial=True,
        ),
        ColumnChart(EMPTY_TITLE, f"Threads per day · {SUBTITLE}", days(30), (None,) * 30),
        ColumnChart("1,204 threads on 20 Oct", "Threads · UTC", days(1), (1204.0,), "threads"),
        ColumnChart(
            "Tokens grew for three years",
            "Tokens · 1,096 days · UTC",
            days(1096),
            wave(1096, 4.2e13),
            "tokens",
        ),
        ColumnChart(
            HOSTILE[3], HOSTILE[4], days(30), (math.nan, math.inf, -5.0, *wave(27, 1e-3)), HOSTILE[0]
        ),
    )


def _models() -> tuple[Series, ...]:
    levels = (("gpt-5.3-codex", 5200), ("gpt-5.3-codex-mini", 2400), ("gpt-5.2-codex", 900))
    return tuple(Series(name, without(wave(31, level, at), 12)) for at, (name, level) in enumerate(levels))


def _stacked() -> Draws:
    parts = _models()
    one_day = tuple(Series(one.name, one.values[-1:]) for one in parts)
    return drawn(
        stacked,
        StackedChart(
            "Credits rose 22% and moved to gpt-5.3-codex",
            f"Credits by model · {SUBTITLE}",
            days(31),
            parts,
            "credits",
            partial=True,
        ),
        StackedChart(EMPTY_TITLE, f"Credits by model · {SUBTITLE}", days(30), ()),
        StackedChart("11.2k credits on 20 Oct", "Credits by model · UTC", days(1), one_day, "credits"),
        StackedChart(
            "Forty models in three years",
            "Credits · 1,096 days · UTC",
            days(1096),
            many_series(40, 1096),
            "credits",
        ),
        StackedChart(HOSTILE[6] * 3, HOSTILE[2] * 9, days(30), hostile_series(30)),
    )


KINDS: dict[str, Callable[[], Draws]] = {"line": _line, "columns": _columns, "stacked": _stacked}
