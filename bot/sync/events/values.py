"""Single values of a record, whatever type they arrived in. What cannot be read is None."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from bot.compliance.api.wire import INT64_MAX, instant
from bot.sync.events.keys import EventKeys
from bot.sync.events.row import micros

NAME_MAX: Final = 512
LAST_SECOND: Final = 253_402_300_799
NETWORK_KEY: Final = re.compile(r"(network|internet)_access")
NETWORK_DEPTH: Final = 5


def name(value: Any, keys: EventKeys) -> str | None:
    """An id or a name. An address of a person or an overlong one is replaced by its hash."""
    match value:
        case bool() | None:
            return None
        case int():
            return str(value)
        case str() if len(value) > NAME_MAX or "@" in value:
            return f"hash:{keys.text_hash(value)}"
        case str():
            return value or None
        case _:
            return None


def count(value: Any) -> int | None:
    """A whole number from 0 to the largest the lake holds."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= INT64_MAX
    return value if is_count else None


def time_micros(value: Any) -> int | None:
    """ISO 8601 text or seconds since 1970 as microseconds since 1970 (UTC)."""
    match value:
        case str() if value:
            return _iso_micros(value)
        case int() | float() if not isinstance(value, bool) and 0 <= value <= LAST_SECOND:
            return round(value * 1_000_000)
        case _:
            return None


def text(value: Any) -> str | None:
    """The text itself, or the JSON of a structured value."""
    if value is None or isinstance(value, str):
        return value
    return msgspec.json.encode(value, order="sorted").decode()


def joined(value: Any, keys: EventKeys) -> str | None:
    """A list of names with single spaces between."""
    if not isinstance(value, list | tuple):
        return name(value, keys)
    found = (name(each, keys) for each in value[:NAME_MAX])
    return name(" ".join(each for each in found if each), keys)


def network(value: Any, keys: EventKeys, depth: int = 0) -> str | None:
    """The first setting of network or internet access anywhere in `value`, as text."""
    if depth > NETWORK_DEPTH or not isinstance(value, dict):
        return None
    for key, inner in value.items():
        if NETWORK_KEY.search(key) and inner is not None:
            return name(inner if isinstance(inner, str) else text(inner), keys)
    found = (network(inner, keys, depth + 1) for inner in value.values())
    return next((each for each in found if each is not None), None)


def _iso_micros(value: str) -> int | None:
    try:
        return micros(instant(value))
    except ValueError:
        return None


def hour_micros(day: Any, hour: Any) -> int | None:
    """The start of an hour given as `YYYY-MM-DD` and 0-23 (cost records carry no timestamp)."""
    try:
        return micros(datetime.fromisoformat(f"{day}T{int(hour):02d}:00:00").replace(tzinfo=UTC))
    except (TypeError, ValueError):
        return None
