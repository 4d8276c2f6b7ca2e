"""Days far from their usual value (metrics.md: anomaly; Iglewicz and Hoaglin's modified z-score).

Compared with the same weekday of the last 8 weeks, the day itself left out. Arithmetic is exact; only
`score` is rounded to a float. A missing day is neither a drop nor part of a baseline.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor
from statistics import median
from typing import Final

from bot.metrics.rates import Daily
from bot.model.timerange import DAY, TimeRange

WEEKS: Final = 8
AT_LEAST: Final = 4
CUT: Final = 3.5
FRESH_DAYS: Final = 3
"""An unusual day stands for so many days, counted from itself; then it is history."""

RUN_DAYS: Final = 28
_MAD_FACTOR: Final = Fraction("0.6745")
_MEAN_FACTOR: Final = Fraction("1.2533")


class Verdict(StrEnum):
    """What a day is."""

    USUAL = "usual"
    SPIKE = "spike"
    DROP = "drop"
    NO_DATA = "no_data"
    TOO_LITTLE = "too_little"


class Spread(StrEnum):
    """How far the baseline's own days lie from their median, by which measure."""

    MAD = "mad"
    MEAN_DEVIATION = "mean_deviation"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Rule:
    """A day is unusual when it lies more than `cut` modified z-scores and more than `floor` from the median.

    `floor` is in the unit of the values (micro-units for money-like ones).
    """

    floor: int
    cut: float = CUT
    weeks: int = WEEKS
    at_least: int = AT_LEAST


@dataclass(frozen=True, slots=True)
class Baseline:
    """The known days compared with, oldest first, and their median.

    `low` and `high` are the least and the largest usual value. `spread` is NONE when the days are all
    equal: then the floor alone decides and there is no score.
    """

    days: tuple[date, ...]
    median: float
    spread: Spread
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Assessment:
    """A day against its baseline. `value` is None with NO_DATA; `baseline` is None with TOO_LITTLE."""

    day: date
    value: int | None
    verdict: Verdict
    score: float | None
    baseline: Baseline | None

    @property
    def is_anomaly(self) -> bool:
        """True for a spike or a drop."""
        return self.verdict in (Verdict.SPIKE, Verdict.DROP)


def assess(daily: Daily, day: date, rule: Rule) -> Assessment:
    """Judge one day."""
    value = daily.get(day)
    weeks = (day - timedelta(weeks=n) for n in range(rule.weeks, 0, -1))
    known = {d: v for d in weeks if (v := daily.get(d)) is not None}
    if len(known) < rule.at_least or not known:
        return Assessment(day, value, Verdict.NO_DATA if value is None else Verdict.TOO_LITTLE, None, None)
    middle = median(map(Fraction, known.values()))
    spread, unit = _spread(tuple(known.values()), middle)
    reach = max(Fraction(rule.cut) * unit, Fraction(rule.floor))
    low, high = max(0, ceil(middle - reach)), floor(middle + reach)
    baseline = Baseline(tuple(known), float(middle), spread, low, high)
    score = float((value - middle) / unit) if unit and value is not None else None
    return Assessment(day, value, _verdict(value, baseline), score, baseline)


def anomalies(daily: Daily, window: TimeRange, rule: Rule) -> tuple[Assessment, ...]:
    """The spikes and drops of `window`, oldest first."""
    judged = (assess(daily, day, rule) for day in window.days())
    return tuple(found for found in judged if found.is_anomaly)


def fresh_runs(daily: Daily, through: date, rule: Rule) -> tuple[tuple[Assessment, ...], ...]:
    """The runs of spikes, then of drops, with one of the last `FRESH_DAYS` to `through`; oldest day first.

    Days of a run lie less than `FRESH_DAYS` apart, so that a usual day in between does not make two of one.
    A run reaches back at most `RUN_DAYS`.
    """
    window = TimeRange(through - timedelta(days=RUN_DAYS - 1), through + DAY)
    found = anomalies(daily, window, rule)
    by_kind = (
        _run([one for one in found if one.verdict is v], through) for v in (Verdict.SPIKE, Verdict.DROP)
    )
    return tuple(run for run in by_kind if run)


def _run(found: list[Assessment], through: date) -> tuple[Assessment, ...]:
    run: list[Assessment] = []
    after = through
    for one in reversed(found):
        if (after - one.day).days >= FRESH_DAYS:
            break
        run.append(one)
        after = one.day
    return tuple(reversed(run))


def _spread(values: tuple[int, ...], middle: Fraction) -> tuple[Spread, Fraction]:
    """The measure that is not zero, and the distance from the median that scores 1."""
    distances = [abs(value - middle) for value in values]
    if mad := Fraction(median(distances)):
        return Spread.MAD, mad / _MAD_FACTOR
    if mean := Fraction(sum(distances)) / len(distances):
        return Spread.MEAN_DEVIATION, mean * _MEAN_FACTOR
    return Spread.NONE, Fraction(0)


def _verdict(value: int | None, baseline: Baseline) -> Verdict:
    if value is None:
        return Verdict.NO_DATA
    if value > baseline.high:
        return Verdict.SPIKE
    return Verdict.DROP if value < baseline.low else Verdict.USUAL
