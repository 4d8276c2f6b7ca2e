"""One series over time as columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from matplotlib.figure import Figure

from charts import axes, dates, ends, marks, numbers, ranked, single, style
from charts.dates import Period
from charts.scale import Box
from charts.series import SMOOTHED, Series, check, is_long, smooth, stretches
from charts.sheet import Sheet


@dataclass(frozen=True, slots=True)
class ColumnChart:
    """A column for each of `days`, rising first days of their periods; None is a gap.

    `partial` says that the last period is not over. More than 200 days are averaged over seven, and said so.
    Raises ValueError when there is not one value a day.
    """

    title: str
    subtitle: str
    days: tuple[date, ...]
    values: tuple[float | None, ...]
    unit: str = ""
    period: Period = Period.DAY
    partial: bool = False

    def __post_init__(self) -> None:
        check(self.days, (Series("", self.values),))


def columns(chart: ColumnChart) -> Figure:
    """Draw columns from zero; the last value beside them, the highest above its column."""
    sheet = Sheet(chart.title, chart.subtitle)
    values = numbers.finites(chart.values)
    known = numbers.known(values)
    if not known:
        return sheet.empty()
    if len(values) == 1:
        one = ranked.Bar("", values[0], text_colour=style.SERIES_TEXT[0])
        single.draw(sheet, (one,), dates.full(chart.days[0], chart.period), chart.unit)
        return sheet.figure
    _over_time(sheet, chart, values)
    return sheet.figure


def _over_time(sheet: Sheet, chart: ColumnChart, values: tuple[float | None, ...]) -> None:
    long = is_long(chart.days, chart.period)
    values = smooth(Series("", values)).values if long else values
    complete = values[:-1] if chart.partial else values
    known = numbers.known(complete) or numbers.known(values) or (0.0,)
    last = ends.End("", numbers.compact(known[-1], chart.unit), style.SERIES_TEXT[0], style.SERIES[0])
    box = sheet.body.inset(top=style.TITLE_PX, right=ends.room(sheet, (last,)), bottom=style.AXIS_HEIGHT_PX)
    plot = axes.values(sheet, box, numbers.known(values) or (0.0,), chart.unit)
    labels(sheet, plot.box, chart.days, chart.period)
    missing(sheet, plot.box, tuple(value is None for value in values))
    places = tuple(_place(plot, len(values), at, value) for at, value in enumerate(values))
    if chart.partial and places[-1]:
        marks.boxes(sheet, (places[-1],), style.SERIES[0], hatched=True, name="partial")
        axes.note(sheet, plot.box.inset(top=-4), f"{chart.period} not over")
    marks.boxes(sheet, tuple(place for place in places[: len(complete)] if place), style.SERIES[0])
    drawn = [at for at, value in enumerate(complete) if value is not None]
    if drawn:
        _name_columns(sheet, chart, plot, complete, drawn[-1], last)
    if long:
        axes.note(sheet, plot.box.inset(top=-4), SMOOTHED)


def labels(sheet: Sheet, box: Box, days: tuple[date, ...], period: Period) -> None:
    """Write dates under the columns of `days`."""
    index = {day: at for at, day in enumerate(days)}
    axes.days(sheet, box, days, period, lambda day: axes.slot(box, len(days), index[day]).middle_x)


def missing(sheet: Sheet, box: Box, flags: tuple[bool, ...]) -> None:
    """Draw grey ground where there is no data."""
    pitch = box.width / len(flags)
    for start, stop in stretches(flags):
        place = Box(box.left + pitch * start, box.top, box.left + pitch * stop, box.bottom)
        marks.boxes(sheet, (place,), style.MISSING, name="missing", zorder=0.5)
        if sheet.width("no data") + style.GAP_PX < place.width:
            sheet.label((place.middle_x, box.bottom - style.BODY_PX), "no data", align="center")


def _place(plot: axes.Plot, count: int, at: int, value: float | None) -> Box | None:
    if value is None:
        return None
    slot = axes.slot(plot.box, count, at)
    top, bottom = sorted((plot.y(0), plot.y(value)))
    return Box(slot.left, top, slot.right, bottom)


def _name_columns(
    sheet: Sheet,
    chart: ColumnChart,
    plot: axes.Plot,
    values: tuple[float | None, ...],
    at: int,
    last: ends.End,
) -> None:
    count = len(chart.days)
    ends.draw(sheet, plot.box, (last,), ((axes.slot(plot.box, count, at).right, plot.y(values[at] or 0)),))
    highest = max(numbers.known(values))
    top = values.index(highest)
    if top != at:
        axes.peak(sheet, (axes.slot(plot.box, count, top).middle_x, plot.y(highest)), highest, chart.unit)
