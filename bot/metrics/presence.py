"""In which days and groups each person was active, packed by the engine into words of 60 bits.

Counting people over any window is then a matter of masks: one pass over the rows instead of one per window,
and a third of the time of counting distinct texts per day.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.metrics.usage_rows import UsageQuestion, keyed
from bot.metrics.words import WORD_BITS, with_bits
from bot.model.timerange import TimeRange

if TYPE_CHECKING:
    import ibis
    from numpy.typing import NDArray

GroupKey = tuple[str, str]


def presence_words(table: ibis.Table, question: UsageQuestion) -> ibis.Expr:
    """One row per kind, key and person: a bit for each active day of `span(question)`."""
    rows = keyed(table, question)
    rows = rows.filter(rows.active)
    days = span(question)
    rows = with_bits(rows, days.start)
    words = {
        f"word_{number}": rows.bit.bit_or(where=rows.word == number).fill_null(0)
        for number in range(_word_count(days))
    }
    found = rows.group_by(["part_kind", "key", "user_id"]).aggregate(**words)
    return found.drop("user_id")


def span(question: UsageQuestion) -> TimeRange:
    """From the first to the last day that the question asks about."""
    window, against = question.window, question.against
    if not against.day_count:
        return window
    return TimeRange(min(window.start, against.start), max(window.end, against.end))


class Presence:
    """People per group over any window inside the span of the question."""

    def __init__(self, words: Any, question: UsageQuestion) -> None:
        self._words = words
        self._days = span(question)
        self._counted: dict[TimeRange, NDArray[np.int64]] = {}

    def count(self, group: GroupKey, window: TimeRange) -> int:
        """People of `group` active on any day of `window`."""
        place = self._places.get(group)
        if place is None:
            return 0
        if window not in self._counted:
            self._counted[window] = self._counts(window)
        return int(self._counted[window][place])

    @cached_property
    def _groups(self) -> tuple[dict[GroupKey, int], NDArray[np.int64]]:
        kinds, keys = (self._words[name].to_pylist() for name in ("part_kind", "key"))
        places: dict[GroupKey, int] = {}
        of_row = [places.setdefault(group, len(places)) for group in zip(kinds, keys, strict=True)]
        return places, np.array(of_row, dtype=np.int64)

    @property
    def _places(self) -> dict[GroupKey, int]:
        return self._groups[0]

    @cached_property
    def _bits(self) -> list[NDArray[np.int64]]:
        return [self._words[f"word_{number}"].to_numpy() for number in range(_word_count(self._days))]

    def _counts(self, window: TimeRange) -> NDArray[np.int64]:
        present = np.zeros(self._words.num_rows, dtype=bool)
        for number, bits in enumerate(self._bits):
            mask = self._mask(window, number)
            if mask:
                present |= (bits & mask) != 0
        return np.bincount(self._groups[1][present], minlength=len(self._places))

    def _mask(self, window: TimeRange, number: int) -> int:
        first = (window.start - self._days.start).days - number * WORD_BITS
        last = first + window.day_count
        first, last = max(first, 0), min(last, WORD_BITS)
        return ((1 << last) - 1) & ~((1 << first) - 1) if last > first else 0


def _word_count(days: TimeRange) -> int:
    return -(-days.day_count // WORD_BITS)
