"""What charts are made of: lines, areas, bars, dots, bands and rules, in a sheet's pixels.

Each mark has a name (its gid) by which tests find it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from charts import style
from charts.scale import Box
from charts.sheet import Sheet

Point = tuple[float, float]
Points = Sequence[tuple[float, float | None]]


def line(
    sheet: Sheet,
    points: Points,
    colour: str,
    *,
    width: float = style.LINE_PX,
    dashed: bool = False,
    name: str = "line",
    zorder: float = 4,
) -> None:
    """Draw a line through `points` that breaks where y is None; a point alone between gaps becomes a dot."""
    xs = [x for x, _ in points]
    ys = [math.nan if y is None else y for _, y in points]
    drawn = Line2D(xs, ys, color=colour, linewidth=style.points(width), solid_capstyle="round")
    drawn.set_linestyle((0, (2.2, 1.6)) if dashed else "solid")
    drawn.set_solid_joinstyle("round")
    sheet.add(drawn, name, zorder)
    for run in runs(points):
        if len(run) == 1 and len(points) > 1:
            dot(sheet, run[0], colour, size=width * 2, zorder=zorder)


def area(sheet: Sheet, points: Points, base: float, colour: str, *, alpha: float = 0.12) -> None:
    """Draw the space between a line and `base`, left out where the line is."""
    for run in runs(points):
        outline = [(run[0][0], base), *run, (run[-1][0], base)]
        polygon(sheet, outline, colour, alpha=alpha, name="area", zorder=2)


def band(sheet: Sheet, lower: Points, upper: Points, colour: str, *, alpha: float = 0.2) -> None:
    """Draw the space between two lines over the same x, left out where either is missing."""
    both = [
        (x, None if low is None or high is None else (low, high))
        for (x, low), (_, high) in zip(lower, upper, strict=True)
    ]
    run: list[tuple[float, tuple[float, float]]] = []
    for x, pair in [*both, (math.nan, None)]:
        if pair is not None:
            run.append((x, pair))
        elif run:
            outline = [(at, low) for at, (low, _) in run] + [(at, high) for at, (_, high) in reversed(run)]
            polygon(sheet, outline, colour, alpha=alpha, name="band", zorder=1.5)
            run = []


def polygon(
    sheet: Sheet, outline: Sequence[Point], colour: str, *, alpha: float, name: str, zorder: float
) -> None:
    """Draw a filled outline without a border."""
    path = Path([*outline, outline[0]], closed=True)
    sheet.add(PathPatch(path, facecolor=colour, alpha=alpha, linewidth=0), name, zorder)


def boxes(
    sheet: Sheet,
    places: Sequence[Box],
    colour: str,
    *,
    hatched: bool = False,
    name: str = "bars",
    zorder: float = 3,
) -> None:
    """Rectangles of one colour as one path; `hatched` says that what they show is not complete."""
    if not places:
        return
    corners = [point for box in places for point in _corners(box)]
    codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY] * len(places)
    patch = PathPatch(Path(corners, codes), facecolor=colour, linewidth=0)
    if hatched:
        hatch(patch, colour)
    sheet.add(patch, name, zorder)


def _corners(box: Box) -> tuple[Point, ...]:
    first = (box.left, box.top)
    return (first, (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom), first)


def hatch(patch: PathPatch, colour: str) -> None:
    """Stripes of `colour` on paper."""
    patch.set_facecolor(style.PAPER)
    patch.set_edgecolor(colour)
    patch.set_hatch(style.HATCH)
    patch.set_hatch_linewidth(style.points(style.HATCH_LINE_PX))
    patch.set_linewidth(style.points(style.HATCH_LINE_PX))


def dot(
    sheet: Sheet,
    at: Point,
    colour: str,
    *,
    size: float = style.DOT_PX,
    hollow: bool = False,
    zorder: float = 5,
) -> None:
    """Draw a round dot; a hollow one is not complete yet."""
    drawn = Line2D([at[0]], [at[1]], linestyle="none", marker="o", markersize=style.points(size))
    drawn.set_markerfacecolor(style.PAPER if hollow else colour)
    drawn.set_markeredgecolor(colour if hollow else style.PAPER)
    drawn.set_markeredgewidth(style.points(3.5 if hollow else 2))
    sheet.add(drawn, "partial" if hollow else "dot", zorder)


def rule(  # noqa: PLR0913 - how a rule looks
    sheet: Sheet, start: Point, end: Point, colour: str = style.GRID, *, width: float = style.GRID_PX,
    dashed: bool = False, name: str = "rule", zorder: float = 1,
) -> None:  # fmt: skip
    """Draw a straight line."""
    drawn = Line2D([start[0], end[0]], [start[1], end[1]], color=colour, linewidth=style.points(width))
    drawn.set_solid_capstyle("butt")
    drawn.set_linestyle((0, (3, 2)) if dashed else "solid")
    sheet.add(drawn, name, zorder)


def runs(points: Points) -> tuple[tuple[Point, ...], ...]:
    """Return the stretches of `points` without a gap."""
    found: list[list[Point]] = [[]]
    for x, y in points:
        if y is not None:
            found[-1].append((x, y))
        elif found[-1]:
            found.append([])
    return tuple(tuple(run) for run in found if run)
