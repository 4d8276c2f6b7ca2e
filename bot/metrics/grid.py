"""Days by people: the engine folds each person's active days into words of 60 bits, unfolded here."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from bot.lake.schema import PartKind
from bot.metrics.words import WORD_BITS, with_bits
from bot.model.timerange import DAY, TimeRange

if TYPE_CHECKING:
    import ibis
    from numpy.typing import NDArray

WEEK_DAYS: Final = 7
MONTH_DAYS: Final = 28
SATURDAY: Final = 5


def activity_words(table: ibis.Table, first: date, user_id: str | None = None) -> ibis.Expr:
    """One row per person (or of one) and 60 days since `first`: a bit for each active day."""
    rows: Any = table.filter(table.part_kind == PartKind.TOTAL.value)
    if user_id is not None:
        rows = rows.filter(rows.user_id == user_id)
    rows = rows.filter((rows.turns > 0) | (rows.threads > 0))
    rows = with_bits(rows, first)
    return rows.group_by(["user_id", "word"]).aggregate(bits=rows.bit.bit_or())


class ActivityGrid:
    """Days by people, true where the person was active. Days not in `held` are unknown."""

    def __init__(self, words: Any, window: TimeRange, held: frozenset[date]) -> None:
        users = words["user_id"].combine_chunks().dictionary_encode()
        self.window = window
        self.user_ids: tuple[str, ...] = tuple(users.dictionary.to_pylist())
        self.held = held
        self._grid = _unpacked(words, users.indices, window.day_count, len(self.user_ids))

    def active(self, window: TimeRange) -> NDArray[np.bool_]:
        """Per person: active on any day of `window` (days outside the grid count as not)."""
        start, end = self._index(window.start), self._index(window.end)
        return np.asarray(self._grid[start:end].any(axis=0), dtype=bool)

    def count(self, window: TimeRange) -> int | None:
        """People active in `window`, None unless all of it is held."""
        if not self.held.issuperset(window.days()):
            return None
        return int(self.active(window).sum())

    def active_days(self, window: TimeRange) -> NDArray[np.int64]:
        """Per person: number of active days in `window`."""
        start, end = self._index(window.start), self._index(window.end)
        found: NDArray[np.int64] = self._grid[start:end].sum(axis=0)
        return found

    def streaks(self, last: date, *, working_days: bool = False) -> NDArray[np.int64]:
        """Per person: active days without a break up to and with `last`; a day not held is a break.

        With `working_days` Saturdays and Sundays neither count nor break, held or not. `streak_gap` tells
        the day that may have cut them.
        """
        alive = np.ones(len(self.user_ids), dtype=bool)
        streak = np.zeros(len(self.user_ids), dtype=np.int64)
        day = last
        while day >= self.window.start and alive.any():
            if not (working_days and day.weekday() >= SATURDAY):
                if day not in self.held:
                    break
                alive &= self._grid[self._index(day)]
                streak += alive
            day -= DAY
        return streak

    def streak_gap(self, last: date, *, working_days: bool = False) -> date | None:
        """The day not held that a streak of somebody may go on beyond; None when every streak is whole."""
        alive = np.ones(len(self.user_ids), dtype=bool)
        day = last
        while self.held and day >= min(self.held) and alive.any():
            if not (working_days and day.weekday() >= SATURDAY):
                if day not in self.held:
                    return day
                alive &= self._grid[self._index(day)]
            day -= DAY
        return None

    def days_of(self, user_id: str, window: TimeRange) -> tuple[date, ...]:
        """The active days of one person in `window`."""
        if user_id not in self.user_ids:
            return ()
        column = self._grid[:, self.user_ids.index(user_id)]
        return tuple(day for day in window.days() if day in self.window and column[self._index(day)])

    def _index(self, day: date) -> int:
        return min(max((day - self.window.start).days, 0), self.window.day_count)


def ending(day: date, days: int) -> TimeRange:
    """The `days` days that end with `day`."""
    return TimeRange(day - (days - 1) * DAY, day + DAY)


def _unpacked(words: Any, users: Any, day_count: int, user_count: int) -> NDArray[np.bool_]:
    grid = np.zeros((day_count, user_count), dtype=bool)
    columns = users.to_numpy()
    first_days = words["word"].to_numpy() * WORD_BITS
    bits = words["bits"].to_numpy()
    for bit in range(WORD_BITS):
        is_set = (bits >> bit) & 1 == 1
        grid[first_days[is_set] + bit, columns[is_set]] = True
    return grid
