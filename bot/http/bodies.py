"""What an error body says, for the log only: no key, no e-mail address, no control characters, short."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from pydantic import SecretStr

DETAIL_MAX: Final = 200
READ_MAX: Final = 1000
PRIVATE: Final = re.compile(r"\bsk-[\w*.-]+|\bBearer\s+\S+|[^\s\"'<>]{1,256}@[^\s\"'<>]+", re.IGNORECASE)
PLACES: Final = {"query", "path", "body", "header"}


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """A cleaned text, and the request parameters the API named."""

    text: str = ""
    fields: tuple[str, ...] = ()


def read_error_body(body: bytes, key: SecretStr) -> ErrorBody:
    """Read `error.message`, `error`, `detail`, `message` or the text itself, in this order."""
    answer = _json(body)
    fields = _fields(answer.get("detail"))
    text = _said(answer) or ", ".join(fields) or body.decode(errors="replace")
    return ErrorBody(clean(text, key), tuple(clean(field, key) for field in fields))


def clean(text: str, key: SecretStr) -> str:
    """Drop what must not reach a log, then cut."""
    secret = key.get_secret_value()
    if secret:
        text = text.replace(secret, "[key]")
    plain = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in text[:READ_MAX])
    return " ".join(PRIVATE.sub("[hidden]", plain).split())[:DETAIL_MAX]


def _json(body: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (ValueError, RecursionError):
        return {}


def _said(answer: dict[str, Any]) -> str:
    error = answer.get("error")
    nested = error.get("message") if isinstance(error, dict) else None
    said = (nested, error, answer.get("detail"), answer.get("message"))
    return next((words for words in said if isinstance(words, str) and words), "")


def _fields(detail: object) -> tuple[str, ...]:
    """Name the parameters of a FastAPI validation error; their values and messages stay out."""
    items = detail if isinstance(detail, list) else []
    places = [item["loc"] for item in items if isinstance(item, dict) and isinstance(item.get("loc"), list)]
    return tuple(".".join(str(part) for part in place if part not in PLACES) for place in places)
