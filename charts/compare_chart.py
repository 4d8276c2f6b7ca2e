"""Two windows side by side: a hollow dot for before, a full one for now, and the change."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.figure import Figure

from charts import marks, numbers, style
from charts.scale import Box, Linear
from charts.sheet import Sheet

_MOST_ROWS = 7
_HEAD_PX = 40
_TALLEST_PX = 64
_CHANGE_MOST_PCT = 9_999


@dataclass(frozen=True, slots=True)
class Pair:
    """A name with its value before and now; None is no data."""

    name: str
    before: float | None
    now: float | None


@dataclass(frozen=True, slots=True)
class CompareChart:
    """Pairs of one unit in their order; the first seven are drawn. `before` and `now` name the windows."""

    title: str
    subtitle: str
    pairs: tuple[Pair, ...]
    before: str
    now: str
    unit: str = ""


def dumbbell(chart: CompareChart) -> Figure:
    """Draw each pair as two dots on a line from zero, with the value now and the change in percent."""
    sheet = Sheet(chart.title, chart.subtitle)
    known = numbers.known(value for pair in chart.pairs for value in (pair.before, pair.now))
    if not known:
        return sheet.empty()
    pairs = chart.pairs[:_MOST_ROWS]
    _head(sheet, chart)
    box = sheet.body.inset(top=_HEAD_PX)
    names = min(max(sheet.width(pair.name) for pair in pairs), style.NAMES_MOST_PX)
    values = max(sheet.width(_value(pair, chart.unit), bold=True) for pair in pairs)
    changes = max(sheet.width(_change(pair)) for pair in pairs)
    left = box.left + names + style.GAP_PX + style.DOT_PX
    right = box.right - values - changes - 3 * style.GAP_PX
    x = Linear(min(0.0, *known), max(0.0, *known) or 1.0, left, right)
    high = min(box.height / len(pairs), _TALLEST_PX)
    for at, pair in enumerate(pairs):
        row = Box(box.left, box.top + high * at, box.right, box.top + high * (at + 1))
        sheet.text((row.left, row.middle), pair.name, colour=style.INK, room=names)
        _dots(sheet, pair, x, row.middle)
        end = box.right - changes - style.GAP_PX
        value = _value(pair, chart.unit)
        sheet.text((end, row.middle), value, colour=style.SERIES_TEXT[0], bold=True, align="right")
        sheet.text((box.right, row.middle), _change(pair), align="right")
    marks.rule(sheet, (x(0), box.top), (x(0), box.top + high * len(pairs)), style.AXIS, name="zero")
    return sheet.figure


def _head(sheet: Sheet, chart: CompareChart) -> None:
    y = sheet.body.top + _HEAD_PX / 2 - 6
    half = sheet.body.width / 2 - 3 * style.GAP_PX
    marks.dot(sheet, (sheet.body.left + style.DOT_PX / 2, y), style.AXIS, hollow=True)
    start = sheet.body.left + style.DOT_PX + style.GAP_PX
    before = sheet.text((start, y), chart.before, room=half)
    at = before.right + 3 * style.GAP_PX
    marks.dot(sheet, (at, y), style.SERIES[0], size=style.DOT_PX * 1.3)
    start = at + style.DOT_PX / 2 + style.GAP_PX
    sheet.text((start, y), chart.now, colour=style.SERIES_TEXT[0], bold=True, room=sheet.body.right - start)


def _dots(sheet: Sheet, pair: Pair, x: Linear, y: float) -> None:
    before, now = numbers.finite(pair.before), numbers.finite(pair.now)
    marks.rule(sheet, (x.start_px, y), (x.end_px, y), style.GRID, name="row")
    if before is not None and now is not None:
        marks.rule(
            sheet,
            (x(before), y),
            (x(now), y),
            style.RAMP[2],
            width=style.LINE_PX * 1.8,
            name="change",
            zorder=3,
        )
    if before is not None:
        marks.dot(sheet, (x(before), y), style.AXIS, hollow=True)
    if now is not None:
        marks.dot(sheet, (x(now), y), style.SERIES[0], size=style.DOT_PX * 1.3)


def _value(pair: Pair, unit: str) -> str:
    now = numbers.finite(pair.now)
    return "no data" if now is None else numbers.compact(now, unit)


def _change(pair: Pair) -> str:
    """Return the change in percent; nothing without both values, "new" from zero."""
    before, now = numbers.finite(pair.before), numbers.finite(pair.now)
    if before is None or now is None:
        return ""
    if before == 0:
        return "new" if now else "0%"
    change = 100 * (now - before) / abs(before)
    if abs(change) > _CHANGE_MOST_PCT:
        return f"\N{MULTIPLICATION SIGN}{numbers.compact(now / before)}"
    return numbers.signed(round(change, 1 if abs(change) < 10 else 0), "%")  # noqa: PLR2004 - two figures
