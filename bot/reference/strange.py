"""Lines and line ends that a reader of log files has to bear."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.reference.faults import Faults

_PROMPT_CHARACTERS = 1_000_000
_DEPTH = 5_000
# One window in so many carries the strange line.
_EVERY = {"invalid_utf8": 6, "deep_json": 12, "huge_prompt": 36}
_NO_FINAL_NEWLINE_EVERY = 11
_CARRIAGE_RETURN_EVERY = 17


def lines(kind: str, window: int, faults: Faults) -> Iterator[bytes]:
    """Yield the strange lines asked for, in some `CODEX_LOG` files."""
    for name, every in _EVERY.items():
        if kind == "CODEX_LOG" and getattr(faults, name) and window % every == 0:
            yield _line(name, window)


def joined(parts: Sequence[bytes], window: int) -> bytes:
    """Join lines; some files lack the final newline, some have a blank line and carriage returns."""
    if window % _CARRIAGE_RETURN_EVERY == 0:
        return b"\r\n".join((*parts, b"", b""))
    return b"\n".join(parts if window % _NO_FINAL_NEWLINE_EVERY == 0 else (*parts, b""))


def _line(name: str, window: int) -> bytes:
    head = b'{"event_id":"strange-%s-%d","type":"CODEX_LOG","event_type":"PROMPT_SENT",' % (
        name.encode(),
        window,
    )
    match name:
        case "invalid_utf8":
            return head + b'"event_details":{"prompt_text":"caf\xe9 \xff\xfe"}}'
        case "deep_json":
            return head + b'"event_details":' + b'{"a":' * _DEPTH + b"1" + b"}" * _DEPTH + b"}"
        case _:
            return head + b'"event_details":{"prompt_text":"' + b"x" * _PROMPT_CHARACTERS + b'"}}'
