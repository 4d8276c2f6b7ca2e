"""Encoded rows of the workspace, made day by day when asked for and kept in a bounded cache."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Protocol

import msgspec
import numpy as np

from bot.reference.catalogue import client_names
from bot.reference.chance import Ints
from bot.reference.days import Column, merged, settled
from bot.reference.options import Options
from bot.reference.people import People, people_of
from bot.reference.restatement import Moment, visible
from bot.reference.reviews import Reviews
from bot.reference.rows import Period, Row, RowWriter

# Up to this many people the encoded rows of a day are kept as well.
_SMALL = 2_000
_CACHED_PERSON_DAYS = 100_000
_CACHED_DAYS = (8, 128)
Moments = tuple[Moment, ...]


class Source(Protocol):
    """Rows of periods, each row at a whole-number key that rises inside its period."""

    def read(
        self, period: Period, now: datetime, start_key: int, limit: int
    ) -> tuple[list[bytes], int | None]:
        """Return up to ``limit`` encoded rows from the key on, and the key of the next row if any."""
        ...


@dataclass(frozen=True, slots=True)
class _Table:
    cells: Ints
    persons: list[int]
    starts: list[int]


class Usage:
    """What is known of the use of the workspace."""

    def __init__(self, options: Options) -> None:
        self.people: People = people_of(options.seed, options.users)
        self._lag_hours = options.lag_hours
        clients = client_names(unknown=options.unknown_client)
        self._writer = RowWriter(self.people, options.misbehave.generation, clients)
        low, high = _CACHED_DAYS
        days = max(low, min(high, _CACHED_PERSON_DAYS // options.users))
        self._table = lru_cache(days)(self._make_table)
        self._person_rows = lru_cache(days)(self._make_person_rows)
        self._small = options.users <= _SMALL

    def persons(
        self, period: Period, now: datetime, start_key: int, limit: int
    ) -> tuple[list[bytes], int | None]:
        """Rows per person; the key is the person's place in user-id order."""
        moments = self._moments(period, now)
        table = self._table(period, moments)
        low = bisect_left(table.persons, start_key)
        high = min(low + limit, len(table.persons))
        following = table.persons[high] if high < len(table.persons) else None
        if self._small:
            return self._person_rows(period, moments)[low:high], following
        return self._encoded(table.cells[table.starts[low] : table.starts[high]], period), following

    def workspace(
        self, period: Period, now: datetime, start_key: int, limit: int
    ) -> tuple[list[bytes], int | None]:
        """One row for all, or none on a day without use."""
        del start_key, limit
        cells = self._table(period, self._moments(period, now)).cells
        return [msgspec.json.encode(self._writer.workspace(cells, period))] if len(cells) else [], None

    def _moments(self, period: Period, now: datetime) -> Moments:
        return moments_of(period, now, self._lag_hours)

    def _make_table(self, period: Period, moments: Moments) -> _Table:
        days = zip(range(period.first, period.end), moments, strict=True)
        known = [self._known(ordinal, moment) for ordinal, moment in days]
        cells = known[0] if len(known) == 1 else merged(np.concatenate(known), Column.TURNS)
        starts = np.flatnonzero(np.diff(cells[:, Column.PERSON], prepend=-1))
        return _Table(cells, cells[starts, Column.PERSON].tolist(), [*starts.tolist(), len(cells)])

    def _known(self, ordinal: int, moment: Moment) -> Ints:
        if not moment.begun:
            return settled(self.people, 0)
        return visible(self.people, ordinal, settled(self.people, ordinal), moment, self._lag_hours)

    def _make_person_rows(self, period: Period, moments: Moments) -> list[bytes]:
        return self._encoded(self._table(period, moments).cells, period)

    def _encoded(self, cells: Ints, period: Period) -> list[bytes]:
        return [msgspec.json.encode(row) for row in self._writer.persons(cells, period)]


CountsOf = Callable[[int, int, int, Moment], Reviews]
RowOf = Callable[[Period, Reviews], Row]


@dataclass(frozen=True, slots=True)
class ReviewSource:
    """One of the two review endpoints."""

    options: Options
    counts_of: CountsOf
    row_of: RowOf

    def read(
        self, period: Period, now: datetime, start_key: int, limit: int
    ) -> tuple[list[bytes], int | None]:
        """One row, or none when there was no review."""
        del start_key, limit
        days = zip(
            range(period.first, period.end), moments_of(period, now, self.options.lag_hours), strict=True
        )
        counts = [self._counts(ordinal, moment) for ordinal, moment in days if moment.begun]
        total = {name: sum(day[name] for day in counts) for name in (counts[0] if counts else ())}
        return [msgspec.json.encode(self.row_of(period, total))] if any(total.values()) else [], None

    def _counts(self, ordinal: int, moment: Moment) -> Reviews:
        return self.counts_of(self.options.seed, self.options.users, ordinal, moment)


def moments_of(period: Period, now: datetime, lag_hours: int) -> Moments:
    """Moment of each day of a period."""
    return tuple(Moment.of(ordinal, now, lag_hours) for ordinal in range(period.first, period.end))
