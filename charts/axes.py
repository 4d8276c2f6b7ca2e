"""Value and date axes: light horizontal lines, few labels, nothing else."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from charts import dates, marks, numbers, scale, style
from charts.scale import Box, Linear
from charts.sheet import Sheet

_BETWEEN_LABELS_PX = 22


@dataclass(frozen=True, slots=True)
class Plot:
    """Where the marks go and where a value falls."""

    box: Box
    y: Linear


def values(sheet: Sheet, box: Box, known: tuple[float, ...], unit: str) -> Plot:
    """Draw a value axis over `known`, zero included; return the room right of its labels."""
    whole = all(value == int(value) for value in known) and unit != "%"
    at = scale.ticks(min(known), max(known), _how_many(box), whole=whole)
    largest = max(abs(at[0]), abs(at[-1]))
    texts = [numbers.tick(value, largest, unit) for value in at]
    gutter = max(sheet.width(text) for text in texts)
    y = Linear(at[0], at[-1], box.bottom, box.top)
    inner = box.inset(left=gutter + style.GAP_PX)
    for value, text in zip(at, texts, strict=True):
        sheet.text((box.left + gutter, y(value)), text, align="right")
        colour = style.AXIS if value == 0 else style.GRID
        marks.rule(sheet, (inner.left, y(value)), (inner.right, y(value)), colour, name="grid")
    return Plot(inner, y)


def days(
    sheet: Sheet, box: Box, at: tuple[date, ...], period: dates.Period, x: Callable[[date], float]
) -> None:
    """Label some of the days `at` under `box`, centred on `x(day)` and kept between its sides."""
    y = box.bottom + style.AXIS_HEIGHT_PX / 2 + 4

    def middle(tick: dates.Tick) -> float:
        half = sheet.width(tick[1]) / 2
        return min(max(x(tick[0]), box.left + half - style.MARGIN_PX), box.right - half + style.MARGIN_PX / 2)

    def fits(ticks: tuple[dates.Tick, ...]) -> bool:
        edges = [(middle(tick), sheet.width(tick[1]) / 2) for tick in ticks]
        pairs = itertools.pairwise(edges)
        return all(b - a >= half_a + half_b + _BETWEEN_LABELS_PX for (a, half_a), (b, half_b) in pairs)

    for tick in dates.ticks(at, period, fits):
        sheet.text((middle(tick), y), tick[1], align="center")


def _how_many(box: Box) -> int:
    return max(1, min(4, int(box.height // 75)))
