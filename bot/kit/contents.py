"""Content of log lines made fit to be shown: texts only, redacted, cut, each with the hash of its line."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from bot.compliance.originals import Original
from bot.kit.words import instant, plural
from bot.model.mending import mended
from bot.model.redaction import Redacted, Redactor

TEXT_FIELDS: Final = (
    "prompt_text",
    "response_text",
    "tool_input",
    "arguments",
    "url",
    "error_message",
    "result_preview",
)
LONGEST_TEXT: Final = 1_500
LONGEST_READ: Final = 10_000
"""Characters looked through: far more than are shown, so that a hostile text does not take minutes."""
MARGIN: Final = 5_000
"""Characters at the end of what is looked through that are not shown: a secret may be cut off there."""
GONE: Final = "no longer available from the source"


@dataclass(frozen=True, slots=True)
class Shown:
    """One line as it is shown; `sha256` is that of what is shown."""

    heading: str
    text: str
    withheld: tuple[tuple[str, int], ...]
    sha256: str


def shown(originals: Iterable[Original], redactor: Redactor) -> tuple[Shown, ...]:
    """Each original as it may be shown."""
    return tuple(_one(original, redactor) for original in originals)


def withheld_line(parts: Iterable[Shown]) -> str:
    """What was withheld by kind: `Withheld: 2 AWS Access Key, 1 E-mail address.`."""
    counted: Counter[str] = Counter()
    for part in parts:
        counted.update(dict(part.withheld))
    if not counted:
        return "Nothing had to be withheld."
    return f"Withheld: {', '.join(f'{count} {kind}' for kind, count in sorted(counted.items()))}."


def _one(original: Original, redactor: Redactor) -> Shown:
    line = original.line
    heading = f"{instant(line.at)} · {line.event_type or line.type} · {line.event_id}"
    if original.raw is None:
        return Shown(heading, GONE, (), "")
    redacted = _redacted(original.raw, redactor)
    found = tuple((each.kind, each.count) for each in redacted.withheld)
    return Shown(heading, redacted.text, found, hashlib.sha256(redacted.text.encode()).hexdigest())


def _redacted(raw: bytes, redactor: Redactor) -> Redacted:
    texts = tuple(_texts(raw))
    text = "\n".join(texts) if texts else "(no text)"
    redacted, unread = redactor.redact(text[:LONGEST_READ]), max(0, len(text) - LONGEST_READ)
    most = max(0, min(LONGEST_TEXT, len(redacted.text) - MARGIN)) if unread else LONGEST_TEXT
    if len(redacted.text) <= most:
        return redacted
    left = plural(len(redacted.text) - most + unread, "character")
    return Redacted(f"{redacted.text[:most]} … {left} more", redacted.withheld)


def _texts(raw: bytes) -> Iterator[str]:
    try:
        record: Any = msgspec.json.decode(mended(raw))
    except (ValueError, RecursionError):
        yield "(the line cannot be read as JSON)"
        return
    details = record.get("event_details") if isinstance(record, dict) else None
    if isinstance(details, dict):
        told = ((name, _text(details.get(name))) for name in TEXT_FIELDS)
        yield from (f"{name}: {text}" for name, text in told if text is not None)


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else msgspec.json.encode(value).decode()
