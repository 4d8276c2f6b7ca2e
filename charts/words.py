"""Text from outside made drawable: no control or bidi characters, no missing glyph, no endless name."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from matplotlib.font_manager import FontProperties, get_font
from matplotlib.ft2font import LoadFlags

from charts import style

UNKNOWN = "\N{WHITE SQUARE}"
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"

# What belongs to the word after it: `20 Oct`, `up 3%`.
_LEADING = (
    *"0123456789%",
    *(f" {word}" for word in ("a", "by", "down", "in", "of", "on", "the", "to", "up", "with")),
)

_MEASURED_AT = 100.0
# FreeType counts in 65,536ths of a pixel.
_FIXED_POINT = 65_536

# Controls, format characters (bidi overrides, joiners), surrogates, and marks that would pile up on a letter.
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Mn", "Me"})


def clean(text: str) -> str:
    """`text` on one line with only characters the bundled font draws; others become a white square."""
    head = text[: style.TEXT_MOST_CHARS]
    spaced = "".join(" " if character.isspace() else character for character in head)
    kept = (c for c in unicodedata.normalize("NFC", spaced) if unicodedata.category(c) not in _DROPPED)
    drawn = "".join(c if ord(c) in _glyphs() else UNKNOWN for c in kept)
    return " ".join(drawn.split()) + (ELLIPSIS if len(text) > len(head) else "")


def fit(text: str, room_px: float, width: Callable[[str], float]) -> str:
    """`text`, cut with an ellipsis until `width` says it fits; empty when not even the ellipsis does."""
    return _longest(text, room_px, width, _cut)


def fit_middle(text: str, room_px: float, width: Callable[[str], float]) -> str:
    """As `fit`, but the cut is inside: what tells models and people apart is often at the end."""
    return _longest(text, room_px, width, _cut_inside)


def _longest(text: str, room_px: float, width: Callable[[str], float], cut: Callable[[str, int], str]) -> str:
    if width(text) <= room_px:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width(cut(text, middle)) <= room_px:
            low = middle
        else:
            high = middle - 1
    return cut(text, low) if width(cut(text, low)) <= room_px else ""


def wrap(text: str, room_px: float, most_lines: int, width: Callable[[str], float]) -> tuple[str, ...]:
    """`text` broken at spaces into at most `most_lines` lines; what does not fit is cut with an ellipsis.

    The last two lines break after a comma where they can, and not after a number: `20 Oct` stays together.
    """
    lines: list[str] = []
    rest = text.split()
    while rest and len(lines) < most_lines - 1:
        taken = 1
        while taken < len(rest) and width(" ".join(rest[: taken + 1])) <= room_px:
            taken += 1
        lines.append(fit(" ".join(rest[:taken]), room_px, width))
        rest = rest[taken:]
    last = " ".join(rest)
    if not lines or not rest or width(last) > room_px:
        return (*lines, fit(last, room_px, width)) if rest else tuple(lines)
    return (*lines[:-1], *_halves((lines[-1], last), room_px, width))


def _halves(halves: tuple[str, str], room_px: float, width: Callable[[str], float]) -> tuple[str, str]:
    """Move the break between two lines to the best place where both fit, of those to the most even one."""
    parts = " ".join(halves).split()
    pairs = [(" ".join(parts[:at]), " ".join(parts[at:])) for at in range(1, len(parts))]
    fitting = [pair for pair in pairs if max(map(width, pair)) <= room_px]
    return min(fitting, key=lambda pair: (_harm(pair[0]), max(map(width, pair))), default=halves)


def _harm(line: str) -> int:
    """How bad it is to end a line so: with a comma not at all, with a number or a small word most."""
    if line.endswith(","):
        return 0
    return 2 if line.endswith(_LEADING) else 1


@lru_cache(maxsize=64)
def font(px: float, *, bold: bool = False) -> FontProperties:
    """Return the bundled font in a size, by file so that no font of the machine gets in. Read-only."""
    path: Path = style.BOLD if bold else style.REGULAR
    return FontProperties(fname=str(path), size=style.points(px))


def width(text: str, px: float, *, bold: bool = False) -> float:
    """How wide cleaned `text` is drawn, in pixels: the sum of its characters' advances.

    Kerning and ligatures only take away; hinting adds at most 0.6 pixels a character, and about none on
    average. Asking matplotlib each time took two thirds of a picture.
    """
    return px * sum(_advance(character, bold=bold) for character in text)


@lru_cache(maxsize=8192)
def _advance(character: str, *, bold: bool) -> float:
    """Return how far `character` moves the pen, in sizes."""
    face = get_font(str(style.BOLD if bold else style.REGULAR))
    face.set_size(_MEASURED_AT, 72)
    glyph = face.load_char(ord(character), flags=LoadFlags.NO_HINTING)
    return float(glyph.linearHoriAdvance) / _FIXED_POINT / _MEASURED_AT


def _cut_inside(text: str, length: int) -> str:
    tail = length // 3
    return text[: length - tail].rstrip() + ELLIPSIS + (text[-tail:].lstrip() if tail else "")


def _cut(text: str, length: int) -> str:
    return text[:length].rstrip() + ELLIPSIS


@lru_cache(maxsize=1)
def _glyphs() -> frozenset[int]:
    regular, bold = (get_font(str(path)).get_charmap() for path in (style.REGULAR, style.BOLD))
    return frozenset(regular) & frozenset(bold)
