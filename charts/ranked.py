"""Horizontal bars from zero with a name on the left and the value at the end."""

from __future__ import annotations

from dataclasses import dataclass

from charts import marks, numbers, style
from charts.scale import Box, Linear
from charts.sheet import Sheet

_THICKEST_PX = 54
_THICKNESS = 0.62
_AFTER_PX = 10


@dataclass(frozen=True, slots=True)
class Bar:
    """A name and its value; None is written as "no data" and draws no bar."""

    name: str
    value: float | None
    colour: str = style.SERIES[0]
    text_colour: str = style.INK
    hatched: bool = False


def draw(sheet: Sheet, box: Box, bars: tuple[Bar, ...], unit: str, note: tuple[str, ...] = ()) -> None:
    """`bars` from top to bottom, filling `box`; `note` adds a word after each value."""
    notes = note or ("",) * len(bars)
    texts = tuple(_written(bar.value, unit) for bar in bars)
    names = min(max(sheet.width(bar.name) for bar in bars), style.NAMES_MOST_PX)
    tails = max(
        sheet.width(text, bold=True) + sheet.width(more) + 2 * _AFTER_PX
        for text, more in zip(texts, notes, strict=True)
    )
    left = box.left + names + style.GAP_PX
    known = numbers.known(bar.value for bar in bars) or (0.0,)
    x = Linear(min(0.0, *known), max(0.0, *known) or 1.0, left, max(box.right - tails, left + 1))
    pitch = min(box.height / len(bars), _THICKEST_PX / _THICKNESS)
    for index, bar in enumerate(bars):
        middle = box.top + pitch * (index + 0.5)
        sheet.text((left - style.GAP_PX, middle), bar.name, colour=style.INK, align="right", room=names)
        end = _bar(sheet, x, middle, pitch * _THICKNESS, bar)
        value = sheet.text((end + _AFTER_PX, middle), texts[index], colour=bar.text_colour, bold=True)
        if notes[index]:
            sheet.text((value.right + _AFTER_PX, middle), notes[index])
    marks.rule(sheet, (x(0), box.top), (x(0), box.top + pitch * len(bars)), style.AXIS, name="zero", zorder=6)


def _bar(sheet: Sheet, x: Linear, middle: float, thick: float, bar: Bar) -> float:
    """Draw the bar; the pixel after which its value is written."""
    value = numbers.finite(bar.value)
    if value is None:
        return x(0)
    start, end = sorted((x(0), x(value)))
    place = Box(start, middle - thick / 2, end, middle + thick / 2)
    marks.boxes(sheet, (place,), bar.colour, hatched=bar.hatched, name="partial" if bar.hatched else "bars")
    return end


def _written(value: float | None, unit: str) -> str:
    known = numbers.finite(value)
    return "no data" if known is None else numbers.compact(known, unit)
