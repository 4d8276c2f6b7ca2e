"""Where spending is heading: used so far, the forecast with its band, the budget and the day it runs out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from matplotlib.figure import Figure

from charts import axes, dates, ends, marks, numbers, style
from charts.dates import Period
from charts.scale import Linear
from charts.series import Series, check
from charts.sheet import Sheet

Values = tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class ForecastChart:
    """Cumulative values on `days`, rising: `actual` is None after today, the forecast before it.

    `low` and `high` bound the band that `interval` names. `budget` is in the same unit; `exhausted_on`
    is the day the forecast reaches it, if it does. Raises ValueError when a row has not one value a day.
    """

    title: str
    subtitle: str
    days: tuple[date, ...]
    actual: Values
    forecast: Values
    low: Values
    high: Values
    unit: str = ""
    budget: float | None = None
    exhausted_on: date | None = None
    interval: str = "80% band"

    def __post_init__(self) -> None:
        rows = (self.actual, self.forecast, self.low, self.high)
        check(self.days, tuple(Series("", row) for row in rows))


def forecast(chart: ForecastChart) -> Figure:
    """Draw what is used as a line, the forecast dashed in its band, the budget and the day it runs out."""
    sheet = Sheet(chart.title, chart.subtitle)
    budget = numbers.known((chart.budget,))
    known = numbers.known((*chart.actual, *chart.forecast, *chart.high))
    if not known:
        return sheet.empty()
    named = _ends(chart)
    box = sheet.body.inset(
        top=style.TITLE_PX,
        right=ends.room(sheet, tuple(end for end, _, _ in named)),
        bottom=style.AXIS_HEIGHT_PX,
    )
    plot = axes.values(sheet, box, (*known, *budget), chart.unit)
    x = Linear(chart.days[0].toordinal(), chart.days[-1].toordinal(), plot.box.left + 10, plot.box.right - 10)
    axes.days(sheet, plot.box, chart.days, Period.DAY, lambda day: x(day.toordinal()))
    at = tuple(
        (plot.box.right if day is None else x(day.toordinal()), plot.y(value)) for _, value, day in named
    )
    ends.draw(sheet, plot.box, tuple(end for end, _, _ in named), at)
    _lines(sheet, chart, plot, x)
    _exhaustion(sheet, chart, plot, x)
    _band_name(sheet, chart, plot)
    return sheet.figure


def _ends(chart: ForecastChart) -> tuple[tuple[ends.End, float, date | None], ...]:
    """Return what is written at the right: budget, forecast, and used when there is no forecast."""
    found: list[tuple[ends.End, float, date | None]] = []
    budget = numbers.finite(chart.budget)
    if budget is not None:
        found.append(
            (ends.End("Budget", numbers.compact(budget, chart.unit), style.BAD, style.BAD), budget, None)
        )
    colour, text = style.series_colours(0)
    for name, row in (("Forecast", chart.forecast), ("Used", chart.actual)):
        last = _last(chart.days, row)
        if last is not None:
            end = ends.End(name, numbers.compact(last[1], chart.unit), text, colour)
            found.append((end, last[1], last[0]))
            break
    return tuple(found)


def _lines(sheet: Sheet, chart: ForecastChart, plot: axes.Plot, x: Linear) -> None:
    def points(row: Values) -> list[tuple[float, float | None]]:
        values = zip(chart.days, numbers.finites(row), strict=True)
        return [(x(day.toordinal()), None if value is None else plot.y(value)) for day, value in values]

    colour = style.SERIES[0]
    marks.band(sheet, points(chart.low), points(chart.high), colour)
    marks.line(
        sheet, points(chart.forecast), colour, width=style.THIN_LINE_PX * 1.3, dashed=True, name="forecast"
    )
    marks.line(sheet, points(chart.actual), colour)
    _budget(sheet, chart, plot)
    _used(sheet, chart, plot, x)


def _band_name(sheet: Sheet, chart: ForecastChart, plot: axes.Plot) -> None:
    """Name the band over its end, where it is widest; without room there, under it."""
    last, low = _last(chart.days, chart.high), _last(chart.days, chart.low)
    if last is None or low is None:
        return
    over = (plot.box.right, plot.y(last[1]) - style.BODY_PX * 0.8)
    under = (plot.box.right, plot.y(low[1]) + style.BODY_PX * 0.8)
    _ = sheet.label(over, chart.interval, align="right", ground=True) or sheet.label(
        under, chart.interval, align="right", ground=True
    )


def _budget(sheet: Sheet, chart: ForecastChart, plot: axes.Plot) -> None:
    if chart.budget is not None and numbers.finite(chart.budget) is not None:
        y = plot.y(chart.budget)
        marks.rule(
            sheet,
            (plot.box.left, y),
            (plot.box.right, y),
            style.BAD,
            width=style.THIN_LINE_PX,
            name="budget",
            zorder=3,
        )


def _used(sheet: Sheet, chart: ForecastChart, plot: axes.Plot, x: Linear) -> None:
    """Mark where use stands today, and write how much it is where there is room."""
    last = _last(chart.days, chart.actual)
    if last is None:
        return
    at = (x(last[0].toordinal()), plot.y(last[1]))
    marks.dot(sheet, at, style.SERIES[0])
    text = f"{numbers.compact(last[1], chart.unit)} used"
    above = (at[0] - style.GAP_PX, at[1] - style.BODY_PX * 0.7)
    if numbers.known(chart.forecast) and above[0] - sheet.width(text, bold=True) > plot.box.left:
        sheet.label(above, text, colour=style.SERIES_TEXT[0], bold=True, align="right")


def _exhaustion(sheet: Sheet, chart: ForecastChart, plot: axes.Plot, x: Linear) -> None:
    day = chart.exhausted_on
    budget = numbers.finite(chart.budget)
    if day is None or budget is None or not chart.days[0] <= day <= chart.days[-1]:
        return
    at = x(day.toordinal())
    marks.rule(
        sheet,
        (at, plot.box.bottom),
        (at, plot.y(budget)),
        style.BAD,
        width=style.THIN_LINE_PX,
        dashed=True,
        name="exhausted",
    )
    marks.dot(sheet, (at, plot.y(budget)), style.BAD)
    y = plot.y(budget) - style.BODY_PX
    text = f"runs out {dates.short(day)}"
    _ = sheet.label((at - style.GAP_PX, y), text, colour=style.BAD, bold=True, align="right") or sheet.label(
        (at, y), text, colour=style.BAD, bold=True, ground=True
    )


def _last(days: tuple[date, ...], row: Values) -> tuple[date, float] | None:
    pairs = [(day, value) for day, value in zip(days, numbers.finites(row), strict=True) if value is not None]
    return pairs[-1] if pairs else None
