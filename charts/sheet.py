"""A picture being drawn: pixels from the top-left corner, a header, text that stays inside and apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Rectangle
from matplotlib.transforms import Affine2D

from charts import style, words
from charts.scale import Box

Align = Literal["left", "center", "right"]

_APART_PX = 7

EMPTY = "No data in this window"


@dataclass(frozen=True, slots=True)
class _Face:
    px: float
    colour: str
    bold: bool
    align: Align


class Sheet:
    """A `Figure` with its title and subtitle drawn; `body` is what is left for the chart.

    One sheet belongs to one thread. Each text is cleaned, cut to its room and remembered, so that
    `label` can leave out what would touch another text.
    """

    def __init__(self, title: str, subtitle: str) -> None:
        size = (style.WIDTH_PX / style.DPI, style.HEIGHT_PX / style.DPI)
        self.figure = Figure(figsize=size, dpi=style.DPI, facecolor=style.PAPER)
        FigureCanvasAgg(self.figure)
        self._down = Affine2D().scale(1, -1).translate(0, style.HEIGHT_PX)
        self._taken: list[Box] = []
        self.body = self._header(title, subtitle)

    def width(self, text: str, px: float = style.BODY_PX, *, bold: bool = False) -> float:
        """How wide `text` is drawn, in pixels."""
        return words.width(words.clean(text), px, bold=bold)

    def text(
        self,
        at: tuple[float, float],
        text: str,
        *,
        px: float = style.BODY_PX,
        colour: str = style.QUIET,
        bold: bool = False,
        align: Align = "left",
        room: float | None = None,
    ) -> Box:
        """Draw `text` with the middle of its capitals at `at`, cut to `room` pixels; the box it takes."""
        face = _Face(px, colour, bold, align)
        shown = self._fitted(text, at[0], face, room)
        box = self._box(at, shown, face)
        if shown:
            self._draw(at, shown, face, box)
        return box

    def label(
        self,
        at: tuple[float, float],
        text: str,
        *,
        px: float = style.BODY_PX,
        colour: str = style.QUIET,
        bold: bool = False,
        align: Align = "left",
        ground: bool = False,
    ) -> bool:
        """As `text`, but only whole, inside the picture and free of other text; say whether it was drawn.

        `ground` puts paper behind it, so that lines stop at the words.
        """
        face = _Face(px, colour, bold, align)
        shown = words.clean(text)
        box = self._box(at, shown, face)
        if not shown or not self.free(box.inset(left=-_APART_PX, right=-_APART_PX)):
            return False
        if ground:
            self._ground(box)
        self._draw(at, shown, face, box)
        return True

    def cut(self, text: str, room: float, px: float = style.BODY_PX, *, bold: bool = True) -> str:
        """Return `text` cleaned and cut to `room` pixels."""
        return words.fit(words.clean(text), room, lambda part: words.width(part, px, bold=bold))

    def free(self, box: Box) -> bool:
        """Whether a text could stand in `box`."""
        inside = (
            box.left >= 0 and box.right <= style.WIDTH_PX and box.top >= 0 and box.bottom <= style.HEIGHT_PX
        )
        return inside and not any(_touch(box, other) for other in self._taken)

    def add(self, artist: Artist, name: str, zorder: float = 2) -> None:
        """Put a mark, given in this sheet's pixels, into the picture; `name` is its gid."""
        artist.set_transform(self._down)
        artist.set_gid(name)
        artist.set_zorder(zorder)
        self.figure.add_artist(artist)

    def _ground(self, place: Box) -> None:
        shape = Rectangle((place.left - 3, place.top + 2), place.width + 6, place.height - 4)
        shape.set_facecolor(style.PAPER)
        shape.set_alpha(0.85)
        shape.set_linewidth(0)
        self.add(shape, "ground", 7)

    def card(self, place: Box) -> None:
        """Draw a soft ground with round corners."""
        shape = FancyBboxPatch((place.left, place.top), place.width, place.height, facecolor=style.SOFT)
        shape.set_boxstyle("round", pad=0, rounding_size=style.ROUNDING_PX)
        shape.set_linewidth(0)
        self.add(shape, "card", 0)

    def empty(self) -> Figure:
        """Draw the picture of a window without data."""
        place = self.body
        self.card(place)
        middle = (style.WIDTH_PX / 2, place.middle)
        self.text(middle, EMPTY, px=style.LONG_TITLE_PX, align="center", room=self.body.width)
        return self.figure

    def _header(self, title: str, subtitle: str) -> Box:
        lines, px = self._title_lines(words.clean(title))
        left, room = style.MARGIN_PX, style.WIDTH_PX - 2 * style.MARGIN_PX
        y = style.HEADER_TOP_PX + px * style.CAP_MIDDLE
        for line in lines:
            self.text((left, y), line, px=px, colour=style.INK, bold=True, room=room)
            y += px * style.LINE_HEIGHT
        y += style.BODY_PX * 0.2
        self.text((left, y), subtitle, room=room)
        top = y + style.BODY_PX + style.GAP_PX
        return Box(left, top, left + room, style.HEIGHT_PX - style.MARGIN_PX * 0.7)

    def _title_lines(self, title: str) -> tuple[tuple[str, ...], float]:
        room = style.WIDTH_PX - 2 * style.MARGIN_PX
        for px in (style.TITLE_PX, style.LONG_TITLE_PX):
            if words.width(title, px, bold=True) <= room:
                return (title,), px
        px = style.LONG_TITLE_PX
        return words.wrap(title, room, 2, lambda part: words.width(part, px, bold=True)), px

    def _fitted(self, text: str, x: float, face: _Face, room: float | None) -> str:
        left, right = x - style.MARGIN_PX / 2, style.WIDTH_PX - style.MARGIN_PX / 2 - x
        most = {"left": right, "right": left, "center": 2 * min(left, right)}[face.align]
        most = most if room is None else min(most, room)
        return words.fit_middle(
            words.clean(text), most, lambda part: words.width(part, face.px, bold=face.bold)
        )

    def _box(self, at: tuple[float, float], text: str, face: _Face) -> Box:
        width = words.width(text, face.px, bold=face.bold)
        left = at[0] - {"left": 0.0, "center": width / 2, "right": width}[face.align]
        half = face.px * style.LINE_HEIGHT / 2
        return Box(left - 1, at[1] - half, left + width + 1, at[1] + half)

    def _draw(self, at: tuple[float, float], text: str, face: _Face, box: Box) -> None:
        self._taken.append(box)
        self.figure.text(
            at[0],
            at[1] + face.px * style.CAP_MIDDLE,
            text,
            transform=self._down,
            fontproperties=words.font(face.px, bold=face.bold),
            color=face.colour,
            horizontalalignment=face.align,
            verticalalignment="baseline",
            parse_math=False,
            usetex=False,
            zorder=9,
        )


def _touch(one: Box, other: Box) -> bool:
    return (
        one.left < other.right
        and other.left < one.right
        and one.top < other.bottom
        and other.top < one.bottom
    )
