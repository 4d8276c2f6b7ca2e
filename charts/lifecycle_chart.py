"""Who came, stayed, came back and went: a stack above zero and one below."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from matplotlib.figure import Figure

from charts import axes, column_chart, dates, ends, marks, numbers, ranked, single, style
from charts.dates import Period
from charts.scale import Box
from charts.sheet import Sheet

_STYLES = (
    ("Returning", style.SERIES[0], style.SERIES_TEXT[0]),
    ("Resurrected", style.SERIES[2], style.SERIES_TEXT[2]),
    ("New", style.SERIES[1], style.SERIES_TEXT[1]),
    ("Dormant", style.OTHER, style.OTHER_TEXT),
)


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """People of one period by what they did; all counts are positive."""

    new: int
    returning: int
    resurrected: int
    dormant: int


@dataclass(frozen=True, slots=True)
class LifecycleChart:
    """A `Lifecycle` for each of `days`, rising first days of their periods; None is a period without data.

    Raises ValueError when there is not one a day.
    """

    title: str
    subtitle: str
    days: tuple[date, ...]
    periods: tuple[Lifecycle | None, ...]
    unit: str = "people"
    period: Period = Period.WEEK
    partial: bool = False

    def __post_init__(self) -> None:
        if len(self.days) != len(self.periods):
            message = f"{len(self.periods)} periods for {len(self.days)} days"
            raise ValueError(message)


def lifecycle(chart: LifecycleChart) -> Figure:
    """Draw new, resurrected and returning people upwards, dormant ones downwards, named at the end."""
    sheet = Sheet(chart.title, chart.subtitle)
    known = [(at, one) for at, one in enumerate(chart.periods) if one is not None]
    if not known:
        return sheet.empty()
    if len(chart.days) == 1:
        _single(sheet, chart, known[0][1])
        return sheet.figure
    complete = [pair for pair in known if not (chart.partial and pair[0] == len(chart.periods) - 1)] or known
    at, last = complete[-1]
    named = _ends(last)
    box = sheet.body.inset(top=style.GAP_PX, right=ends.room(sheet, named), bottom=style.AXIS_HEIGHT_PX)
    extremes = [(sum(_values(one)[:3]), -one.dormant) for _, one in known]
    plot = axes.values(
        sheet, box, tuple(float(value) for pair in extremes for value in pair), "", absolute=True
    )
    column_chart.labels(sheet, plot.box, chart.days, chart.period)
    column_chart.missing(sheet, plot.box, tuple(one is None for one in chart.periods))
    _columns(sheet, chart, plot)
    right = axes.slot(plot.box, len(chart.days), at).right
    middles = tuple(
        (right, (place.top + place.bottom) / 2) for place in _places(plot.y, Box(0, 0, 0, 0), last)
    )
    ends.draw(sheet, plot.box, named, middles)
    return sheet.figure


def _ends(last: Lifecycle) -> tuple[ends.End, ...]:
    return tuple(
        ends.End(name, numbers.compact(value), text, colour)
        for (name, colour, text), value in zip(_STYLES, _values(last), strict=True)
    )


def _single(sheet: Sheet, chart: LifecycleChart, only: Lifecycle) -> None:
    bars = tuple(
        ranked.Bar(name, value, colour, text)
        for (name, colour, text), value in zip(_STYLES, _values(only), strict=True)
    )
    single.draw(sheet, bars, dates.full(chart.days[0], chart.period), chart.unit)


def _values(one: Lifecycle) -> tuple[int, int, int, int]:
    return (one.returning, one.resurrected, one.new, one.dormant)


def _columns(sheet: Sheet, chart: LifecycleChart, plot: axes.Plot) -> None:
    parts: dict[tuple[int, bool], list[Box]] = {}
    for at, one in enumerate(chart.periods):
        if one is None:
            continue
        hatched = chart.partial and at == len(chart.periods) - 1
        for part, place in enumerate(_places(plot.y, axes.slot(plot.box, len(chart.periods), at), one)):
            parts.setdefault((part, hatched), []).append(place)
    for (part, hatched), places in parts.items():
        name = "partial" if hatched else "bars"
        marks.boxes(sheet, places, _STYLES[part][1], hatched=hatched, name=name)
    marks.rule(
        sheet, (plot.box.left, plot.y(0)), (plot.box.right, plot.y(0)), style.INK, name="zero", zorder=6
    )


def _places(y: Callable[[float], float], slot: Box, one: Lifecycle) -> tuple[Box, ...]:
    returning, resurrected, new, dormant = _values(one)
    edges = (0, returning, returning + resurrected, returning + resurrected + new)
    up = tuple(Box(slot.left, y(high), slot.right, y(low)) for low, high in itertools.pairwise(edges))
    return (*up, Box(slot.left, y(0), slot.right, y(-dormant)))
