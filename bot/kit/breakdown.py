"""Groups of a breakdown in words, as a table and as series: the same for every view."""

from __future__ import annotations

import charts
from bot.kit.figures import LABELS, metric_column, share_pct
from bot.kit.pictures import PERIODS, subtitle
from bot.kit.words import change_pct, figure
from bot.metrics.clients import Surface
from bot.metrics.figures import Metric, in_unit
from bot.metrics.usage import Dimension, Group, Point, UsageResult
from bot.model.chat import CHANGE_KEY, Cell, Column, Drawing, Plot, PlotKind, Table, Unit

UNTOLD = "Not broken down"
REVIEW_ROW = "Code Review (not reported by the API)"
_LEAST_UNTOLD = 0.001
"""Parts and totals are rounded apart: a difference below this share of the total is not worth a row."""


def ranked(result: UsageResult, metric: Metric) -> tuple[Group, ...]:
    """Groups with the most of `metric` first, equal ones by key."""
    return tuple(sorted(result.groups, key=lambda g: (-(g.figures.exact(metric) or 0), g.key)))


def leader(result: UsageResult, metric: Metric) -> str:
    """`gpt-5.5 leads with 62%.`; empty without a choice or a share."""
    if len(result.groups) <= 1:
        return ""
    first = ranked(result, metric)[0]
    share = share_pct(first.figures.number(metric), result.totals.number(metric))
    return f"{first.label} leads with {figure(share, Unit.PERCENT)}." if share else ""


def surface_note(result: UsageResult) -> str:
    """What can be told about Code Review in a breakdown by surface; empty in any other."""
    if not _tells_surfaces(result):
        return ""
    if _has_reviews(result):
        return "Code Review is what the API reports of GitHub (`CODEX_GITHUB`)."
    return "Code Review is not reported by the API in this window."


def breakdown_table(
    result: UsageResult, metric: Metric, beside: tuple[Metric, ...], *, parts: bool = True
) -> Table:
    """A row per group: the figure, its share (or its change, when groups are no `parts` of a whole), others.

    A breakdown by surface always has a row for Code Review; parts that the API leaves out get one too.
    """
    more = tuple(m for m in beside if m is not metric)
    second = Column("share_pct", "Share", Unit.PERCENT) if parts else change_column()
    name = Column(str(result.by), str(result.by).capitalize())
    columns = (name, metric_column(metric), second, *(metric_column(m) for m in more))
    rows = [_row(group, result, metric, more, parts=parts) for group in ranked(result, metric)]
    empty = (None,) * (len(columns) - 2)
    if parts and (rest := untold(result, metric)):
        share = share_pct(rest, result.totals.number(metric))
        rows.append((UNTOLD, rest, share, *(untold(result, m) for m in more)))
    if _tells_surfaces(result) and not _has_reviews(result):
        rows.append((REVIEW_ROW, None, *empty))
    return Table(columns, tuple(rows), title=f"{metric_column(metric).label} by {result.by}")


def change_column(label: str = "Change") -> Column:
    """The column of changes in percent."""
    return Column(CHANGE_KEY, label, Unit.PERCENT)


def series(result: UsageResult, metric: Metric, alone: str) -> tuple[charts.Series, ...]:
    """A series per group, the largest first; without groups the total by the name `alone`."""
    if not result.groups:
        return (charts.Series(alone, values(result.points, metric)),)
    return tuple(charts.Series(g.label, values(g.points, metric)) for g in ranked(result, metric))


def stack(result: UsageResult, metric: Metric) -> tuple[charts.Series, ...]:
    """As `series`, for stacking: the parts add up to the total, with what no group has on top.

    A group of which nothing is told adds nothing to a total that is told.
    """
    whole = values(result.points, metric)
    parts = tuple(
        charts.Series(g.label, tuple(map(_stackable, values(g.points, metric), whole)))
        for g in ranked(result, metric)
    )
    rest = untold(result, metric) and charts.Series(UNTOLD, _rest(result, metric), rest=True)
    return (*parts, rest) if rest else parts


