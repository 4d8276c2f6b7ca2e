"""Table cells, changes and names as they are shown on every chat platform."""

from __future__ import annotations

import math
import unicodedata

from bot.kit.words import change, figure
from bot.model.chat import Cell, Column

NO_DATA = "\N{EN DASH}"
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


def clean(text: str) -> str:
    """`text` without control, surrogate and direction-changing characters; line breaks stay."""
    kept = (c for c in text if c == "\n" or (unicodedata.category(c) not in {"Cc", "Cs"} and c not in _BIDI))
    return "".join(kept)


def cell_text(cell: Cell, column: Column) -> str:
    """A cell as figures are written everywhere; a dash for no data, since a table repeats it."""
    match cell:
        case None:
            return NO_DATA
        case str():
            return " ".join(clean(cell).split()) or NO_DATA
        case _ if not math.isfinite(cell):
            return NO_DATA
        case _:
            return change(cell) if column.is_change else figure(cell, column.unit)


def change_text(change_pct: float | None) -> str:
    """` (+14%)`, to be put behind a value; empty without data."""
    return f" ({change(change_pct)})" if change_pct is not None else ""
