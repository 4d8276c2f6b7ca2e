"""Table cells, changes and names as they are shown on every chat platform."""

from __future__ import annotations

import math
import unicodedata

from bot.kit.words import change, figure, points
from bot.model.chat import Cell, Column, Fact, Unit

NO_DATA = "\N{EN DASH}"
_WHOLE = 100.0
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


def change_of(fact: Fact) -> str:
    """`+14%`; of a share the points it gained, `−2.1 points`, since a percentage of one is misread."""
    pct, share = fact.change_pct, _share_pct(fact)
    if share is None or not pct or pct <= -_WHOLE:
        return change(pct)
    gained = share - share / (1 + pct / _WHOLE)
    return points(gained) if round(gained, 1) else change(0.0)


def _share_pct(fact: Fact) -> float | None:
    """The percentage a share is shown as, also one that is kept between 0 and 1; None for all else."""
    match fact.unit:
        case Unit.PERCENT:
            return fact.number
        case Unit.RATIO if fact.number is not None and fact.value.endswith("%"):
            return fact.number * _WHOLE
        case _:
            return None


def change_text(fact: Fact) -> str:
    """` (+14%)`, to be put behind a value; empty without data."""
    said = change_of(fact)
    return f" ({said})" if said else ""
