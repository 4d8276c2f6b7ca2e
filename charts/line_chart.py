"""Series over days as lines, each with its name and last value at its end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from matplotlib.figure import Figure

from charts import axes, dates, ends, marks, numbers, ranked, single, style
from charts.dates import Period
from charts.scale import Box, Linear
from charts.series import SMOOTHED, Painted, Series, check, is_long, paint, smooth, stretches
from charts.sheet import Sheet


@dataclass(frozen=True, slots=True)
class LineChart:
    """Lines over `days`, the first day of each period, rising.

    `partial` says that the last point covers an unfinished period. `additive` allows the smallest of
    many series to be summed into "Other". `comparison` is drawn dashed on the same days. `smoothed`
    says that the values already are 7-day averages; more than 200 days are averaged here, and said so.
    Raises ValueError when a series has not one value a day.
    """

    title: str
    subtitle: str
    days: tuple[date, ...]
    series: tuple[Series, ...]
    unit: str = ""
    period: Period = Period.DAY
    partial: bool = False
    additive: bool = False
    comparison: Series | None = None
    smoothed: bool = False

    def __post_init__(self) -> None:
        check(self.days, self.series + ((self.comparison,) if self.comparison else ()))


def line(chart: LineChart) -> Figure:
    """Draw lines over time: zero-based, gaps for missing days, the last partial point hollow and hatched."""
    sheet = Sheet(chart.title, chart.subtitle)
    chart = _readable(chart)
    painted = _all(chart)
    known = numbers.known(value for one in painted for value in one.series.values)
    if not known:
        return sheet.empty()
    if len(chart.days) == 1:
        bars = tuple(
            ranked.Bar(p.series.name, p.series.values[0], p.colour, p.text_colour) for p in painted if p.named
        )
        single.draw(sheet, bars, _on(chart), chart.unit)
        return sheet.figure
    _over_time(sheet, chart, painted, known)
    return sheet.figure


def _over_time(
    sheet: Sheet, chart: LineChart, painted: tuple[Painted, ...], known: tuple[float, ...]
) -> None:
    named = tuple(one for one in painted if one.named)
    labels = tuple(_end(chart, one, alone=len(named) == 1) for one in named)
    box = sheet.body.inset(top=style.TITLE_PX, right=ends.room(sheet, labels), bottom=style.AXIS_HEIGHT_PX)
    plot = axes.values(sheet, box, known, chart.unit)
    x = _x(chart, plot.box)
    axes.days(sheet, plot.box, chart.days, chart.period, lambda day: x(day.toordinal()))
    _gaps(sheet, chart, painted, plot.box, x)
    if chart.partial:
        _partial(sheet, chart, plot.box, x)
    if chart.smoothed:
        axes.note(sheet, plot.box, SMOOTHED)
    for one in reversed(painted):
        _line(sheet, chart, one, plot, x, alone=len(named) == 1)
    points = tuple(_last(chart, one, plot, x) for one in named)
    ends.draw(sheet, plot.box, labels, points)
    if len(painted) == 1 and not chart.smoothed:
        _peak(sheet, chart, painted[0], plot, x)


def _readable(chart: LineChart) -> LineChart:
    """Average many days over the week and leave the unfinished one out."""
    if chart.smoothed or not is_long(chart.days, chart.period):
        return chart
    stop = len(chart.days) - chart.partial

    def smoothed(one: Series) -> Series:
        return smooth(Series(one.name, one.values[:stop]))

    return replace(
        chart,
        days=chart.days[:stop],
        series=tuple(smoothed(one) for one in chart.series),
        comparison=smoothed(chart.comparison) if chart.comparison else None,
        partial=False,
        smoothed=True,
    )


def _all(chart: LineChart) -> tuple[Painted, ...]:
    painted = paint(chart.series, additive=chart.additive)
    if chart.comparison is not None:
        dashed = Series(chart.comparison.name, numbers.finites(chart.comparison.values))
        painted = (*painted, Painted(dashed, style.OTHER, style.OTHER_TEXT))
    return tuple(one for one in painted if numbers.known(one.series.values))


def _x(chart: LineChart, box: Box) -> Linear:
    return Linear(chart.days[0].toordinal(), chart.days[-1].toordinal(), box.left + 10, box.right - 10)


def _points(chart: LineChart, one: Painted, plot: axes.Plot, x: Linear) -> list[tuple[float, float | None]]:
    return [
        (x(day.toordinal()), None if value is None else plot.y(value))
        for day, value in zip(chart.days, one.series.values, strict=True)
    ]


def _is_comparison(chart: LineChart, one: Painted) -> bool:
    return (
        chart.comparison is not None
        and one.colour == style.OTHER
        and one.series.name == chart.comparison.name
    )


def _line(sheet: Sheet, chart: LineChart, one: Painted, plot: axes.Plot, x: Linear, *, alone: bool) -> None:
    points = _points(chart, one, plot, x)
    if _is_comparison(chart, one):
        marks.line(
            sheet, points, one.colour, width=style.THIN_LINE_PX, dashed=True, name="comparison", zorder=3
        )
        return
    width = style.LINE_PX if one.named else style.THIN_LINE_PX
    done = points[:-1] if chart.partial else points
    marks.line(sheet, done, one.colour, width=width, zorder=4 if one.named else 2.5)
    if chart.partial:
        marks.line(sheet, points[-2:], one.colour, width=style.THIN_LINE_PX, dashed=True, name="partial line")
    if alone:
        marks.area(sheet, done, plot.y(0), one.colour)
    last = points[-1]
    if one.named and last[1] is not None:
        marks.dot(sheet, (last[0], last[1]), one.colour, hollow=chart.partial)


def _peak(sheet: Sheet, chart: LineChart, one: Painted, plot: axes.Plot, x: Linear) -> None:
    """Write the highest complete value over its point, unless it is the one at the end."""
    last = _last_index(chart, one)
    values = numbers.known(one.series.values[: last + 1])
    top = one.series.values.index(max(values))
    if top != last:
        axes.peak(sheet, (x(chart.days[top].toordinal()), plot.y(max(values))), max(values), chart.unit)


def _end(chart: LineChart, one: Painted, *, alone: bool) -> ends.End:
    at = _last_index(chart, one)
    value = one.series.values[at]
    text = "" if value is None else numbers.compact(value, chart.unit)
    name = "" if alone and chart.comparison is None else one.series.name
    return ends.End(name, text, one.text_colour, one.colour)


def _last_index(chart: LineChart, one: Painted) -> int:
    """Return the last complete point that is known; the partial one when there is no other."""
    stop = len(chart.days) - (1 if chart.partial else 0)
    known = [index for index, value in enumerate(one.series.values) if value is not None]
    return max((index for index in known if index < stop), default=known[-1])


def _last(chart: LineChart, one: Painted, plot: axes.Plot, x: Linear) -> tuple[float, float]:
    """Return the point whose value is written at the end."""
    at = _last_index(chart, one)
    return x(chart.days[at].toordinal()), plot.y(one.series.values[at] or 0.0)


def _gaps(sheet: Sheet, chart: LineChart, painted: tuple[Painted, ...], box: Box, x: Linear) -> None:
    """Grey where no series has data, from the last known day to the next."""
    columns = zip(*(one.series.values for one in painted if not _is_comparison(chart, one)), strict=True)
    missing = [all(value is None for value in column) for column in columns]
    at = [x(day.toordinal()) for day in chart.days]
    for start, stop in stretches(missing):
        left = at[start - 1] if start else box.left
        right = at[stop] if stop < len(at) else box.right
        place = Box(left, box.top, right, box.bottom)
        marks.boxes(sheet, (place,), style.MISSING, name="missing", zorder=0.5)
        if sheet.width("no data") + style.GAP_PX < place.width:
            sheet.label(((left + right) / 2, box.bottom - style.BODY_PX), "no data", align="center")


def _partial(sheet: Sheet, chart: LineChart, box: Box, x: Linear) -> None:
    left, right = x(chart.days[-2].toordinal()), box.right
    marks.boxes(
        sheet,
        (Box(left, box.top, right, box.bottom),),
        style.CONTEXT,
        hatched=True,
        name="partial",
        zorder=0.6,
    )
    axes.note(sheet, box, f"{chart.period} not over")


def _on(chart: LineChart) -> str:
    return dates.full(chart.days[0], chart.period) + (" (not over yet)" if chart.partial else "")
