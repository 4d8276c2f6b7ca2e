"""How concentrated use is: what share of it the most active people make."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from matplotlib.figure import Figure

from charts import axes, marks, numbers, style
from charts.scale import Linear
from charts.sheet import Sheet

_TICKS = (0, 25, 50, 75, 100)
_EVEN_NAMED_PCT = 70


@dataclass(frozen=True, slots=True)
class LorenzChart:
    """Cumulative shares, most active first: (percentage of people, percentage of use), rising to (100, 100).

    `named_pct` are the shares of people whose share of use is written at the curve.
    """

    title: str
    subtitle: str
    points: tuple[tuple[float, float], ...]
    people: str = "people, most active first"
    named_pct: tuple[float, ...] = (10, 50)


def lorenz(chart: LorenzChart) -> Figure:
    """Draw the curve over the diagonal of equal use."""
    sheet = Sheet(chart.title, chart.subtitle)
    points = [(0.0, 0.0), *(point for point in chart.points if len(numbers.known(point)) == len(point))]
    if len(points) == 1:
        return sheet.empty()
    box = sheet.body.inset(
        top=style.GAP_PX, right=style.MARGIN_PX, bottom=style.AXIS_HEIGHT_PX + style.BODY_PX * 1.3
    )
    plot = axes.values(sheet, box, (0.0, 100.0), "%")
    x = Linear(0, 100, plot.box.left, plot.box.right)
    _people_axis(sheet, chart, plot, x)
    drawn = [(x(people), plot.y(use)) for people, use in points]
    _diagonal(sheet, plot, x)
    marks.line(sheet, drawn, style.SERIES[0])
    for share in chart.named_pct:
        _name(sheet, points, share, plot, x)
    even = (x(_EVEN_NAMED_PCT), plot.y(_EVEN_NAMED_PCT) + style.BODY_PX * 0.9)
    sheet.label(even, "even use", ground=True)
    return sheet.figure


def _diagonal(sheet: Sheet, plot: axes.Plot, x: Linear) -> None:
    corners = (x(0), plot.y(0)), (x(100), plot.y(100))
    marks.rule(sheet, *corners, style.AXIS, width=style.THIN_LINE_PX, dashed=True, name="equal")


def _people_axis(sheet: Sheet, chart: LorenzChart, plot: axes.Plot, x: Linear) -> None:
    y = plot.box.bottom + style.AXIS_HEIGHT_PX / 2 + 4
    for tick in _TICKS:
        sheet.text((x(tick), y), numbers.compact(tick, "%"), align="center")
    sheet.text((plot.box.right, y + style.BODY_PX * 1.4), chart.people, align="right", room=plot.box.width)


def _name(sheet: Sheet, points: list[tuple[float, float]], share: float, plot: axes.Plot, x: Linear) -> None:
    use = _at(points, share)
    place = (x(share), plot.y(use))
    marks.dot(sheet, place, style.SERIES[0])
    text = f"top {numbers.compact(round(share), '%')}: {numbers.compact(use, '%')} of use"
    below = (place[0] + style.GAP_PX * 1.4, place[1] + style.BODY_PX * 0.9)
    beside = (place[0] - style.GAP_PX, place[1] + style.BODY_PX * 1.5)
    _ = sheet.label(below, text, colour=style.INK, bold=True, ground=True) or sheet.label(
        beside, text, colour=style.INK, bold=True, align="right", ground=True
    )


def _at(points: list[tuple[float, float]], share: float) -> float:
    """Return the share of use of the first `share` percent of people, straight between two points."""
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        if x0 <= share <= x1:
            return y0 if x1 == x0 else y0 + (y1 - y0) * (share - x0) / (x1 - x0)
    return points[-1][1]
