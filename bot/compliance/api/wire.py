"""Rows of the Compliance API, as they stand on the wire.

Fields that may be null, absent or newer than a deployment are None. Unknown fields are ignored.
Values of environment variables have no field here at all: they are secrets and stop at the wire.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from msgspec import Meta, Struct, field

INT64_MAX = 2**63 - 1

Count = Annotated[int, Meta(ge=0, le=INT64_MAX)]
UnixTime = Annotated[float, Meta(ge=0, le=253_402_300_799)]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-fA-F]{64}$")]


class EventType(StrEnum):
    """The log categories read by default. The API knows more and may add some: any string is accepted."""

    CODEX_LOG = "CODEX_LOG"
    CODEX_SECURITY_LOG = "CODEX_SECURITY_LOG"
    AUDIT_LOG = "AUDIT_LOG"


DEFAULT_TYPES: tuple[str, ...] = tuple(EventType)


class LogFile(Struct, frozen=True, kw_only=True):
    """One immutable log file. `end_time` is the verbatim string; `file_name` is for people, never a path.

    Raises ValueError when `end_time` cannot be read; decoders turn that into a validation error.
    """

    id: Annotated[str, Meta(min_length=1, max_length=512)]
    event_type: str
    end_time: str
    file_name: str = ""
    file_size: Count
    file_sha256: Sha256

    def __post_init__(self) -> None:
        instant(self.end_time)

    @property
    def ended_at(self) -> datetime:
        """When the file was written, UTC. Events inside are not later."""
        return instant(self.end_time)


class UserRow(Struct, frozen=True, kw_only=True):
    """A person of the workspace, inactive ones included."""

    id: str
    email: str | None = None
    name: str | None = None
    display_name: str | None = None
    created_at: UnixTime | None = None
    role: str | None = None
    status: str | None = None


class CodexTask(Struct, frozen=True, kw_only=True):
    """A cloud task. Times are Unix seconds with a fraction. No field links it to a session."""

    id: str
    created_at: UnixTime | None = None
    updated_at: UnixTime | None = None
    created_by_id: str | None = None
    title: str | None = None
    denormalized_metadata: dict[str, Any] | None = None


class RepoSource(Struct, frozen=True, kw_only=True):
    """Where a repository of an environment comes from."""

    url: str | None = None
    branch: str | None = None
    commit: str | None = None


class CodexEnvironment(Struct, frozen=True, kw_only=True):
    """A cloud environment. Of its variables only the names are kept."""

    id: str
    created_at: UnixTime | None = None
    machine_id: str | None = None
    label: str | None = None
    description: str | None = None
    workspace_dir: str | None = None
    is_pinned: bool | None = None
    repos: tuple[str, ...] | None = None
    setup: str | tuple[str, ...] | None = None
    repo_map: dict[str, RepoSource] | None = None
    task_count: Count | None = None
    creator_id: str | None = None
    share_settings: str | None = None
    env_var_names: tuple[str, ...] = ()


class RawList(Struct, frozen=True, kw_only=True):
    """Envelope of every list; which of the cursors is set depends on the route."""

    data: list[Any]
    has_more: bool = False
    cursor: str | None = None
    last_id: str | None = None
    last_end_time: str | None = None


class MaxEventTimes(Struct, frozen=True, kw_only=True):
    """Newest exported event by category; null where a category has none."""

    max_event_time: dict[str, str | None] = field(default_factory=dict)


def instant(text: str) -> datetime:
    """The UTC instant of an ISO 8601 text; one without a zone is UTC. Raises ValueError."""
    read = datetime.fromisoformat(text)
    try:
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except OverflowError as error:
        message = f"no instant: {text[:40]!r}"
        raise ValueError(message) from error
