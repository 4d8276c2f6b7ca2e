"""Days as bits: every 60 days since a first one are a word, which any engine folds with `bit_or`."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from typing import Any, Final

WORD_BITS: Final = 60
_EPOCH: Final = date(1970, 1, 1)


def with_bits(rows: Any, first: date) -> Any:
    """Add `word`, which 60 days their day is in, and `bit`, its place there, to rows from `first` on."""
    offset = rows.day.epoch_days() - (first - _EPOCH).days
    # the cast keeps 64 bits where a literal has 32, as in Spark
    one = import_module("ibis").literal(1).cast("int64")
    return rows.mutate(word=offset // WORD_BITS, bit=one << (offset % WORD_BITS))
