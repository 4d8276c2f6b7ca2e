"""What is read out of series: samples for the gallery."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from charts.anomaly_chart import AnomalyChart, anomaly
from charts.dates import Period
from charts.forecast_chart import ForecastChart, forecast
from charts.gallery.data import (
    EMPTY_TITLE,
    HOSTILE,
    SUBTITLE,
    Draws,
    days,
    drawn,
    wave,
)
from charts.interval_chart import IntervalChart, Rate, interval

_NO_BASE = 4


def _rates(count: int) -> tuple[Rate | None, ...]:
    found = (62 + 9 * math.sin(at / count * 40) + at / count * 12 for at in range(count))
    return tuple(
        None if at == _NO_BASE else Rate(rate, rate - 9, min(rate + 8, 100), 90)
        for at, rate in enumerate(found)
    )


def _interval() -> Draws:
    return drawn(
        interval,
        IntervalChart(
            "Three of four reactions to reviews are positive",
            "Positive share of reactions · weekly · UTC",
            days(13, 7),
            _rates(13),
        ),
        IntervalChart(EMPTY_TITLE, "Positive share of reactions · weekly · UTC", days(8, 7), (None,) * 8),
        IntervalChart(
            "72% of reactions were positive",
            "Positive share of reactions · UTC",
            days(1),
            (Rate(72, 63, 79, 118),),
        ),
        IntervalChart(
            "Three years of reactions", "Positive share · daily · UTC", days(1096), _rates(1096), Period.DAY
        ),
        _hostile_interval(),
    )


def _hostile_interval() -> IntervalChart:
    rates = Rate(0, 0, 100, 1), None, Rate(math.nan, 0, 1, 0), *(Rate(100, 21, 100, 1),) * 3
    return IntervalChart(HOSTILE[3], HOSTILE[5], days(6), rates, Period.DAY, HOSTILE[0])


def _spiky(count: int, spikes: tuple[int, ...], level: float) -> AnomalyChart:
    usual = wave(count, level)
    values = tuple(value * 2.6 if at in spikes else value for at, value in enumerate(usual))
    every = days(count)
    return AnomalyChart(
        "Credits were 2.6 times the usual on 9 Oct",
        f"Credits per day · {SUBTITLE}",
        every,
        values,
        tuple(value * 0.8 for value in usual),
        tuple(value * 1.25 for value in usual),
        tuple(every[at] for at in spikes),
        "credits",
    )


def _anomaly() -> Draws:
    none: tuple[float | None, ...] = (None,) * 30
    return drawn(
        anomaly,
        _spiky(30, (18, 24), 9_200),
        AnomalyChart(EMPTY_TITLE, f"Credits per day · {SUBTITLE}", days(30), none, none, none),
        AnomalyChart(
            "31k credits on 20 Oct, far over the usual",
            "Credits · UTC",
            days(1),
            (31_000.0,),
            (9e3,),
            (14e3,),
            days(1),
            "credits",
        ),
        replace(
            _spiky(1096, tuple(range(5, 1096, 90)), 4e8),
            title="Three years, 13 spikes",
            subtitle="Credits · UTC",
        ),
        _hostile_anomaly(),
    )


def _hostile_anomaly() -> AnomalyChart:
    bad = _spiky(30, (0, 1, 2, 28, 29), 1e14)
    return replace(
        bad,
        title=HOSTILE[0] * 2,
        subtitle=HOSTILE[6],
        unit=HOSTILE[4],
        usual=HOSTILE[5],
        values=(math.nan, *bad.values[1:]),
    )


def _spending(
    count: int, done: int, level: float, budget: float | None, runs_out: int | None
) -> ForecastChart:
    used = tuple(level * (at + 1) * (1 + at / count / 3) for at in range(count))
    first = used[:done]
    rest = [(used[at], (at - done + 1) / count * level * 9) for at in range(done - 1, count)]
    pad: tuple[float | None, ...] = (None,) * (done - 1)
    return ForecastChart(
        "At this pace the budget runs out on 11 Oct",
        "Credits since 21 Sep · to 20 Oct 2026 · UTC",
        days(count),
        (*first, *(None,) * (count - done)),
        (*pad, *(value for value, _ in rest)),
        (*pad, *(value - wide for value, wide in rest)),
        (*pad, *(value + wide for value, wide in rest)),
        "credits",
        budget,
        days(count)[runs_out] if runs_out is not None else None,
    )


def _first_day_forecast() -> ForecastChart:
    return ForecastChart(
        "12.4k credits on the first day",
        "Credits · 20 Oct 2026 · UTC",
        days(1),
        (12_400.0,),
        (None,),
        (None,),
        (None,),
        "credits",
        400_000.0,
    )


def _forecast() -> Draws:
    none: tuple[float | None, ...] = (None,) * 30
    return drawn(
        forecast,
        _spending(30, 14, 12_400, 330_000, 20),
        ForecastChart(EMPTY_TITLE, "Credits · UTC", days(30), none, none, none, none),
        _first_day_forecast(),
        replace(
            _spending(1096, 700, 9e9, 9e12, 800), title="Three years of spending", subtitle="Credits · UTC"
        ),
        replace(
            _spending(30, 28, 1e-4, -math.inf, None),
            title=HOSTILE[4],
            subtitle=HOSTILE[1],
            unit=HOSTILE[0],
            interval=HOSTILE[5],
        ),
    )


KINDS: dict[str, Callable[[], Draws]] = {"interval": _interval, "anomaly": _anomaly, "forecast": _forecast}
