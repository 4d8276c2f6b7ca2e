"""A series against its usual range, with the days that left it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from matplotlib.figure import Figure

from charts import axes, dates, ends, marks, numbers, ranked, single, style
from charts.dates import Period
from charts.scale import Linear
from charts.series import Series, check
from charts.sheet import Sheet

Values = tuple[float | None, ...]
_NAMED_FLAGS = 4
_YEARS_FROM = 200


@dataclass(frozen=True, slots=True)
class AnomalyChart:
    """Values on `days`, rising, with the usual range `low` to `high`; `flagged` days stand out.

    Raises ValueError when a row has not one value a day.
    """

    title: str
    subtitle: str
    days: tuple[date, ...]
    values: Values
    low: Values
    high: Values
    flagged: tuple[date, ...] = ()
    unit: str = ""
    period: Period = Period.DAY
    usual: str = "usual range"

    def __post_init__(self) -> None:
        check(self.days, tuple(Series("", row) for row in (self.values, self.low, self.high)))


def anomaly(chart: AnomalyChart) -> Figure:
    """Draw the line in its usual range; flagged days are red dots, the largest with date and value."""
    sheet = Sheet(chart.title, chart.subtitle)
    known = numbers.known(chart.values)
    if not known:
        return sheet.empty()
    if len(chart.days) == 1:
        colour = style.BAD if chart.flagged else style.SERIES_TEXT[0]
        text = dates.full(chart.days[0], chart.period) + _range(chart)
        single.draw(sheet, (ranked.Bar("", known[0], text_colour=colour),), text, chart.unit)
        return sheet.figure
    last = ends.End("", numbers.compact(known[-1], chart.unit), style.SERIES_TEXT[0], style.SERIES[0])
    box = sheet.body.inset(top=style.TITLE_PX, right=ends.room(sheet, (last,)), bottom=style.AXIS_HEIGHT_PX)
    plot = axes.values(sheet, box, numbers.known((*chart.values, *chart.high)), chart.unit)
    x = Linear(chart.days[0].toordinal(), chart.days[-1].toordinal(), plot.box.left + 10, plot.box.right - 10)
    axes.days(sheet, plot.box, chart.days, chart.period, lambda day: x(day.toordinal()))
    points = _points(chart, chart.values, plot, x)
    marks.band(
        sheet, _points(chart, chart.low, plot, x), _points(chart, chart.high, plot, x), style.OTHER, alpha=0.3
    )
    width = style.LINE_PX if len(points) < _YEARS_FROM else style.GRID_PX
    marks.line(sheet, points, style.SERIES[0], width=width)
    ends.draw(sheet, plot.box, (last,), (marks.runs(points)[-1][-1],))
    _usual(sheet, chart, plot)
    _flags(sheet, chart, plot, x)
    return sheet.figure


def _points(chart: AnomalyChart, row: Values, plot: axes.Plot, x: Linear) -> list[tuple[float, float | None]]:
    values = zip(chart.days, numbers.finites(row), strict=True)
    return [(x(day.toordinal()), None if value is None else plot.y(value)) for day, value in values]


def _flags(sheet: Sheet, chart: AnomalyChart, plot: axes.Plot, x: Linear) -> None:
    pairs = zip(chart.days, numbers.finites(chart.values), strict=True)
    flagged = [(day, value) for day, value in pairs if day in set(chart.flagged) and value is not None]
    for day, value in flagged:
        marks.dot(sheet, (x(day.toordinal()), plot.y(value)), style.BAD, size=style.DOT_PX * 1.2, zorder=6)
    largest = sorted(flagged, key=lambda pair: -pair[1])[:_NAMED_FLAGS]
    for day, value in largest:
        named = (dates.full if len(chart.days) > _YEARS_FROM else dates.short)(day)
        text = f"{named}: {numbers.compact(value, chart.unit)}"
        above = (x(day.toordinal()), plot.y(value) - style.BODY_PX)
        for align in ("center", "right", "left"):
            if sheet.label(above, text, colour=style.BAD, bold=True, align=align):
                break


def _usual(sheet: Sheet, chart: AnomalyChart, plot: axes.Plot) -> None:
    """Name the band above the plot with a patch of its colour."""
    if numbers.known(chart.high):
        axes.note(sheet, plot.box, f"grey: {chart.usual}")


def _range(chart: AnomalyChart) -> str:
    low, high = numbers.finite(chart.low[0]), numbers.finite(chart.high[0])
    if low is None or high is None:
        return ""
    return f" · {chart.usual} {numbers.compact(low, chart.unit)} to {numbers.compact(high, chart.unit)}"
