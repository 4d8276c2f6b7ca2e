"""Slack's own charts, for installations that want them: what fits their limits, in place of pictures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from bot.kit.cells import clean
from bot.model.chat import Cell, Column, Picture, Plot, PlotKind, Table
from bot.slack import limits
from bot.slack.text import day

Block = dict[str, Any]
_DECIMALS = 2


def native_charts(pictures: Sequence[Picture], now: datetime) -> tuple[Block, ...]:
    """A `data_visualization` for each picture; none at all when one of them does not fit.

    Slack's charts know no gaps, so a series with a missing figure stays a picture.
    """
    made = [_chart(picture, now) for picture in pictures[: limits.CHARTS_PER_MESSAGE + 1]]
    fitting = tuple(chart for chart in made if chart is not None)
    return fitting if len(fitting) == len(pictures) <= limits.CHARTS_PER_MESSAGE else ()


def _chart(picture: Picture, now: datetime) -> Block | None:
    table, plot = picture.fallback, picture.plot
    if table is None or plot is None:
        return None
    keys = [column.key for column in table.columns]
    places = [keys.index(key) for key in plot.columns]
    rows = _in_order(table, plot, keys.index(plot.over))
    labels = [_label(row[keys.index(plot.over)], now) for row in rows]
    columns = [table.columns[place] for place in places]
    names = [_cut(column.label) for column in columns]
    values = [[_value(row[place]) for row in rows] for place in places]
    if not (_fit(labels, limits.CHART_CATEGORIES) and _fit(names, limits.CHART_SERIES)):
        return None
    if any(value is None for series in values for value in series):
        return None
    chart = {
        "type": plot.kind.value,
        "series": [_series(name, labels, series) for name, series in zip(names, values, strict=True)],
        "axis_config": {"categories": labels, "y_label": _unit(columns)},
    }
    return {"type": "data_visualization", "title": _title(picture, table, columns), "chart": chart}


def _in_order(table: Table, plot: Plot, over: int) -> list[tuple[Cell, ...]]:
    """A line goes on in time, also where the table has the newest row first."""
    rows = list(table.rows)
    return sorted(rows, key=lambda row: str(row[over])) if plot.kind is PlotKind.LINE else rows


def _series(name: str, labels: Sequence[str], values: Sequence[float | None]) -> Block:
    points = zip(labels, values, strict=True)
    return {"name": name, "data": [{"label": label, "value": value} for label, value in points]}


def _fit(names: Sequence[str], most: int) -> bool:
    """As many as there may be, none of them empty or twice."""
    return 1 <= len(names) <= most and all(names) and len(set(names)) == len(names)


def _label(cell: Cell, now: datetime) -> str:
    text = str(cell or "")
    try:
        return day(date.fromisoformat(text), now)
    except ValueError:
        return _cut(text)


def _cut(text: str) -> str:
    return limits.cut(clean(text).strip(), limits.CHART_LABEL)


def _value(cell: Cell) -> float | None:
    if not isinstance(cell, int | float) or not math.isfinite(cell):
        return None
    return round(cell, _DECIMALS)


def _unit(columns: Sequence[Column]) -> str:
    alone = columns[0].label if len(columns) == 1 else columns[0].unit.value.replace("_", " ")
    return limits.cut(clean(alone), limits.CHART_AXIS_LABEL)


def _title(picture: Picture, table: Table, columns: Sequence[Column]) -> str:
    """The finding where it is short enough, for its sentence is above; else what is drawn."""
    finding = clean(picture.alt).strip().removesuffix(".")
    if 0 < len(finding) <= limits.CHART_TITLE:
        return finding
    return limits.cut(clean(table.title or columns[0].label), limits.CHART_TITLE)
