"""Log records in the envelope of contract.md e.4, as plain dictionaries."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.reference.chance import digest
from bot.reference.people import People

Record = dict[str, Any]
SECOND = 1_000_000
DAY = 86_400 * SECOND
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_ORDINAL = _EPOCH.toordinal()


@dataclass(frozen=True, slots=True)
class Event:
    """A record and when it happened, in microseconds since 1970."""

    at: int
    record: Record


def instant(microseconds: int) -> str:
    """ISO 8601 in UTC, always with six decimals: `2026-09-14T08:02:11.204518Z`."""
    return _moment(microseconds).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def whole_second(microseconds: int) -> str:
    """ISO 8601 in UTC without decimals."""
    return _moment(microseconds).strftime("%Y-%m-%dT%H:%M:%SZ")


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970, exactly."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def redacted(key: str) -> str:
    """Show the first three and the last four characters of a key."""
    return f"{key[:3]}***{key[-4:]}"


@dataclass(slots=True)
class Scribe:
    """Writes the records of one day; the order of the calls decides the ids. ``clients`` names `CLIENTS`."""

    people: People
    workspace_id: str
    ordinal: int
    clients: tuple[str, ...]
    events: list[Event] = field(default_factory=list)

    def user(self, index: int, credential_id: str | None = None) -> Record:
        """Actor of a person, by a token when one is given."""
        actor = {
            "type": "ACCOUNT_USER",
            "user_id": self.people.user_ids[index],
            "user_email": self.people.email(index),
        }
        return actor if credential_id is None else {**actor, "credential_id": credential_id}

    def codex(self, at: int, actor: Record, sub_type: str, client_id: str, **details: Any) -> None:
        """Add a `CODEX_LOG` record; ``at`` counts microseconds from the day's start."""
        self._add(at, "CODEX_LOG", actor, self._body(sub_type, client_id, details))

    def security(self, at: int, actor: Record, sub_type: str, **details: Any) -> None:
        """Add a `CODEX_SECURITY_LOG` record."""
        self._add(at, "CODEX_SECURITY_LOG", actor, self._body(sub_type, "CODEX_WEB", details))

    def audit(self, at: int, actor: Record, action: str, *, admin: bool, **data: Any) -> None:
        """Add an `AUDIT_LOG` record."""
        self._add(at, "AUDIT_LOG", actor, audit_body(action, data, admin=admin))

    def auth(self, at: int, actor: Record, action: str, **data: Any) -> None:
        """Add an `AUTH_LOG` record."""
        self._add(at, "AUTH_LOG", actor, {"action": action, "action_data": data})

    def _body(self, sub_type: str, client_id: str, details: Record) -> Record:
        return {
            "event_type": sub_type,
            "client_id": client_id,
            "workspace_id": self.workspace_id,
            "event_details": {"detail_type": sub_type, **details},
        }

    def _add(self, at: int, kind: str, actor: Record, body: Record) -> None:
        event_id = digest("event", self.people.seed, self.ordinal, len(self.events))
        when = (self.ordinal - EPOCH_ORDINAL) * DAY + at
        self.events.append(Event(when, {**envelope(event_id, kind, when, actor, self.workspace_id), **body}))


def envelope(event_id: str, kind: str, at: int, actor: Record, workspace_id: str) -> Record:
    """Write what every record has; the id is made of 32 of the given hexadecimal characters."""
    return {
        "event_id": str(uuid.UUID(event_id[:32], version=4)),
        "type": kind,
        "timestamp": instant(at),
        "principal": {"id": workspace_id, "type": "CHATGPT_WORKSPACE"},
        "actor": actor,
    }


def audit_body(action: str, data: Record, *, admin: bool) -> Record:
    """Write what an `AUDIT_LOG` record adds."""
    return {"action": action, "action_privilege": "ADMIN" if admin else "STANDARD_USER", "action_data": data}


def _moment(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)
