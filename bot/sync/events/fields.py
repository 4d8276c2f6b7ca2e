"""From a record of the export to a row of the lake (contract: envelope, sub-types, audit actions)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.compliance.api.records import Record
from bot.sync.events.keys import EventKeys
from bot.sync.events.leftover import leftover
from bot.sync.events.row import Event, TimeSource
from bot.sync.events.values import count, hour_micros, joined, name, network, text, time_micros

NAMES: Final = {
    "session_id": "session_id",
    "thread_id": "session_id",
    "turn_id": "turn_id",
    "call_id": "call_id",
    "model": "model",
    "service_tier": "service_tier",
    "reasoning_effort": "reasoning_effort",
    "status": "status",
    "error_code": "error_code",
    "tool_name": "tool_name",
    "tool_type": "tool_type",
    "decision": "decision",
    "environment_id": "environment_id",
    "access_token_id": "token_id",
    "credential_id": "token_id",
    "access_token_name": "token_name",
    "credential_name": "token_name",
    "created_by_user_id": "created_by_user_id",
    "owner_user_id": "created_by_user_id",
    "plugin_id": "plugin_id",
    "plugin_name": "plugin_name",
    "finding_id": "finding_id",
    "scan_configuration_id": "scan_id",
    "pr_url": "pr_url",
}
"""Field of the details to column."""
TEXTS: Final = {
    "prompt_text": "prompt",
    "response_text": "response",
    "tool_input": "tool",
    "arguments": "tool",
}
"""Field that holds content to the stem of its length and hash columns."""
APP: Final = "APP_MCP_"
"""How sub-types about tools of apps begin."""
COUNTS: Final = ("input_tokens", "cached_input_tokens", "output_tokens", "reasoning_output_tokens")
READ: Final = frozenset(
    {
        *NAMES,
        *TEXTS,
        "detail_type",
        "token_usage",
        "expires_at",
        "scopes",
        "action",
        "action_data",
        "workspace_id",
    }
)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a record stood, and what its file says when the record does not."""

    file_id: str
    event_type: str
    ended_at: int
    line: int
    sha256: str


def event_of(record: Record, source: Source, keys: EventKeys) -> Event:
    """The row of a record. Content becomes length and hash; the actor's e-mail is dropped."""
    details = record.details
    timestamp, timestamp_from = _time(record, source)
    return Event(
        event_id=record.event_id or f"line:{source.sha256}",
        type=name(record.type, keys) or source.event_type,
        timestamp=timestamp,
        timestamp_from=timestamp_from,
        file_id=source.file_id,
        line=source.line,
        line_sha256=source.sha256,
        **_envelope(record, details, keys),
        **_named(record, details, keys),
        **_tokens(details.get("token_usage")),
        **_texts(details, keys),
        **_settings(details, keys),
        expires_at=time_micros(details.get("expires_at")),
        scopes=joined(details.get("scopes"), keys),
        detail=leftover({key: each for key, each in details.items() if key not in READ}, keys),
    )


def _time(record: Record, source: Source) -> tuple[int, TimeSource]:
    told = time_micros(record.timestamp)
    if told is not None:
        return told, TimeSource.EVENT
    hour = hour_micros(record.details.get("day"), record.details.get("hour"))
    return (source.ended_at, TimeSource.FILE) if hour is None else (hour, TimeSource.PAYLOAD)


def _envelope(record: Record, details: dict[str, Any], keys: EventKeys) -> dict[str, Any]:
    told = {
        "event_type": record.event_type or details.get("detail_type"),
        "client_id": record.client_id or details.get("product_client_id"),
        "action": record.action or (record.event_details or record.payload or {}).get("action"),
        "action_privilege": record.action_privilege,
    }
    return {column: name(value, keys) for column, value in told.items()} | _actor(record, keys)


def _actor(record: Record, keys: EventKeys) -> dict[str, Any]:
    actor, agent = record.actor, record.agent
    address = (record.request_metadata or {}).get("client_ip")
    told: dict[str, Any] = {"client_ip_hash": keys.ip_hash(address) if isinstance(address, str) else None}
    if agent is not None:
        told["agent"] = name(agent.name or agent.id or agent.type, keys)
    if actor is not None:
        told["actor_type"] = name(actor.type, keys)
        told["user_id"] = name(actor.user_id, keys)
        told["actor_id"] = name(actor.other_id, keys)
        told["credential_id"] = name(actor.credential_id, keys)
    return told


def _named(record: Record, details: dict[str, Any], keys: EventKeys) -> dict[str, Any]:
    told: dict[str, Any] = {"status": name(record.action_result, keys)}
    for field, column in NAMES.items():
        if field in details and told.get(column) is None:
            told[column] = name(details[field], keys)
    if told.get("tool_name") is None and _is_of_app(record, details):
        told["tool_name"] = name(details.get("name"), keys)
    return told


def _is_of_app(record: Record, details: dict[str, Any]) -> bool:
    """True for a call to an app, its result and its questions: their `name` is the tool's."""
    sub_type = record.event_type or details.get("detail_type")
    return isinstance(sub_type, str) and sub_type.startswith(APP)


def _texts(details: dict[str, Any], keys: EventKeys) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for field, stem in TEXTS.items():
        content = text(details.get(field))
        if content is not None:
            told[f"{stem}_length"] = len(content)
            told[f"{stem}_hash"] = keys.text_hash(content)
    return told


def _tokens(usage: Any) -> dict[str, Any]:
    """Counts of a response. Turn records tell uncached input apart: both together are the input."""
    if not isinstance(usage, Mapping):
        return {}
    told = {column: count(usage.get(column)) for column in COUNTS}
    uncached, cached = count(usage.get("uncached_input_tokens")), told["cached_input_tokens"]
    if told["input_tokens"] is None and uncached is not None and cached is not None:
        told["input_tokens"] = uncached + cached
    return told


def _settings(details: dict[str, Any], keys: EventKeys) -> dict[str, Any]:
    after = network(details.get("current_settings"), keys) or network(details.get("environment_fields"), keys)
    return {"network_before": network(details.get("previous_settings"), keys), "network_after": after}
