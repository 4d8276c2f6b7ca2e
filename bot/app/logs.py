"""Log events as JSON lines on stderr, without personal data, typed text or secrets.

Events are written so by rule. What the rule cannot reach is cut here: an exception is told by type and place,
never by its message or its variables; libraries are told by their sentence without its values; and what looks
like an e-mail address or a credential is masked wherever it stands.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from types import TracebackType
from typing import Any, Final

import structlog

_MASK: Final = "***"
_SECRET: Final = re.compile(
    r"[\w.+-]+@[\w-]+(\.[\w-]+)+"  # an e-mail address
    r"|\b(xox[a-z]|xapp|sk|ghp|github_pat|AKIA)[-_][\w-]{6,}"  # tokens by their prefix
    r"|(?i:bearer)\s+\S+"
    r"|://[^/\s@]+@"  # a password inside a URL
    r"|\beyJ[\w-]+\.[\w-]+\.[\w-]*"  # a signed token
)
_VALUES: Final = re.compile(r"[:({\[<'\"\n]")
"""Where the values begin in the sentence of a library that formats it itself."""
_LONGEST: Final = 300
_FRAMES: Final = 12
_LONGEST_CHAIN: Final = 5
Event = MutableMapping[str, Any]


def log_events(level: int = logging.INFO) -> None:
    """Every event from `level` up, one JSON object a line; libraries and crashes too."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            failures_by_place,
            masked,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(handlers=[Libraries()], level=max(level, logging.WARNING), force=True)
    logging.captureWarnings(capture=True)
    sys.excepthook = log_crash


def log_warnings() -> None:
    """Only what a person at a terminal should see."""
    log_events(logging.ERROR)


def failures_by_place(_logger: object, _name: str, event: Event) -> Event:
    """The exception of an event as types and places, outermost first."""
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()[1]
    if isinstance(found, tuple):
        found = found[1]
    if isinstance(found, BaseException):
        event["exception"] = [_told(error) for error in _chain(found)]
    return event


def masked(_logger: object, _name: str, event: Event) -> Event:
    """Values that look like an address or a credential are hidden, long ones cut."""
    return {key: _masked(value) for key, value in event.items()}


class Libraries(logging.Handler):
    """Says that a library had something to say: its sentence without the values."""

    def emit(self, record: logging.LogRecord) -> None:
        """One event: the sentence up to its first value."""
        sentence = _VALUES.split(str(record.msg), maxsplit=1)[0].strip()
        log = structlog.get_logger("library")
        log.log(record.levelno, "library", of=record.name, said=sentence, exc_info=record.exc_info)


def log_crash(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None = None) -> None:
    """What Python would print with every message in it."""
    structlog.get_logger("crash").critical("crash", exc_info=error)


def _chain(error: BaseException) -> Iterator[BaseException]:
    for _ in range(_LONGEST_CHAIN):
        yield error
        if isinstance(error, BaseExceptionGroup):
            yield from error.exceptions
        following = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if following is None:
            return
        error = following


def _told(error: BaseException) -> dict[str, object]:
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    kind = type(error)
    return {
        "type": f"{kind.__module__}.{kind.__qualname__}",
        "at": [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames],
    }


def _short(path: str) -> str:
    return "/".join(path.replace("\\", "/").split("/")[-3:])


def _masked(value: object) -> object:
    match value:
        case str():
            hidden = _SECRET.sub(_MASK, value)
            return hidden if len(hidden) <= _LONGEST else hidden[:_LONGEST] + "…"
        case dict():
            return {key: _masked(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_masked(inner) for inner in value]
        case _:
            return value
