"""Table cells, changes and names as they are shown on every chat platform."""

from __future__ import annotations

import math
import unicodedata

from bot.kit.words import change, figure, points
from bot.model.chat import Cell, Fact, Unit

NO_DATA = "\N{EN DASH}"
_WHOLE = 100.0
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


def clean(text: str) -> str:
    """`text` without control, surrogate and direction-changing characters; line breaks stay."""
    kept = (c for c in text if c == "\n" or (unicodedata.category(c) not in {"Cc", "Cs"} and c not in _BIDI))
    return "".join(kept)


def cell_text(cell: Cell, unit: Unit) -> str:
    """A cell as figures are written everywhere; a dash for no data, since a table repeats it."""
    match cell:
        case None:
            return NO_DATA
        case str():
            return " ".join(clean(cell).split()) or NO_DATA
        case _:
            return figure(cell, unit) if math.isfinite(cell) else NO_DATA


def change_of(fact: Fact) -> str:
    """`+14%`; of a share the points it gained, `−2.1 points`, since a percentage of one is misread."""
    pct = fact.change_pct
    if fact.unit is not Unit.PERCENT or pct is None or fact.number is None or pct <= -_WHOLE:
        return change(pct)
    return points(fact.number - fact.number / (1 + pct / _WHOLE)) if pct else change(pct)


def change_text(fact: Fact) -> str:
    """` (+14%)`, to be put behind a value; empty without data."""
    said = change_of(fact)
    return f" ({said})" if said else ""
