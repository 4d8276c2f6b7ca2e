"""Reading the query of an analytics request (contract.md b.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.reference.replies import InvalidError
from bot.reference.rows import DAY_SECONDS, EPOCH_ORDINAL, Period

LOOK_BACK_DAYS = 90
_DEFAULT_DAYS = 30
_DEFAULT_LIMIT = 1_000
_LIMIT = (1, 30_000)
_WEEK = 7
_INTEGER = re.compile(r"[+-]?\d{1,15}")
# Seconds outside of years 1-9999 are no instants.
_FURTHEST = 253_402_300_800


@dataclass(frozen=True, slots=True)
class Question:
    """Days as ordinals, half-open; ``text`` names the question apart from its paging."""

    first: int
    end: int
    limit: int
    by_person: bool
    weekly: bool
    page: str | None
    text: str

    def periods(self, start: int | None = None) -> Iterator[Period]:
        """Yield the days or Monday weeks from ``start`` (default: the first) on."""
        width = _WEEK if self.weekly else 1
        first = start or (_monday(self.first) if self.weekly else self.first)
        return (Period(day, day + width) for day in range(first, self.end, width))


def read_question(query: Mapping[str, str], now: datetime, *, groups: bool, weeks: bool) -> Question:
    """Check the parameters; unknown names are ignored. Raises `InvalidError` naming each bad one."""
    faults: list[dict[str, Any]] = []
    start, end = (_integer(query, name, faults) for name in ("start_time", "end_time"))
    limit = _limit(query, faults)
    group = _choice(query, "group", ("workspace",), faults) if groups else None
    group_by = _choice(query, "group_by", ("day", "week"), faults) if weeks else None
    first, last = _days(start, end, now, faults)
    if faults:
        raise InvalidError(faults)
    text = "&".join(f"{name}={query[name]}" for name in sorted(query) if name not in {"page", "limit"})
    return Question(first, last, limit, groups and group is None, group_by == "week", query.get("page"), text)


def _days(start: int | None, end: int | None, now: datetime, faults: list[dict[str, Any]]) -> tuple[int, int]:
    """Whole days of the window; a day counts when it begins in it, the first one as a whole."""
    today = now.astimezone(UTC).toordinal()
    until = (today + 1 - EPOCH_ORDINAL) * DAY_SECONDS if end is None else end
    since = until - _DEFAULT_DAYS * DAY_SECONDS if start is None else start
    if since > until:
        faults.append(
            _fault("start_time", "value_error", "Value error, start_time must not be after end_time", start)
        )
    first = since // DAY_SECONDS + EPOCH_ORDINAL
    if start is not None and first < today - LOOK_BACK_DAYS:
        message = f"Value error, start_time must be within the last {LOOK_BACK_DAYS} days"
        faults.append(_fault("start_time", "value_error", message, start))
    # Nothing is known before or beyond these: a far bound costs nothing.
    return max(first, today - LOOK_BACK_DAYS), min(-(-until // DAY_SECONDS) + EPOCH_ORDINAL, today + 1)


def _limit(query: Mapping[str, str], faults: list[dict[str, Any]]) -> int:
    value = _integer(query, "limit", faults)
    if value is None:
        return _DEFAULT_LIMIT
    low, high = _LIMIT
    if value < low:
        message = f"Input should be greater than or equal to {low}"
        faults.append(_fault("limit", "greater_than_equal", message, query["limit"], {"ge": low}))
    if value > high:
        message = f"Input should be less than or equal to {high}"
        faults.append(_fault("limit", "less_than_equal", message, query["limit"], {"le": high}))
    return value


def _integer(query: Mapping[str, str], name: str, faults: list[dict[str, Any]]) -> int | None:
    text = query.get(name)
    if text is None:
        return None
    if _INTEGER.fullmatch(text.strip()) and abs(int(text)) < _FURTHEST:
        return int(text)
    message = "Input should be a valid integer, unable to parse string as an integer"
    faults.append(_fault(name, "int_parsing", message, text))
    return None


def _choice(
    query: Mapping[str, str], name: str, allowed: tuple[str, ...], faults: list[dict[str, Any]]
) -> str | None:
    text = query.get(name)
    if text is None or text in allowed:
        return text
    expected = " or ".join(f"'{choice}'" for choice in allowed)
    faults.append(_fault(name, "literal_error", f"Input should be {expected}", text, {"expected": expected}))
    return None


def _fault(
    name: str, kind: str, message: str, value: object, context: dict[str, Any] | None = None
) -> dict[str, Any]:
    fault = {"type": kind, "loc": ["query", name], "msg": message, "input": value}
    return fault if context is None else {**fault, "ctx": context}


def _monday(ordinal: int) -> int:
    return ordinal - (ordinal - 1) % _WEEK
