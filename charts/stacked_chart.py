"""Additive parts over time, stacked: credits by model."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from datetime import date

from matplotlib.figure import Figure

from charts import axes, column_chart, dates, ends, marks, numbers, ranked, single, style
from charts.dates import Period
from charts.scale import Box
from charts.series import SMOOTHED, Painted, Series, check, is_long, paint, smooth
from charts.sheet import Sheet

_SMALLEST_NAMED = 0.005


@dataclass(frozen=True, slots=True)
class StackedChart:
    """Parts of a whole on `days`; zero is written as 0, so a day on which any part is None is a gap.

    Series past the fifth are summed into "Other". `partial` says that the last period is not over.
    Raises ValueError when a series has not one value a day.
    """

    title: str
    subtitle: str
    days: tuple[date, ...]
    series: tuple[Series, ...]
    unit: str = ""
    period: Period = Period.DAY
    partial: bool = False

    def __post_init__(self) -> None:
        check(self.days, self.series)


def stacked(chart: StackedChart) -> Figure:
    """Draw stacked columns, or areas for more than 200 days; each part named beside the last column."""
    sheet = Sheet(chart.title, chart.subtitle)
    painted = paint(chart.series, additive=True)
    if not painted:
        return sheet.empty()
    if len(chart.days) == 1:
        bars = tuple(ranked.Bar(p.series.name, p.series.values[0], p.colour, p.text_colour) for p in painted)
        single.draw(sheet, bars, dates.full(chart.days[0], chart.period), chart.unit)
        return sheet.figure
    if is_long(chart.days, chart.period):
        painted = tuple(replace(one, series=smooth(one.series)) for one in painted)
    levels = _levels(painted)
    if not any(levels):
        return sheet.empty()
    _over_time(sheet, chart, painted, levels)
    return sheet.figure


Levels = tuple[tuple[float, ...] | None, ...]


def _levels(painted: tuple[Painted, ...]) -> Levels:
    """Return for each day the heights between the parts, from zero up; None where a part is missing."""
    return tuple(_heights(column) for column in zip(*(one.series.values for one in painted), strict=True))


def _heights(column: tuple[float | None, ...]) -> tuple[float, ...] | None:
    heights = [0.0]
    for value in column:
        if value is None:
            return None
        heights.append(heights[-1] + max(value, 0.0))
    return tuple(heights)


def _over_time(sheet: Sheet, chart: StackedChart, painted: tuple[Painted, ...], levels: Levels) -> None:
    known = [at for at, level in enumerate(levels) if level]
    complete = [at for at in known if not (chart.partial and at == len(levels) - 1)]
    last = (complete or known)[-1]
    named = _ends(chart, painted, last)
    box = sheet.body.inset(top=style.TITLE_PX, right=ends.room(sheet, named), bottom=style.AXIS_HEIGHT_PX)
    plot = axes.values(sheet, box, tuple(level[-1] for level in levels if level), chart.unit)
    column_chart.labels(sheet, plot.box, chart.days, chart.period)
    column_chart.missing(sheet, plot.box, tuple(level is None for level in levels))
    long = is_long(chart.days, chart.period)
    for part, one in enumerate(painted):
        (_area if long else _columns)(sheet, chart, plot, levels, part, one.colour)
    if long or chart.partial:
        axes.note(sheet, plot.box, SMOOTHED if long else f"{chart.period} not over")
    _peak(sheet, chart, plot, levels, complete)
    heights = levels[last] or ()
    right = axes.slot(plot.box, len(levels), len(levels) - 1).right
    middles = [plot.y((low + high) / 2) for low, high in itertools.pairwise(heights)]
    when = dates.within_year(chart.days[last], chart.period)
    ends.draw(sheet, plot.box, named, tuple((right, y) for y in middles), when)


def _peak(sheet: Sheet, chart: StackedChart, plot: axes.Plot, levels: Levels, complete: list[int]) -> None:
    """Write the whole over the highest of the complete columns."""
    wholes = {at: heights[-1] for at in complete if (heights := levels[at])}
    top = max(wholes, key=wholes.__getitem__, default=None)
    if top is not None and not is_long(chart.days, chart.period):
        middle = axes.slot(plot.box, len(levels), top).middle_x
        axes.peak(sheet, (middle, plot.y(wholes[top])), wholes[top], chart.unit)


def _ends(chart: StackedChart, painted: tuple[Painted, ...], last: int) -> tuple[ends.End, ...]:
    values = tuple(one.series.values[last] or 0.0 for one in painted)
    return tuple(
        ends.End(one.series.name, numbers.compact(value, chart.unit), one.text_colour, one.colour)
        for one, value in zip(painted, values, strict=True)
    )


def _columns(
    sheet: Sheet, chart: StackedChart, plot: axes.Plot, levels: Levels, part: int, colour: str
) -> None:
    places = [_place(plot, levels, at, part) for at in range(len(levels))]
    if chart.partial:
        last = places.pop()
        if last:
            marks.boxes(sheet, (last,), colour, hatched=True, name="partial")
    marks.boxes(sheet, tuple(place for place in places if place), colour)


def _place(plot: axes.Plot, levels: Levels, at: int, part: int) -> Box | None:
    level = levels[at]
    if level is None or level[part] == level[part + 1]:
        return None
    slot = axes.slot(plot.box, len(levels), at)
    return Box(slot.left, plot.y(level[part + 1]), slot.right, plot.y(level[part]))


def _area(
    sheet: Sheet, _chart: StackedChart, plot: axes.Plot, levels: Levels, part: int, colour: str
) -> None:
    middles = [axes.slot(plot.box, len(levels), at).middle_x for at in range(len(levels))]
    lower = [(x, plot.y(level[part]) if level else None) for x, level in zip(middles, levels, strict=True)]
    upper = [
        (x, plot.y(level[part + 1]) if level else None) for x, level in zip(middles, levels, strict=True)
    ]
    marks.band(sheet, lower, upper, colour, alpha=1)
