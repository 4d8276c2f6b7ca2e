"""The week in one picture: headline figures, the trend of active people, the mix of surfaces, credits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from matplotlib.figure import Figure

from charts import axes, dates, marks, numbers, style
from charts.bar_chart import Item
from charts.scale import Box, Linear
from charts.series import OTHER, Series, check
from charts.sheet import Sheet

_MOST_TILES = 3
_MOST_MIX = 4
_TILE_PX = 104
_BETWEEN_PX = 20
_PAD_PX = 18
_TITLE_ROW_PX = 40
_VALUE_SIZES_PX = (style.FIGURE_PX, 36, 30, style.BODY_PX)
_BAR_SHARE = 0.3
_MANY = 60


@dataclass(frozen=True, slots=True)
class Tile:
    """A headline figure, already written: `312`, `+14%`. `good` colours the change; None leaves it grey."""

    label: str
    value: str
    change: str = ""
    good: bool | None = None


@dataclass(frozen=True, slots=True)
class Trend:
    """A small row of weekly values, the last one written. Raises ValueError without one value a day."""

    title: str
    days: tuple[date, ...]
    values: tuple[float | None, ...]
    unit: str = ""

    def __post_init__(self) -> None:
        check(self.days, (Series("", self.values),))


@dataclass(frozen=True, slots=True)
class Mix:
    """Parts of a whole, largest first; those past the third are summed into "Other"."""

    title: str
    items: tuple[Item, ...]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class DigestChart:
    """Up to three tiles over three panels: active people as a line, a mix as bars, credits as columns."""

    title: str
    subtitle: str
    tiles: tuple[Tile, ...]
    people: Trend
    mix: Mix
    credits: Trend


def digest(chart: DigestChart) -> Figure:
    """Draw the composed picture; a panel without data says so, and so does a picture without any."""
    sheet = Sheet(chart.title, chart.subtitle)
    values = (*chart.people.values, *chart.credits.values, *(item.value for item in chart.mix.items))
    if not numbers.known(values):
        return sheet.empty()
    tiles, panels = _split(sheet.body)
    for place, tile in zip(_across(tiles), chart.tiles, strict=False):
        _tile(sheet, place, tile)
    line, mix, columns = _across(panels)
    _line(sheet, _titled(sheet, line, chart.people.title), chart.people)
    _mix(sheet, _titled(sheet, mix, chart.mix.title), chart.mix)
    _columns(sheet, _titled(sheet, columns, chart.credits.title), chart.credits)
    return sheet.figure


def _split(body: Box) -> tuple[Box, Box]:
    line = body.top + _TILE_PX
    return Box(body.left, body.top, body.right, line), Box(
        body.left, line + _BETWEEN_PX, body.right, body.bottom
    )


def _across(box: Box) -> tuple[Box, ...]:
    wide = (box.width - _BETWEEN_PX * (_MOST_TILES - 1)) / _MOST_TILES
    lefts = (box.left + at * (wide + _BETWEEN_PX) for at in range(_MOST_TILES))
    return tuple(Box(left, box.top, left + wide, box.bottom) for left in lefts)


def _tile(sheet: Sheet, place: Box, tile: Tile) -> None:
    sheet.card(place)
    inner = place.inset(left=_PAD_PX, right=_PAD_PX)
    sheet.text((inner.left, place.top + 28), tile.label, room=inner.width)
    y = place.bottom - 38
    px = next(
        (px for px in _VALUE_SIZES_PX if sheet.width(tile.value, px, bold=True) <= inner.width), style.BODY_PX
    )
    value = sheet.text((inner.left, y), tile.value, px=px, colour=style.INK, bold=True, room=inner.width)
    tint = style.QUIET if tile.good is None else style.GOOD_TEXT if tile.good else style.BAD
    # A cut number would be another number: the change stands whole or not at all.
    if sheet.width(tile.change, bold=True) <= inner.right - value.right - style.GAP_PX:
        sheet.text((inner.right, y + 5), tile.change, colour=tint, bold=True, align="right")


def _titled(sheet: Sheet, place: Box, title: str) -> Box:
    sheet.text(
        (place.left, place.top + _TITLE_ROW_PX / 2), title, colour=style.INK, bold=True, room=place.width
    )
    return place.inset(top=_TITLE_ROW_PX)


def _absent(sheet: Sheet, box: Box) -> None:
    sheet.text((box.left, box.middle), "no data", room=box.width)


def _scales(sheet: Sheet, box: Box, trend: Trend) -> axes.Plot:
    """Draw the zero line and the first and last date; return the room between."""
    inner = box.inset(top=style.BODY_PX * 1.7, bottom=style.AXIS_HEIGHT_PX * 0.8)
    highest = max(*numbers.known(trend.values), 0.0) or 1.0
    marks.rule(sheet, (inner.left, inner.bottom), (inner.right, inner.bottom), style.AXIS, name="zero")
    y = box.bottom - style.BODY_PX * 0.5
    sheet.text((inner.right, y), dates.short(trend.days[-1]), align="right")
    if len(trend.days) > 1:
        sheet.label((inner.left, y), dates.short(trend.days[0]))
    return axes.Plot(inner, Linear(min(*numbers.known(trend.values), 0.0), highest, inner.bottom, inner.top))


def _line(sheet: Sheet, box: Box, trend: Trend) -> None:
    if not numbers.known(trend.values):
        _absent(sheet, box)
        return
    plot = _scales(sheet, box, trend)
    x = Linear(0, max(len(trend.days) - 1, 1), plot.box.left + 10, plot.box.right - 12)
    values = numbers.finites(trend.values)
    points = [(x(at), None if value is None else plot.y(value)) for at, value in enumerate(values)]
    marks.line(sheet, points, style.SERIES[0], width=style.LINE_PX if len(points) < _MANY else style.GRID_PX)
    marks.area(sheet, points, plot.y(0), style.SERIES[0])
    last = marks.runs(points)[-1][-1]
    marks.dot(sheet, last, style.SERIES[0])
    _last(sheet, plot, last, trend)


def _columns(sheet: Sheet, box: Box, trend: Trend) -> None:
    values = numbers.finites(trend.values)
    if not numbers.known(values):
        _absent(sheet, box)
        return
    plot = _scales(sheet, box, trend)
    places = [
        Box(slot.left, plot.y(max(value, 0.0)), slot.right, plot.y(0))
        for slot, value in ((axes.slot(plot.box, len(values), at), value) for at, value in enumerate(values))
        if value is not None
    ]
    marks.boxes(sheet, places[:-1], style.RAMP[2])
    marks.boxes(sheet, places[-1:], style.SERIES[0])
    _last(sheet, plot, (places[-1].middle_x, places[-1].top), trend)
    highest = min(places, key=lambda place: place.top)
    if highest is not places[-1]:
        text = numbers.compact(max(numbers.known(values)), trend.unit)
        sheet.label((highest.middle_x, plot.box.top - style.BODY_PX * 0.9), text, align="center")


def _last(sheet: Sheet, plot: axes.Plot, at: tuple[float, float], trend: Trend) -> None:
    """Write the last value above everything, over its point."""
    text = numbers.compact(numbers.known(trend.values)[-1], trend.unit)
    half = sheet.width(text, bold=True) / 2
    x = min(max(at[0], plot.box.left + half), plot.box.right - half)
    y = plot.box.top - style.BODY_PX * 0.9
    sheet.label((x, y), text, colour=style.SERIES_TEXT[0], bold=True, align="center")


def _mix(sheet: Sheet, box: Box, mix: Mix) -> None:
    items = _folded(mix.items)
    known = numbers.known(item.value for item in items)
    if not known:
        _absent(sheet, box)
        return
    values = [numbers.finite(item.value) for item in items]
    texts = ["no data" if value is None else numbers.compact(value, mix.unit) for value in values]
    room = box.width - max(sheet.width(text, bold=True) for text in texts) - style.GAP_PX
    # a full bar is the whole, not the largest part
    x = Linear(0.0, max(*known, 100.0) if mix.unit == "%" else max(known) or 1.0, 0, box.width)
    high = box.height / len(items) if len(items) > 1 else box.height / 2
    for at, (item, value, text) in enumerate(zip(items, values, texts, strict=True)):
        top = box.top + high * at
        y = top + (high - style.BODY_PX * _BAR_SHARE) / 2 - 2
        sheet.text((box.left, y), item.name, colour=style.INK, room=room)
        sheet.text((box.right, y), text, colour=style.INK, bold=True, align="right")
        bar = y + style.BODY_PX * 0.72
        marks.boxes(sheet, (Box(box.left, bar, box.right, bar + 9),), style.GRID, name="track")
        marks.boxes(
            sheet,
            (Box(box.left, bar, box.left + x(max(value or 0.0, 0.0)), bar + 9),),
            style.OTHER if item.name == OTHER else style.series_colours(at)[0],
        )


def _folded(items: tuple[Item, ...]) -> tuple[Item, ...]:
    if len(items) <= _MOST_MIX:
        return items
    rest = items[_MOST_MIX - 1 :]
    known = numbers.known(item.value for item in rest)
    return (*items[: _MOST_MIX - 1], Item(OTHER, sum(known) if len(known) == len(rest) else None))
