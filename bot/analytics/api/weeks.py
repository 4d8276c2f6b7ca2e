"""Weeks made of days, for an API that may answer days although weeks were asked for."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Any, Final, TypeVar, assert_never

import msgspec

from bot.analytics.api.wire import ClientUsage, ModelUsage, ReviewResponseRow, ReviewRow, UsageRow

S = TypeVar("S", bound=msgspec.Struct)
Row = TypeVar("Row", UsageRow, ReviewRow, ReviewResponseRow)

DAY_SECONDS: Final = 86_400
WEEK_SECONDS: Final = 7 * DAY_SECONDS
RATIOS: Final = {"committed_percentage", "with_codex_contribution_percentage"}
"""A ratio of a week is no sum of the days' ratios: left out."""


class WeekStart(IntEnum):
    """First day of a week, as `date.weekday()` counts."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


def rows_are_weekly(row: UsageRow | ReviewRow | ReviewResponseRow) -> bool:
    """Tell a week's row from a day's by its width alone."""
    return row.end_time - row.start_time == WEEK_SECONDS


def weekly(rows: Iterable[Row], week_start: WeekStart = WeekStart.MONDAY) -> tuple[Row, ...]:
    """Sum rows per person and week, oldest week first; rows a week wide keep their own edges.

    A field is None only where it is None in every row. Threads of a week are the days' threads added up.
    """
    weeks: defaultdict[tuple[int, str], list[Row]] = defaultdict(list)
    for row in rows:
        weeks[_week(row, week_start), _person(row)].append(row)
    return tuple(_week_row(start, weeks[start, person]) for start, person in sorted(weeks))


def _week(row: UsageRow | ReviewRow | ReviewResponseRow, week_start: WeekStart) -> int:
    if rows_are_weekly(row):
        return row.start_time
    day = datetime.fromtimestamp(row.start_time, UTC)
    first = day - timedelta(days=(day.weekday() - week_start) % 7)
    return int(first.replace(hour=0, minute=0, second=0).timestamp())


def _person(row: UsageRow | ReviewRow | ReviewResponseRow) -> str:
    return (row.person_id or "") if isinstance(row, UsageRow) else ""


def _week_row(start: int, rows: list[Row]) -> Row:
    whole = _merged(rows)
    return msgspec.structs.replace(whole, start_time=start, end_time=start + WEEK_SECONDS)


def _merged(parts: list[S]) -> S:
    fields = {name: _sum([getattr(part, name) for part in parts]) for name in parts[0].__struct_fields__}
    fields |= dict.fromkeys(RATIOS & fields.keys())
    return type(parts[0])(**fields)


def _sum(values: list[Any]) -> Any:
    known = [value for value in values if value is not None]
    if not known:
        return None
    match known[0]:
        case str():
            return known[-1]
        case tuple():
            return _by_part(part for value in known for part in value)
        case msgspec.Struct():
            return _merged(known)
        case int():
            return sum(known)
        case float():
            return math.fsum(known)
        case other:
            assert_never(other)


def _by_part(parts: Iterable[ClientUsage | ModelUsage]) -> tuple[ClientUsage | ModelUsage, ...]:
    groups: defaultdict[Hashable, list[Any]] = defaultdict(list)
    for part in parts:
        groups[(part.client_id,) if isinstance(part, ClientUsage) else (part.model, part.speed)].append(part)
    return tuple(_merged(group) for group in groups.values())
