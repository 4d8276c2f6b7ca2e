"""Two windows side by side, as a table and as a picture."""

from __future__ import annotations

from datetime import date
from itertools import accumulate, takewhile

import charts
from bot.kit.breakdown import UNTOLD, change_column, untold, values
from bot.kit.comparing import Question, name_of, series_view
from bot.kit.figures import LABELS, SUMMED, metric_column
from bot.kit.pictures import CHART_UNITS, PER, PERIODS
from bot.kit.words import change, change_pct, figure
from bot.metrics.compare import Comparison, Pair, per_day
from bot.metrics.figures import Figures, Metric
from bot.metrics.periods import period_holding
from bot.model.chat import Cell, Column, Drawing, Plot, PlotKind, Table
from bot.model.ranges import View

MOST_PAIRS = 7
CHANGES = {True: "Change", False: "Change a day"}
"""What a column of changes holds, by whether both windows are equally long."""


def shown(
    found: Comparison, metric: Metric, now: Figures, before: Figures
) -> tuple[float | None, float | None]:
    """Sums of equal windows, figures per day of unequal ones; people always as they are."""
    if found.equal or metric is Metric.ACTIVE_USERS:
        return now.number(metric), before.number(metric)
    return per_day(now, metric, found.days[0]), per_day(before, metric, found.days[1])


def table(found: Comparison) -> Table:
    """A row per metric, written out because units differ."""
    now, before = found.now.totals, found.before.totals
    columns = (
        Column("metric", "Figure"),
        Column("now", name_of(found.now.window)),
        Column("before", name_of(found.before.window)),
        Column("change", CHANGES[found.equal]),
    )
    rows = tuple(
        (
            LABELS[m],
            figure(now.number(m), m.unit),
            figure(before.number(m), m.unit),
            change(found.change_pct(m, now, before)),
        )
        for m in SUMMED
    )
    return Table(columns, rows)


def groups_table(found: Comparison, question: Question) -> Table:
    """A row per group: both sums and the change, per day when the windows are unequal."""
    metric = question.metric
    columns = (
        Column(str(question.by), str(question.by).capitalize()),
        Column("now", name_of(found.now.window), metric.unit),
        Column("before", name_of(found.before.window), metric.unit),
        change_column(CHANGES[found.equal]),
    )
    rows = [
        (
            pair.label,
            pair.now.number(metric),
            pair.before.number(metric),
            found.change_pct(metric, pair.now, pair.before),
        )
        for pair in ordered(found, metric)
    ]
    return Table(columns, (*rows, *_untold(found, metric)), f"{metric_column(metric).label} by {question.by}")


def _untold(found: Comparison, metric: Metric) -> tuple[tuple[Cell, ...], ...]:
    """A row of what no group has, so that a column adds up to its total; empty when there is nothing."""
    now, before = untold(found.now, metric), untold(found.before, metric)
    if now is None and before is None:
        return ()
    each = (1, 1) if found.equal else found.days
    daily = [None if rest is None else rest / days for rest, days in zip((now, before), each, strict=True)]
    return ((UNTOLD, now, before, None if found.partial else change_pct(*daily)),)


def ordered(found: Comparison, metric: Metric) -> tuple[Pair, ...]:
    """Groups by the larger of their two figures, so that what ended is seen as well as what began."""

    def larger(pair: Pair) -> tuple[float, str]:
        known = (n for n in shown(found, metric, pair.now, pair.before) if n is not None)
        return -max(known, default=0.0), pair.key

    return tuple(sorted(found.groups, key=larger))


def drawing(found: Comparison, question: Question, title: str) -> Drawing:
    """Pairs of dots for groups, else both windows as lines from their first day on."""
    return _dumbbells(found, question, title) if question.by else _lines(found, question, title)


def _dumbbells(found: Comparison, question: Question, title: str) -> Drawing:
    metric, per = question.metric, "" if found.equal else ", a day"
    pairs = []
    for pair in ordered(found, metric):
        now, before = shown(found, metric, pair.now, pair.before)
        pairs.append(charts.Pair(pair.label, before, now))
    first = f", the first {MOST_PAIRS}" if len(pairs) > MOST_PAIRS else ""
    chart = charts.CompareChart(
        title=title,
        subtitle=f"{LABELS[metric]} by {question.by}{per}{first} · UTC",
        pairs=tuple(pairs),
        before=name_of(found.before.window),
        now=name_of(found.now.window),
        unit=CHART_UNITS.get(metric.unit, metric.unit.value),
    )
    plot = Plot(PlotKind.BAR, str(question.by), ("now", "before")) if found.equal else None
    fallback = groups_table(found, question)
    return Drawing(lambda: charts.dumbbell(chart), f"{title}.", fallback=fallback, plot=plot)


def _lines(found: Comparison, question: Question, title: str) -> Drawing:
    metric, view = question.metric, series_view(question)
    summed = view is View.DAILY and metric is not Metric.ACTIVE_USERS
    now, before = (values(result.points, metric) for result in (found.now, found.before))
    if summed:
        now, before = _summed(now), _summed(before)
    count = max(len(now), len(before))
    later, earlier = _names(found)
    chart = charts.LineChart(
        title=title,
        subtitle=f"{_measure(metric, view, summed=summed)}, from the first {PER[view]} of each · UTC",
        days=_days(found, view, count),
        series=(
            charts.Series(later, _filled(now, count)),
            charts.Series(earlier, _filled(before, count)),
        ),
        unit=CHART_UNITS.get(metric.unit, metric.unit.value),
        period=PERIODS[view],
        partial=len(now) == count and any(point.partial for point in found.now.points[-1:]),
    )
    return Drawing(lambda: charts.line(chart), f"{title}.", fallback=table(found))


def _names(found: Comparison) -> tuple[str, str]:
    """Return both windows' names, without a year that all days share: beside lines there is little room."""
    windows = (found.now.window, found.before.window)
    years = {day.year for window in windows for day in (window.start, window.last)}
    later, earlier = (name_of(window) for window in windows)
    if len(years) > 1:
        return later, earlier
    year = f" {years.pop()}"
    return later.removesuffix(year), earlier.removesuffix(year)


def _days(found: Comparison, view: View, count: int) -> tuple[date, ...]:
    """The first days of the later window's periods, going on after it when the other one is longer."""
    days = [point.period.start for point in found.now.points]
    while len(days) < count:
        after = period_holding(days[-1], view).end if days else found.now.window.start
        days.append(after)
    return tuple(days)


def _filled(series: tuple[float | None, ...], count: int) -> tuple[float | None, ...]:
    return (*series, *(None for _ in range(count - len(series))))


def _measure(metric: Metric, view: View, *, summed: bool) -> str:
    return f"{LABELS[metric]} summed up" if summed else f"{LABELS[metric]} per {PER[view]}"


def _summed(days: tuple[float | None, ...]) -> tuple[float | None, ...]:
    """Sums so far; None from the first day on that is not held."""
    known = tuple(day for day in takewhile(lambda day: day is not None, days) if day is not None)
    return (*accumulate(known), *(None for _ in range(len(days) - len(known))))
