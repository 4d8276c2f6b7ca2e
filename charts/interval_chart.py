"""Rates with the interval that says how sure they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from matplotlib.figure import Figure

from charts import axes, column_chart, dates, ends, marks, numbers, ranked, single, style
from charts.dates import Period
from charts.series import Series, check
from charts.sheet import Sheet

_MOST_WHISKERS = 31


@dataclass(frozen=True, slots=True)
class Rate:
    """A percentage and its interval, 0 to 100; `count` is how many it was counted over."""

    rate_pct: float
    low_pct: float
    high_pct: float
    count: int


@dataclass(frozen=True, slots=True)
class IntervalChart:
    """A rate for each of `days`, rising first days of their periods; None is a period without a base.

    Raises ValueError when there is not one rate a day.
    """

    title: str
    subtitle: str
    days: tuple[date, ...]
    rates: tuple[Rate | None, ...]
    period: Period = Period.WEEK
    interval: str = "95% interval"

    def __post_init__(self) -> None:
        check(self.days, (Series("", _column(self.rates, "rate_pct")),))


def interval(chart: IntervalChart) -> Figure:
    """Draw rates over time with whiskers, or a band for many; one rate alone as a large number."""
    sheet = Sheet(chart.title, chart.subtitle)
    known = tuple(rate for rate in chart.rates if rate is not None)
    if not known:
        return sheet.empty()
    if len(chart.days) == 1:
        only = known[0]
        bar = ranked.Bar(f"of {only.count:,}", only.rate_pct, text_colour=style.SERIES_TEXT[0])
        on = dates.full(chart.days[0], chart.period)
        single.draw(sheet, (bar,), f"{chart.interval} {only.low_pct:.0f} to {only.high_pct:.0f}% · {on}", "%")
        return sheet.figure
    last = ends.End("", numbers.compact(known[-1].rate_pct, "%"), style.SERIES_TEXT[0], style.SERIES[0])
    box = sheet.body.inset(top=style.TITLE_PX, right=ends.room(sheet, (last,)), bottom=style.AXIS_HEIGHT_PX)
    plot = axes.values(sheet, box, (0.0, max(rate.high_pct for rate in known)), "%")
    column_chart.labels(sheet, plot.box, chart.days, chart.period)
    column_chart.missing(sheet, plot.box, tuple(rate is None for rate in chart.rates))
    axes.note(sheet, plot.box, chart.interval)
    at = _draw(sheet, chart, plot)
    ends.draw(sheet, plot.box, (last,), (at,))
    return sheet.figure


def _draw(sheet: Sheet, chart: IntervalChart, plot: axes.Plot) -> tuple[float, float]:
    """Draw the marks; return the point of the last rate."""
    rates, low, high = (_points(chart, plot, name) for name in ("rate_pct", "low_pct", "high_pct"))
    colour = style.SERIES[0]
    marks.line(sheet, rates, colour)
    if len(chart.days) > _MOST_WHISKERS:
        marks.band(sheet, low, high, colour)
    else:
        for (x, top), (_, bottom), (_, middle) in zip(high, low, rates, strict=True):
            if top is not None and bottom is not None and middle is not None:
                marks.rule(
                    sheet,
                    (x, top),
                    (x, bottom),
                    style.RAMP[2],
                    width=style.DOT_PX * 0.7,
                    name="interval",
                    zorder=2,
                )
                marks.dot(sheet, (x, middle), colour)
    last = marks.runs(rates)[-1][-1]
    marks.dot(sheet, last, colour)
    return last


def _points(chart: IntervalChart, plot: axes.Plot, name: str) -> list[tuple[float, float | None]]:
    values = numbers.finites(_column(chart.rates, name))
    return [
        (axes.slot(plot.box, len(values), at).middle_x, None if value is None else plot.y(value))
        for at, value in enumerate(values)
    ]


def _column(rates: tuple[Rate | None, ...], name: str) -> tuple[float | None, ...]:
    return tuple(None if rate is None else float(getattr(rate, name)) for rate in rates)
