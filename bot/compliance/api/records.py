"""The envelope of a log record. What lies inside differs by type and version and is left as it came."""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class Actor(Struct, frozen=True, kw_only=True):
    """Who acted. Which ids are set follows from `type`; unknown types are kept."""

    type: str | None = None
    user_id: str | None = None
    user_email: str | None = None
    credential_id: str | None = None
    redacted_id: str | None = None
    id: str | None = None
    provider: str | None = None
    provider_user_id: str | None = None

    @property
    def other_id(self) -> str | None:
        """The id of an actor that is no workspace user."""
        return self.redacted_id or self.id or self.provider_user_id


class Agent(Struct, frozen=True, kw_only=True):
    """The agent that acted for the actor, where newer exports name one."""

    type: str | None = None
    id: str | None = None
    name: str | None = None


class Record(Struct, frozen=True, kw_only=True):
    """One line of a log file, any type. Unknown fields are ignored, every known one may be missing."""

    event_id: str | None = None
    type: str | None = None
    timestamp: str | float | None = None
    actor: Actor | None = None
    event_type: str | None = None
    client_id: str | None = None
    event_details: dict[str, Any] | None = None
    payload: dict[str, Any] | None = None
    action: str | None = None
    action_data: dict[str, Any] | None = None
    action_privilege: str | None = None
    action_result: str | None = None
    agent: Agent | None = None
    request_metadata: dict[str, Any] | None = None

    @property
    def details(self) -> dict[str, Any]:
        """What the record says beyond its envelope."""
        inner = self.event_details or self.payload or {}
        named = self.action_data or inner.get("action_data")
        return named if isinstance(named, dict) else inner
