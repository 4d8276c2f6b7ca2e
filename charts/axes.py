"""Value and date axes: light horizontal lines, few labels, nothing else."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from charts import dates, marks, numbers, scale, style
from charts.scale import Box, Linear
from charts.sheet import Sheet

_BETWEEN_LABELS_PX = 22
_SLOT_NAME_PX = 80


@dataclass(frozen=True, slots=True)
class Plot:
    """Where the marks go and where a value falls."""

    box: Box
    y: Linear


def values(sheet: Sheet, box: Box, known: tuple[float, ...], unit: str, *, absolute: bool = False) -> Plot:
    """Draw a value axis over `known`, zero included; return the room right of its labels.

    `absolute` writes what is below zero without its sign: people who left are people.
    """
    whole = all(value == int(value) for value in known) and unit != "%"
    at = scale.snug(min(known), max(known), *_how_many(box), whole=whole)
    largest = max(abs(at[0]), abs(at[-1]))
    texts = [numbers.tick(abs(value) if absolute else value, largest, unit) for value in at]
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


def note(sheet: Sheet, box: Box, text: str) -> None:
    """Write what must be known about the marks over the top right corner of `box`, unless it is taken."""
    sheet.label((box.right, box.top - style.BODY_PX * 0.7), text, align="right")


def peak(sheet: Sheet, at: tuple[float, float], value: float, unit: str) -> None:
    """Write the highest value over its mark, where there is room."""
    above = (at[0], at[1] - style.BODY_PX * 0.75)
    sheet.label(above, numbers.compact(value, unit), colour=style.INK, bold=True, align="center")


def slots(sheet: Sheet, box: Box, names: tuple[str, ...]) -> None:
    """Write as many of `names` under their slots of `box` as fit, evenly, the first always."""
    if not names:
        return
    pitch = box.width / len(names)
    widest = max(sheet.width(name) for name in names)
    step = max(1, math.ceil((min(widest, _SLOT_NAME_PX) + _BETWEEN_LABELS_PX / 2) / pitch))
    y = box.bottom + style.AXIS_HEIGHT_PX / 2 + 4
    for at in range(0, len(names), step):
        sheet.text((slot(box, len(names), at).middle_x, y), names[at], align="center", room=pitch * step - 6)


def slot(box: Box, count: int, at: int) -> Box:
    """Return the place of column `at` of `count`, whole pixels wide when there is room for gaps."""
    pitch = box.width / count
    left, right = box.left + pitch * at, box.left + pitch * (at + 1)
    if pitch < style.THINNEST_COLUMN_PX:
        return Box(left, box.top, right, box.bottom)
    gap = max(1.0, min(pitch * 0.24, 26.0)) / 2
    extra = max(0.0, (pitch - 2 * gap - style.WIDEST_COLUMN_PX) / 2)
    return Box(round(left + gap + extra), box.top, round(right - gap - extra), box.bottom)


def _how_many(box: Box) -> tuple[int, int]:
    """How many steps fit well, and how many at most."""
    return max(1, min(4, int(box.height // 70))), min(6, int(box.height // 48))
