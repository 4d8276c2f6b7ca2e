"""JSON that lenient writers send and strict readers refuse."""

from __future__ import annotations

import json


def mended(raw: bytes) -> bytes:
    """The same JSON for a strict reader: half characters are `?`, NaN and Infinity null, no byte order mark.

    Raises ValueError for what is no JSON, RecursionError for what is nested too deeply.
    """
    value = json.loads(raw, parse_constant=lambda _name: None)
    return json.dumps(value, ensure_ascii=False).encode(errors="replace")


def whole(text: str) -> float:
    """A number of JSON; one written as `6.0` or `1e6` is an integer, as JSON Schema has it."""
    value = float(text)
    return int(value) if value.is_integer() else value
