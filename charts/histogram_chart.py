"""How many fall into each class: people by active days of the last 7 or 28."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.figure import Figure

from charts import axes, marks, numbers, ranked, single, style
from charts.bar_chart import Item
from charts.scale import Box
from charts.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Histogram:
    """Classes in their order, each with its count; `axis` says what the classes are."""

    title: str
    subtitle: str
    classes: tuple[Item, ...]
    unit: str = "people"
    axis: str = ""


def histogram(chart: Histogram) -> Figure:
    """Draw a column for each class, from zero, with its count above it where there is room."""
    sheet = Sheet(chart.title, chart.subtitle)
    known = numbers.known(item.value for item in chart.classes)
    if not known:
        return sheet.empty()
    if len(chart.classes) == 1:
        one = ranked.Bar(chart.classes[0].name, known[0], text_colour=style.SERIES_TEXT[0])
        single.draw(sheet, (one,), f"{chart.classes[0].name} {chart.axis}", chart.unit)
        return sheet.figure
    below = style.AXIS_HEIGHT_PX + (style.BODY_PX * 1.3 if chart.axis else 0)
    plot = axes.values(sheet, sheet.body.inset(top=style.TITLE_PX, bottom=below), known, chart.unit)
    axes.slots(sheet, plot.box, tuple(item.name for item in chart.classes))
    if chart.axis:
        y = plot.box.bottom + style.AXIS_HEIGHT_PX + style.BODY_PX * 0.8
        sheet.text((plot.box.right, y), chart.axis, align="right", room=plot.box.width)
    _columns(sheet, chart, plot)
    return sheet.figure


def _columns(sheet: Sheet, chart: Histogram, plot: axes.Plot) -> None:
    places: list[Box] = []
    texts: list[tuple[Box, str]] = []
    for at, item in enumerate(chart.classes):
        value = numbers.finite(item.value)
        if value is None:
            continue
        place = axes.slot(plot.box, len(chart.classes), at)
        places.append(Box(place.left, plot.y(value), place.right, plot.y(0)))
        texts.append((places[-1], numbers.compact(value, chart.unit)))
    marks.boxes(sheet, tuple(places), style.SERIES[0])
    pitch = plot.box.width / len(chart.classes)
    if max(sheet.width(text, bold=True) for _, text in texts) > pitch - 4:
        highest = min(place.top for place in places)
        texts = [pair for pair in texts if pair[0].top == highest][:1]
    for place, text in texts:
        above = (place.middle_x, place.top - style.BODY_PX * 0.75)
        sheet.label(above, text, colour=style.INK, bold=True, align="center")
