"""The pages of one window, sorted into days; rows that fit no day are refused one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

import msgspec

from bot.analytics.api import BadRow, Page
from bot.analytics.api.wire import UsageRow
from bot.lake import Dataset
from bot.model.timerange import TimeRange, day_start
from bot.sync.day import ReviewDay, UsageDay

DAY_SECONDS: Final = 86_400
NOT_A_DAY: Final = "not a whole UTC day"
OUTSIDE: Final = "outside the window that was asked for"
NOBODY: Final = "no user id"
SOMEBODY: Final = "a person's row among the workspace's"
_ADDRESS_FIELDS: Final = frozenset({"email", "user_email"})

DayRows = UsageDay | ReviewDay


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not taken, without e-mail addresses. `days` are those it may have belonged to."""

    reason: str
    row: Any
    days: tuple[date, ...]


class Intake:
    """Collects the pages of `window`. Not safe for several threads at once."""

    def __init__(self, dataset: Dataset, window: TimeRange, new_day: Callable[[], DayRows]) -> None:
        self.dataset = dataset
        self.window = window
        self.page_sha256s: list[str] = []
        self.days: dict[date, DayRows] = {}
        self.refused: list[Refused] = []
        self._new_day = new_day
        self._first_second = int(day_start(window.start).timestamp())
        self._end_second = int(day_start(window.end).timestamp())

    def take(self, page: Page[Any]) -> None:
        """Sorts a page's rows into their days."""
        self.page_sha256s.append(page.sha256)
        self.refused += [self._unreadable(bad) for bad in page.bad]
        for start, rows in self._by_day(page.rows).items():
            day = datetime.fromtimestamp(start, UTC).date()
            if day not in self.days:
                self.days[day] = self._new_day()
            self.days[day].add(rows)

    def known_days(self) -> tuple[date, ...]:
        """Days that may be written, newest first: without refused rows, or with good ones beside them.

        A day of which only refused rows came is unknown, not empty.
        """
        doubtful = {day for refused in self.refused for day in refused.days}
        return tuple(
            day for day in reversed(tuple(self.window.days())) if day in self.days or day not in doubtful
        )

    def refused_on(self, day: date) -> tuple[Refused, ...]:
        """Refused rows filed under `day`: under their own first day, else under the window's last."""
        return tuple(refused for refused in self.refused if (*refused.days, self.window.last)[0] == day)

    def close(self) -> None:
        """Frees what is held."""
        for day in self.days.values():
            day.close()

    def _by_day(self, rows: Sequence[Any]) -> dict[int, Sequence[Any]]:
        # nearly every page is all good: look at its few distinct edges, not at each row's
        edges = {(row.start_time, row.end_time) for row in rows}
        if all(self._edge_fault(*edge) is None for edge in edges) and self._all_owned(rows):
            if len(edges) == 1:
                return {rows[0].start_time: rows}
            good = rows
        else:
            good = [row for row in rows if self._is_good(row)]
        found: defaultdict[int, list[Any]] = defaultdict(list)
        for row in good:
            found[row.start_time].append(row)
        return dict(found)

    def _is_good(self, row: Any) -> bool:
        fault = self._edge_fault(row.start_time, row.end_time) or self._owner_fault(row)
        if fault is not None:
            days = () if fault is OUTSIDE else self._days_between(row.start_time, row.end_time)
            self.refused.append(Refused(fault, _without_addresses(msgspec.to_builtins(row)), days))
        return fault is None

    def _edge_fault(self, start: int, end: int) -> str | None:
        if end - start != DAY_SECONDS or start % DAY_SECONDS:
            return NOT_A_DAY
        return None if self._first_second <= start < self._end_second else OUTSIDE

    def _all_owned(self, rows: Sequence[Any]) -> bool:
        return all(self._owner_fault(row) is None for row in rows)

    def _owner_fault(self, row: Any) -> str | None:
        if not isinstance(row, UsageRow):
            return None
        if self.dataset is Dataset.USAGE:
            return None if row.user_id or row.person_id else NOBODY
        return SOMEBODY if row.user_id or row.person_id else None

    def _unreadable(self, bad: BadRow) -> Refused:
        days = tuple(self.window.days())
        if bad.start_time is not None:
            days = self._days_between(bad.start_time, bad.start_time + DAY_SECONDS)
        return Refused(bad.reason, _readable(bad.raw), days)

    def _days_between(self, start: int, end: int) -> tuple[date, ...]:
        def touches(day: date) -> bool:
            first = int(day_start(day).timestamp())
            return first < end and start < first + DAY_SECONDS

        return tuple(day for day in self.window.days() if touches(day))


def _readable(raw: bytes) -> Any:
    try:
        return _without_addresses(msgspec.json.decode(raw))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _without_addresses(value: Any) -> Any:
    match value:
        case dict():
            return {k: _without_addresses(v) for k, v in value.items() if k not in _ADDRESS_FIELDS}
        case list() | tuple():
            return [_without_addresses(item) for item in value]
        case _:
            return value
