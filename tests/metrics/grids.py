"""Grids of active days from plain sets of (user, day)."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from bot.metrics.activity import ActivityGrid
from bot.model.timerange import TimeRange

Acts = set[tuple[str, date]]


def grid_of(acts: Acts, history: TimeRange, held: frozenset[date] | None = None) -> ActivityGrid:
    """A grid from the words the engine would have made."""
    words: dict[tuple[str, int], int] = {}
    for user, day in acts:
        word, bit = divmod((day - history.start).days, 60)
        words[user, word] = words.get((user, word), 0) | 1 << bit
    table = pa.table(
        {
            "user_id": pa.array([user for user, _ in words], pa.string()),
            "word": pa.array([word for _, word in words], pa.int64()),
            "bits": pa.array(list(words.values()), pa.int64()),
        }
    )
    return ActivityGrid(table, history, frozenset(history.days()) if held is None else held)


def active(acts: Acts, window: TimeRange) -> set[str]:
    """Who acted in the window."""
    return {user for user, day in acts if day in window}
