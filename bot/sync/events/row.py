"""One event as the lake keeps it: metadata only."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICRO: Final = timedelta(microseconds=1)


class TimeSource(StrEnum):
    """Where an event's time comes from; a file's time is the latest it can have happened."""

    EVENT = "event"
    PAYLOAD = "payload"
    FILE = "file"


class Event(Struct, frozen=True, kw_only=True):
    """A row of dataset `events`; the columns are those of the lake's schema, None is "not said".

    Times are microseconds since 1970 (UTC), lengths are characters, hashes as in `EventKeys`.
    `input_tokens` includes cached ones. `line` counts from 1 in the source file `file_id`;
    `line_sha256` is of the original line without its line break.
    """

    event_id: str
    type: str
    event_type: str | None = None
    timestamp: int
    timestamp_from: str = TimeSource.EVENT
    actor_type: str | None = None
    user_id: str | None = None
    actor_id: str | None = None
    credential_id: str | None = None
    client_id: str | None = None
    agent: str | None = None
    session_id: str | None = None
    turn_id: str | None = None
    call_id: str | None = None
    model: str | None = None
    service_tier: str | None = None
    reasoning_effort: str | None = None
    status: str | None = None
    error_code: str | None = None
    input_tokens: int | None = None
    cached_input_tokens: int | None = None
    output_tokens: int | None = None
    reasoning_output_tokens: int | None = None
    tool_name: str | None = None
    tool_type: str | None = None
    tool_length: int | None = None
    tool_hash: str | None = None
    prompt_length: int | None = None
    prompt_hash: str | None = None
    response_length: int | None = None
    response_hash: str | None = None
    decision: str | None = None
    environment_id: str | None = None
    token_id: str | None = None
    token_name: str | None = None
    created_by_user_id: str | None = None
    expires_at: int | None = None
    scopes: str | None = None
    action: str | None = None
    action_privilege: str | None = None
    network_before: str | None = None
    network_after: str | None = None
    plugin_id: str | None = None
    plugin_name: str | None = None
    finding_id: str | None = None
    scan_id: str | None = None
    pr_url: str | None = None
    client_ip_hash: str | None = None
    detail: str | None = None
    file_id: str
    line: int
    line_sha256: str

    @property
    def day(self) -> date:
        """The UTC day the event belongs to."""
        return (EPOCH + self.timestamp * MICRO).date()


def micros(moment: datetime) -> int:
    """Microseconds since 1970 of an aware instant, exact."""
    return (moment - EPOCH) // MICRO
