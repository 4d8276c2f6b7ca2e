"""Counts for analysts: tools and skills, agents, what failed or was stopped; and pulls of the log itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec

from bot.metrics.events.activity import EPOCH, Row, at
from bot.metrics.events.lanes import ENDED, TOOL_CALLS, is_denied, is_error

if TYPE_CHECKING:
    import ibis

PULL_ACTIONS: Final = ("LIST_WORKSPACE_LOG_FILES", "DOWNLOAD_WORKSPACE_LOG_FILE")
SKILL: Final = "skill"
RATE_LIMITED: Final = ("rate_limit", "rate-limit", "ratelimit", "too_many_requests", "429")


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool or skill. `calls` ended well or not, `failed` of them not; `people` are distinct users."""

    name: str | None
    kind: str | None
    calls: int
    failed: int
    suggested: int
    denied: int
    people: int


@dataclass(frozen=True, slots=True)
class ToolsResult:
    """Most calls first. `skills` is None when no record calls itself one: the export has no field for it."""

    tools: tuple[Tool, ...]
    skills: tuple[Tool, ...] | None


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent by name, or (`name` None) what ran through `client_id` with an access token."""

    name: str | None
    client_id: str | None
    events: int
    prompts: int
    people: int
    credentials: int


@dataclass(frozen=True, slots=True)
class AgentsResult:
    """`named` is None when no record names an agent; `by_token` is work done with access tokens."""

    named: tuple[Agent, ...] | None
    by_token: tuple[Agent, ...]


@dataclass(frozen=True, slots=True)
class Blocked:
    """One cause on one UTC day. `what` is an error code, a decision or, failing both, a status."""

    day: date
    what: str
    tool: str | None
    is_rate_limit: bool
    is_denied: bool
    count: int
    people: int


@dataclass(frozen=True, slots=True)
class Pull:
    """Somebody listed or downloaded log files; `actor_id` is a shortened key."""

    at: datetime
    action: str
    actor_id: str | None
    user_id: str | None
    client_ip_hash: str | None
    file_id: str | None


def tool_rows(table: ibis.Table) -> ibis.Expr:
    """One row per tool name and type."""
    rows: Any = table.filter(table.tool_name.notnull() | table.tool_type.notnull())
    sub_type = rows.event_type
    grouped = rows.group_by(["tool_name", "tool_type"]).aggregate(
        calls=rows.count(where=sub_type.isin(TOOL_CALLS)),
        failed=rows.count(where=sub_type.isin(ENDED) & is_error(rows)),
        suggested=rows.count(where=sub_type == "TOOL_CALL_SUGGESTED"),
        denied=rows.count(where=is_denied(rows)),
        people=rows.user_id.nunique(),
    )
    return grouped.order_by([grouped.calls.desc(), grouped.tool_name, grouped.tool_type])


def tools(rows: list[Row]) -> ToolsResult:
    """Tools and, apart, skills."""
    found = tuple(Tool(row["tool_name"], row["tool_type"], *_ints(row)) for row in rows)
    skills = tuple(tool for tool in found if (tool.kind or "").lower() == SKILL)
    return ToolsResult(tuple(tool for tool in found if tool not in skills), skills or None)


def agent_rows(table: ibis.Table) -> ibis.Expr:
    """One row per named agent and client, and per client for work by token that names none."""
    rows: Any = table.filter(table.agent.notnull() | table.credential_id.notnull())
    grouped = rows.group_by(["agent", "client_id"]).aggregate(
        events=rows.count(),
        prompts=rows.count(where=rows.event_type == "PROMPT_SENT"),
        people=rows.user_id.nunique(),
        credentials=rows.credential_id.nunique(),
    )
    return grouped.order_by([grouped.events.desc(), grouped.agent, grouped.client_id])


def agents(rows: list[Row]) -> AgentsResult:
    """Agents by name, and work by token without one."""
    found = [
        Agent(r["agent"], r["client_id"], r["events"], r["prompts"], r["people"], r["credentials"])
        for r in rows
    ]
    named = tuple(agent for agent in found if agent.name is not None)
    return AgentsResult(named or None, tuple(agent for agent in found if agent.name is None))


def blocked_rows(table: ibis.Table) -> ibis.Expr:
    """One row per day, cause and tool."""
    rows: Any = table.filter(is_error(table))
    rows = rows.mutate(denied=is_denied(rows))
    rows = rows.mutate(
        what=rows.denied.ifelse(rows.decision, rows.error_code.coalesce(rows.status, "failed"))
    )
    grouped = rows.group_by(["day", "what", "tool_name", "denied"]).aggregate(
        count=rows.count(), people=rows.user_id.nunique()
    )
    return grouped.order_by(["day", grouped["count"].desc(), "what", "tool_name"])


def blocked(rows: list[Row]) -> tuple[Blocked, ...]:
    """Causes by day, the most frequent first."""
    return tuple(
        Blocked(
            row["day"],
            row["what"],
            row["tool_name"],
            any(word in row["what"].lower() for word in RATE_LIMITED),
            row["denied"],
            row["count"],
            row["people"],
        )
        for row in rows
    )


def pull_rows(table: ibis.Table) -> ibis.Expr:
    """Calls to the log routes, oldest first."""
    rows: Any = table.filter(table.action.isin(PULL_ACTIONS))
    return rows.select("timestamp", "action", "actor_id", "user_id", "client_ip_hash", "detail").order_by(
        ["timestamp", "action"]
    )


def pulls(rows: list[Row]) -> tuple[Pull, ...]:
    """Who took log files, and which."""
    return tuple(
        Pull(
            at(row["timestamp"]) or EPOCH,
            row["action"],
            row["actor_id"],
            row["user_id"],
            row["client_ip_hash"],
            _file_id(row["detail"]),
        )
        for row in rows
    )


def _ints(row: Row) -> tuple[int, int, int, int, int]:
    return row["calls"], row["failed"], row["suggested"], row["denied"], row["people"]


def _file_id(detail: str | None) -> str | None:
    told = msgspec.json.decode(detail) if detail else {}
    found = told.get("log_file_id") or told.get("file_id")
    return found if isinstance(found, str) else None
