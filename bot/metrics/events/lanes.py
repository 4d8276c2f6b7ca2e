"""Which kind of act an event is, and when it counts as an error (contract: sub-types of the logs)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import ibis


class Lane(StrEnum):
    """A row of the timeline. Every event has exactly one."""

    PROMPTS = "prompts"
    RESPONSES = "responses"
    TOOLS = "tools"
    TOKENS = "tokens"
    CHANGES = "changes"
    SECURITY = "security"
    AUDIT = "audit"
    OTHER = "other"


TOOL_CALLS: Final = ("TOOL_CALL_COMPLETED", "TOOL_CALL_FAILED", "APP_MCP_CALL")
"""A call is counted when it ended; a suggestion alone is no call, and a result belongs to its call."""
TOOL_EVENTS: Final = (
    *TOOL_CALLS,
    "TOOL_CALL_SUGGESTED",
    "TOOL_DECISION",
    "APP_MCP_RESULT",
    "APP_MCP_ELICITATION",
)
TOKEN_EVENTS: Final = ("ACCESS_TOKEN_CREATED", "ACCESS_TOKEN_REVOKED")
TOKEN_ACTIONS: Final = ("PERSONAL_ACCESS_TOKEN_CREATE", "PERSONAL_ACCESS_TOKEN_REVOKE")
CREATED: Final = (TOKEN_EVENTS[0], TOKEN_ACTIONS[0])
REVOKED: Final = (TOKEN_EVENTS[1], TOKEN_ACTIONS[1])
CHANGES: Final = ("ENVIRONMENT_", "WORKSPACE_", "PLUGIN_", "SITE_")
ENDED: Final = ("TOOL_CALL_COMPLETED", "TOOL_CALL_FAILED", "APP_MCP_RESULT")
"""How a call came out; a call to an app tells that in its result."""
ERROR_STATUSES: Final = ("error", "failed", "failure", "rate_limited", "timed_out", "aborted", "incomplete")
BY_SUB_TYPE: Final = {
    "PROMPT_SENT": Lane.PROMPTS,
    "PROMPT_RESPONSE_RECEIVED": Lane.RESPONSES,
    **dict.fromkeys(TOOL_EVENTS, Lane.TOOLS),
    **dict.fromkeys(TOKEN_EVENTS, Lane.TOKENS),
}
BY_TYPE: Final = {"CODEX_SECURITY_LOG": Lane.SECURITY, "AUDIT_LOG": Lane.AUDIT}
BLOCKED: Final = "blocked"
DENIED: Final = ("denied", "timed_out", "abort")
"""Decisions that stop a tool; `denied_with_network_policy_deny` begins with the first."""


def lane(log_type: str, event_type: str | None, action: str | None) -> Lane:
    """The lane of an event."""
    sub_type = event_type or ""
    if sub_type in BY_SUB_TYPE:
        return BY_SUB_TYPE[sub_type]
    if action in TOKEN_ACTIONS:
        return Lane.TOKENS
    if sub_type.startswith(CHANGES):
        return Lane.CHANGES
    return BY_TYPE.get(log_type, Lane.OTHER)


def is_denied(rows: ibis.Table) -> Any:
    """True for a decision that stopped a tool."""
    decision = rows.decision.fill_null("")
    return decision.startswith(DENIED[0]) | decision.isin(DENIED)


def has_failed(rows: ibis.Table) -> Any:
    """True for a status that means that nothing came of it."""
    return rows.status.fill_null("").lower().isin((*ERROR_STATUSES, BLOCKED))


def is_error(rows: ibis.Table) -> Any:
    """True for a failure of Codex or a tool, and a stopped tool; no action of an administrator."""
    failed = (rows.event_type.fill_null("") == "TOOL_CALL_FAILED") | (
        has_failed(rows) & (rows.type != "AUDIT_LOG")
    )
    return failed | rows.error_code.notnull() | is_denied(rows)
