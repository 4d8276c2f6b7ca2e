"""Ranked and compared values: samples for the gallery."""

from __future__ import annotations

import math
from collections.abc import Callable

from charts.bar_chart import BarChart, Item, bars
from charts.compare_chart import CompareChart, Pair, dumbbell
from charts.gallery.data import (
    EMPTY_TITLE,
    HOSTILE,
    SUBTITLE,
    SURFACES,
    Draws,
    drawn,
    items,
    many_series,
    wave,
)
from charts.histogram_chart import Histogram, histogram
from charts.lorenz_chart import LorenzChart, lorenz


def _typical_bars() -> BarChart:
    models = (
        ("gpt-5.3-codex", 48_210.0),
        ("gpt-5.3-codex-mini", 21_004.0),
        ("gpt-5.2-codex", 9_870.0),
        ("o5", 412.0),
    )
    return BarChart(
        "One model takes 61% of all credits",
        f"Credits by model · {SUBTITLE}",
        (*items(models), Item("code review", None)),
        "credits",
        shares=True,
    )


def _bars() -> Draws:
    many = tuple(Item(one.name, one.values[0]) for one in many_series(40, 1, 9e11))
    return drawn(
        bars,
        _typical_bars(),
        BarChart(EMPTY_TITLE, f"Credits by model · {SUBTITLE}", ()),
        BarChart(
            "One person used Codex on 20 Oct",
            "Turns · 20 Oct 2026 · UTC",
            (Item("ada@example.com", 12.0),),
            "turns",
        ),
        BarChart(
            "35 small models together pass the largest",
            f"Tokens · {SUBTITLE}",
            many,
            additive=True,
            shares=True,
        ),
        BarChart(HOSTILE[4], HOSTILE[3], tuple(Item(name, 9.0 - at) for at, name in enumerate(HOSTILE))),
    )


def _pairs() -> tuple[Pair, ...]:
    before, now = (180.0, 150.0, 40.0, 0.0, None), (224.0, 141.0, 84.0, 30.0, 26.0)
    return tuple(Pair(*row) for row in zip(SURFACES, before, now, strict=True))


def _hostile_pairs() -> tuple[Pair, ...]:
    return tuple(Pair(name, -5.0 + at, math.inf if at == 1 else 3.0 * at) for at, name in enumerate(HOSTILE))


def _typical_pairs() -> CompareChart:
    return CompareChart(
        "Cloud more than doubled, the IDE lost a little",
        f"Active users · {SUBTITLE}",
        _pairs(),
        "20 Aug to 19 Sep",
        "20 Sep to 20 Oct",
        "people",
    )


def _dumbbell() -> Draws:
    many = tuple(Pair(one.name, 1.0 + at, one.values[0]) for at, one in enumerate(many_series(40, 1, 8e15)))
    return drawn(
        dumbbell,
        _typical_pairs(),
        CompareChart(EMPTY_TITLE, f"Active users · {SUBTITLE}", (Pair("CLI", None, None),), "before", "now"),
        CompareChart(
            "312 people on 20 Oct, 14% more",
            "Active users · UTC",
            (Pair("All", 274.0, 312.0),),
            "19 Oct",
            "20 Oct",
        ),
        CompareChart("Forty models compared", "Tokens", many, "2025", "2026"),
        CompareChart(HOSTILE[0] * 2, HOSTILE[3], _hostile_pairs(), HOSTILE[5], HOSTILE[4]),
    )


def _histogram() -> Draws:
    def classes(count: int, level: float) -> tuple[Item, ...]:
        return tuple(Item(str(at + 1), value) for at, value in enumerate(wave(count, level)[::-1]))

    week = tuple(Item(str(at), float(value)) for at, value in enumerate((61, 22, 18, 25, 31, 48, 9, 4)))
    return drawn(
        histogram,
        Histogram(
            "One in four people uses Codex on five days or more",
            f"Active days of the last 7 · {SUBTITLE}",
            week,
            axis="active days",
        ),
        Histogram(EMPTY_TITLE, f"Active days of the last 28 · {SUBTITLE}", ()),
        Histogram(
            "All 12 people were active", "Active days of 1 · UTC", (Item("1", 12.0),), axis="active day"
        ),
        Histogram("Most are active on few days", "Active days of 366", classes(366, 3e6), axis="active days"),
        Histogram(
            HOSTILE[1] * 4,
            HOSTILE[2],
            tuple(Item(name, float(at)) for at, name in enumerate(HOSTILE)),
            axis=HOSTILE[5],
        ),
    )


def _lorenz() -> Draws:
    def curve(count: int, power: float) -> tuple[tuple[float, float], ...]:
        return tuple((100 * at / count, 100 * (1 - (1 - at / count) ** power)) for at in range(1, count + 1))

    return drawn(
        lorenz,
        LorenzChart(
            "Ten percent of people use 47% of credits", f"Credits by person · {SUBTITLE}", curve(240, 6)
        ),
        LorenzChart(EMPTY_TITLE, f"Credits by person · {SUBTITLE}", ()),
        LorenzChart("One person, all of the use", "Credits by person · 20 Oct 2026 · UTC", ((100.0, 100.0),)),
        LorenzChart("A hundred thousand people", "Credits by person", curve(5_000, 90)),
        LorenzChart(HOSTILE[4], HOSTILE[0], ((1.0, 100.0), (math.nan, 3.0), (100.0, 100.0)), HOSTILE[5]),
    )


KINDS: dict[str, Callable[[], Draws]] = {
    "bars": _bars,
    "dumbbell": _dumbbell,
    "histogram": _histogram,
    "lorenz": _lorenz,
}