def _rest(result: UsageResult, metric: Metric) -> tuple[float | None, ...]:
    """What no group has of each period; None where the total is not held."""
    whole = exact_values(result.points, metric)
    told = [exact_values(g.points, metric) for g in result.groups]
    return tuple(
        None if value is None else in_unit(metric, max(value - sum(part[at] or 0 for part in told), 0))
        for at, value in enumerate(whole)
    )


def values(points: tuple[Point, ...], metric: Metric) -> tuple[float | None, ...]:
    """The figure of each period; None where it is not held."""
    return tuple(p.figures.number(metric) if p.figures else None for p in points)


def exact_values(points: tuple[Point, ...], metric: Metric) -> tuple[int | None, ...]:
    """The same as the integers held."""
    return tuple(p.figures.exact(metric) if p.figures else None for p in points)


def series_table(points: tuple[Point, ...], metric: Metric) -> Table:
    """The series of the total, to be shown when drawing fails."""
    rows = tuple((p.period.start.isoformat(), v) for p, v in zip(points, values(points, metric), strict=True))
    column = metric_column(metric)
    return Table((Column("day", "From (UTC)"), column), rows, title=column.label)


def parts_table(result: UsageResult, metric: Metric, parts: tuple[charts.Series, ...]) -> Table:
    """`stack` or `series` as rows of periods with a column for each group; without groups the total."""
    if not result.groups:
        return series_table(result.points, metric)
    columns = (Column("day", "From (UTC)"), *_part_columns(result, metric))
    days = (point.period.start.isoformat() for point in result.points)
    rows = tuple(zip(days, *(part.values for part in parts), strict=True))
    return Table(columns, rows, title=f"{metric_column(metric).label} by {result.by}")


def parts_drawing(result: UsageResult, metric: Metric, title: str) -> Drawing:
    """The groups stacked over the window, with the same as a table behind the picture."""
    parts = stack(result, metric)
    chart = charts.StackedChart(
        title=title,
        subtitle=subtitle(f"{LABELS[metric]} by {result.by}", result.view, result.window),
        days=tuple(point.period.start for point in result.points),
        series=parts,
        unit=metric.unit.value,
        period=PERIODS[result.view],
        partial=any(point.partial for point in result.points[-1:]),
    )
    fallback, plot = parts_table(result, metric, parts), parts_plot(result, metric)
    return Drawing(lambda: charts.stacked(chart), f"{title}.", fallback=fallback, plot=plot)


def parts_plot(result: UsageResult, metric: Metric) -> Plot | None:
    """How a platform can draw `parts_table`; None while the last period is not over, which it cannot mark."""
    if any(point.partial for point in result.points[-1:]):
        return None
    columns = _part_columns(result, metric) if result.groups else (metric_column(metric),)
    return Plot(PlotKind.LINE, "day", tuple(column.key for column in columns))


def _part_columns(result: UsageResult, metric: Metric) -> tuple[Column, ...]:
    groups = tuple(Column(group.key, group.label, metric.unit) for group in ranked(result, metric))
    return (*groups, Column("untold", UNTOLD, metric.unit)) if untold(result, metric) else groups


def _stackable(value: float | None, whole: float | None) -> float | None:
    return 0.0 if value is None and whole is not None else value


def _row(
    group: Group, result: UsageResult, metric: Metric, more: tuple[Metric, ...], *, parts: bool
) -> tuple[Cell, ...]:
    value = group.figures.number(metric)
    earlier = group.previous.number(metric) if group.previous else None
    second = share_pct(value, result.totals.number(metric)) if parts else change_pct(value, earlier)
    return (group.label, value, second, *(group.figures.number(m) for m in more))


def untold(result: UsageResult, metric: Metric) -> float | None:
    """What of the total no group has; None when there is nothing to speak of."""
    whole = result.totals.exact(metric)
    if not whole or not result.groups or metric is Metric.ACTIVE_USERS:
        return None
    rest = whole - sum(group.figures.exact(metric) or 0 for group in result.groups)
    return in_unit(metric, rest) if rest > whole * _LEAST_UNTOLD else None


def _tells_surfaces(result: UsageResult) -> bool:
    return result.by is Dimension.SURFACE and result.through is None


def _has_reviews(result: UsageResult) -> bool:
    return any(group.key == Surface.CODE_REVIEW for group in result.groups)
