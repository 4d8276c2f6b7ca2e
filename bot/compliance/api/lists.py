"""Decodes list answers row by row, so that one bad row does not cost its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from bot.compliance.api.wire import CodexEnvironment, LogFile, RawList
from bot.model.errors import BadAnswer
from bot.model.mending import mended, whole

Row = TypeVar("Row", bound=msgspec.Struct)
DECODE_ERRORS = (ValueError, RecursionError)
"""What msgspec and json raise: their own errors and UnicodeDecodeError are ValueErrors."""


@dataclass(frozen=True, slots=True)
class LogFilePage:
    """One page of log files, oldest first. `after` is what continues behind it, verbatim.

    `rejected_count` counts entries that are no log file by the contract; they are left out.
    """

    files: tuple[LogFile, ...]
    after: str
    has_more: bool
    rejected_count: int = 0


def decode_list(body: bytes, route: str) -> RawList:
    """The envelope of a list answer. Raises BadAnswer."""
    return decode(body, RawList, route)


def decode(body: bytes, kind: type[Row], route: str) -> Row:
    """A whole answer as `kind`. Raises BadAnswer."""
    try:
        return _decoded(body, kind)
    except DECODE_ERRORS as error:
        raise BadAnswer(detail=f"{route}: {type(error).__name__}") from error


def _decoded(body: bytes, kind: type[Row]) -> Row:
    decoder = msgspec.json.Decoder(kind, float_hook=whole)
    try:
        return decoder.decode(body)
    except msgspec.ValidationError:
        raise
    except ValueError:
        return decoder.decode(mended(body))


def rows(raw: RawList, kind: type[Row]) -> tuple[tuple[Row, ...], int]:
    """The readable rows of a page and the count of the others."""
    read = tuple(row for value in raw.data if (row := _row(value, kind)) is not None)
    return read, len(raw.data) - len(read)


def environments(raw: RawList) -> tuple[CodexEnvironment, ...]:
    """The readable environments with the names of their variables; the values are dropped here."""
    read = (_environment(value) for value in raw.data if isinstance(value, dict))
    return tuple(environment for environment in read if environment is not None)


def _environment(value: dict[str, Any]) -> CodexEnvironment | None:
    variables = value.get("env_vars")
    names = tuple(sorted(map(str, variables))) if isinstance(variables, dict) else ()
    kept = {key: each for key, each in value.items() if key not in {"env_vars", "secrets", "env_var_names"}}
    return _row(kept | {"env_var_names": names}, CodexEnvironment)


def _row(value: Any, kind: type[Row]) -> Row | None:
    try:
        return msgspec.convert(value, kind)
    except (msgspec.ValidationError, RecursionError):
        return None
