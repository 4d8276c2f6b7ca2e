"""Reading the query of a compliance request (contract.md e.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from multidict import MultiMapping

from bot.reference.faults import Faults
from bot.reference.logfiles import COSTS, TYPES
from bot.reference.records import microseconds
from bot.reference.replies import RefusedError

# Known to the contract, but nothing happens there in the demo workspace.
_EMPTY_TYPES = frozenset(
    [
        "CONVERSATION_MESSAGE",
        "CUSTOM_AGENTS_LOG",
        "CHATGPT_PLUGIN_SPREADSHEET",
        "APP_LOG",
        "APP_AUTH_LOG",
        "CODEX_TURN",
        "CHATGPT_USER_ANALYTICS",
        "CHATGPT_PROJECT_ANALYTICS",
        "CHATGPT_GPT_ANALYTICS",
        "CHATGPT_SURVEY_ANALYTICS",
    ]
)
_MOST_FILES = 100
_LIMIT_DIGITS = 9


@dataclass(frozen=True, slots=True)
class LogScope:
    """Which log types a route lists: those with files, and those in which nothing happens here."""

    told: frozenset[str]
    empty: frozenset[str]


WORKSPACE = LogScope(frozenset(TYPES), _EMPTY_TYPES)
ORGANIZATION = LogScope(frozenset([COSTS]), frozenset(["APP_LOG", "APP_AUTH_LOG"]))


@dataclass(frozen=True, slots=True)
class LogQuestion:
    """Which files: instants in microseconds since 1970, both bounds exclusive; ``after_text`` as sent."""

    kinds: frozenset[str]
    after: int
    after_text: str
    before: int | None
    limit: int


def read_log_question(query: MultiMapping[str], faults: Faults, scope: LogScope) -> LogQuestion:
    """Check the parameters of a listing; raises `RefusedError` 400, or 403 for a type out of scope."""
    kinds = read_kinds(query, faults, scope)
    after_text = query.get("after")
    if after_text is None:
        raise RefusedError(400, "Missing required parameter: 'after'.", "missing_parameter")
    before = query.get("before")
    limit = read_limit(query, _MOST_FILES, _MOST_FILES)
    return LogQuestion(
        kinds,
        _instant("after", after_text),
        after_text,
        None if before is None else _instant("before", before),
        limit,
    )


def read_kinds(query: MultiMapping[str], faults: Faults, scope: LogScope) -> frozenset[str]:
    """Read `event_type`, repeated or as a comma list."""
    kinds = frozenset(kind for text in query.getall("event_type", []) for kind in text.split(",") if kind)
    if not kinds:
        raise RefusedError(400, "Missing required parameter: 'event_type'.", "missing_parameter")
    for kind in sorted(kinds):
        _check_kind(kind, faults, scope)
    return kinds


def read_limit(query: MultiMapping[str], default: int, most: int | None) -> int:
    """Read `limit`, a whole number from 1 to ``most``."""
    text = query.get("limit")
    if text is None:
        return default
    value = int(text) if text.isascii() and text.isdigit() and len(text) <= _LIMIT_DIGITS else 0
    if value < 1 or (most is not None and value > most):
        bound = "at least 1" if most is None else f"from 1 to {most}"
        raise RefusedError(400, f"Invalid 'limit': must be {bound}.", "invalid_parameter")
    return value


def check_scope(kind: str, faults: Faults) -> None:
    """Refuse a log type that the key has no scope for."""
    if kind in faults.forbidden_types:
        scope = f"chatgpt.enterprise.compliance_logs_platform.{kind.lower()}.read"
        raise RefusedError(403, f"The API key lacks the scope {scope}.", "missing_scope")


def _check_kind(kind: str, faults: Faults, scope: LogScope) -> None:
    elsewhere = ORGANIZATION if scope is WORKSPACE else WORKSPACE
    named = "organizations" if scope is WORKSPACE else "workspaces"
    if kind in scope.told | scope.empty:
        check_scope(kind, faults)
        return
    if kind in elsewhere.told | elsewhere.empty:
        raise RefusedError(400, f"{kind} is only available for {named}.", "invalid_event_type")
    raise RefusedError(400, f"Unknown event_type: {kind!r}.", "invalid_event_type")


def _instant(name: str, text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise RefusedError(400, f"Invalid '{name}': must be ISO 8601 with a time zone.", "invalid_parameter")
    return microseconds(moment)
