"""Datasets of the lake and their explicit Arrow schemas.

Every column is always present. Integers are signed 64-bit. `credits`, `cost_usd` and
`estimated_cost_usd` are micro-units (value * 1,000,000, rounded half to even), so that sums are exact.
The day stands only in the path. Null means the API did not say; it is never 0.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final

import pyarrow as pa


class Dataset(StrEnum):
    """A folder of the lake."""

    USAGE = "usage"
    WORKSPACE_USAGE = "workspace_usage"
    CODE_REVIEWS = "code_reviews"
    CODE_REVIEW_RESPONSES = "code_review_responses"
    PEOPLE = "people"
    EVENTS = "events"


class PartKind(StrEnum):
    """What a usage row stands for. Clients and models repeat what the total holds: never add two kinds."""

    TOTAL = "total"
    CLIENT = "client"
    MODEL = "model"


DAY_DATASETS: Final = (
    Dataset.USAGE,
    Dataset.WORKSPACE_USAGE,
    Dataset.CODE_REVIEWS,
    Dataset.CODE_REVIEW_RESPONSES,
)

COUNT_COLUMNS: Final = ("threads", "turns")
MICRO_COLUMNS: Final = ("credits", "cost_usd", "estimated_cost_usd")
TOKEN_COLUMNS: Final = ("uncached_input_tokens", "cached_input_tokens", "output_tokens", "total_tokens")
MEASURE_COLUMNS: Final = (*COUNT_COLUMNS, *MICRO_COLUMNS, *TOKEN_COLUMNS)
# Kept because the API forgets them; used in no answer (metrics.md, last paragraph).
CODE_COLUMNS: Final = (
    "lines_added",
    "lines_removed",
    "lines_committed",
    "total_committed_lines",
    "commits_with_codex",
    "total_commits",
)
REVIEW_COLUMNS: Final = ("pull_request_reviews", "comments", "p0", "p1", "p2")
RESPONSE_COLUMNS: Final = (
    "pull_request_reviews",
    "comments",
    "replies",
    "reactions",
    "upvotes",
    "downvotes",
    "other",
    "engaged",
    "reacted",
    "replied",
    "upvoted",
    "downvoted",
    "reacted_other",
)


def _schema(texts: tuple[str, ...], integers: tuple[str, ...]) -> pa.Schema:
    columns: list[pa.Field[Any]] = [pa.field(name, pa.string()) for name in texts]
    columns += [pa.field(name, pa.int64()) for name in integers]
    return pa.schema(columns)


# Text of prompts, responses and tools is not among them: only its length (characters) and keyed hash.
EVENT_TEXTS: Final = (
    "event_id",
    "type",
    "event_type",
    "timestamp_from",
    "actor_type",
    "user_id",
    "actor_id",
    "credential_id",
    "client_id",
    "agent",
    "session_id",
    "turn_id",
    "call_id",
    "model",
    "service_tier",
    "reasoning_effort",
    "status",
    "error_code",
    "tool_name",
    "tool_type",
    "tool_hash",
    "prompt_hash",
    "response_hash",
    "decision",
    "environment_id",
    "token_id",
    "token_name",
    "created_by_user_id",
    "scopes",
    "action",
    "action_privilege",
    "network_before",
    "network_after",
    "plugin_id",
    "plugin_name",
    "finding_id",
    "scan_id",
    "pr_url",
    "client_ip_hash",
    "detail",
    "file_id",
    "line_sha256",
)
EVENT_INTEGERS: Final = (
    "timestamp",
    "input_tokens",
    "cached_input_tokens",
    "output_tokens",
    "reasoning_output_tokens",
    "tool_length",
    "prompt_length",
    "response_length",
    "expires_at",
    "line",
)

_USAGE = _schema(("user_id", "part_kind", "part", "speed"), (*MEASURE_COLUMNS, *CODE_COLUMNS))

_PEOPLE: list[pa.Field[Any]] = [pa.field("user_id", pa.string()), pa.field("email", pa.string())]
_PEOPLE += [pa.field("first_seen_day", pa.date32()), pa.field("last_seen_day", pa.date32())]

SCHEMAS: Final[dict[Dataset, pa.Schema]] = {
    Dataset.USAGE: _USAGE,
    Dataset.WORKSPACE_USAGE: _USAGE,
    Dataset.CODE_REVIEWS: _schema((), REVIEW_COLUMNS),
    Dataset.CODE_REVIEW_RESPONSES: _schema((), RESPONSE_COLUMNS),
    Dataset.PEOPLE: pa.schema(_PEOPLE),
    # Sorted by user_id (nulls last) and timestamp; both times are microseconds since 1970 (UTC).
    Dataset.EVENTS: _schema(EVENT_TEXTS, EVENT_INTEGERS),
}
