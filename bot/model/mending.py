"""JSON that lenient writers send and strict readers refuse."""

from __future__ import annotations

import json


def mended(raw: bytes) -> bytes:
    """The same JSON for a strict reader: half characters are `?`, NaN and Infinity null, no byte order mark.

    Raises ValueError for what is no JSON, RecursionError for what is nested too deeply.
    """
    value = json.loads(raw, parse_constant=lambda _name: None)
    return json.dumps(value, ensure_ascii=False).encode(errors="replace")
