"""The two icons of the app package, drawn here: a pulse line, in colour and as an outline."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw

COLOUR_PX = 192
OUTLINE_PX = 32
BACKGROUND = "#1F2937"
LINE = "#5EEAD4"
_FINER = 8
# The line in hundredths of the side.
_PULSE = ((8, 54), (30, 54), (38, 36), (50, 76), (62, 22), (70, 54), (92, 54))


def colour_icon() -> bytes:
    """192 x 192 px, opaque; the same bytes every time."""
    side = COLOUR_PX * _FINER
    picture = Image.new("RGB", (side, side), BACKGROUND)
    _pulse(ImageDraw.Draw(picture), side, LINE, thick=6)
    return _png(picture, COLOUR_PX)


def outline_icon() -> bytes:
    """32 x 32 px, white on transparent; the same bytes every time."""
    side = OUTLINE_PX * _FINER
    drawn = Image.new("L", (side, side), 0)
    _pulse(ImageDraw.Draw(drawn), side, 255, thick=9)
    picture = Image.new("RGBA", (side, side), (255, 255, 255, 0))
    picture.putalpha(drawn)
    return _png(picture, OUTLINE_PX)


def _pulse(draw: ImageDraw.ImageDraw, side: int, fill: str | int, *, thick: int) -> None:
    points = [(x * side // 100, y * side // 100) for x, y in _PULSE]
    width = thick * side // 100
    draw.line(points, fill=fill, width=width, joint="curve")
    for x, y in points:
        half = width // 2
        draw.ellipse((x - half, y - half, x + half, y + half), fill=fill)


def _png(picture: Image.Image, size_px: int) -> bytes:
    out = BytesIO()
    picture.resize((size_px, size_px), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()
