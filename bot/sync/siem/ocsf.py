"""One event of the lake as an OCSF event. What OCSF has no place for stands under `unmapped`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from bot import __version__
from bot.sync.siem.kinds import Kind, OcsfClass, kind_of

VERSION: Final = "1.3.0"
VENDOR, PRODUCT, LOGGER = "OpenAI", "ChatGPT Codex", "codex-pulse"
INFORMATIONAL: Final = 1
"""Of every event: which of them matter is for the rules of the SIEM to say."""
SUCCESS, FAILURE = 1, 2
FAILED: Final = frozenset(
    {"error", "failed", "failure", "rate_limited", "timed_out", "aborted", "incomplete", "denied", "blocked"}
)
USER_TYPES: Final = {"ACCOUNT_USER": 1, "SYSTEM": 3}
OTHER_TYPE: Final = 99
PLACED: Final = frozenset(
    {"event_id", "type", "event_type", "action", "timestamp", "user_id", "actor_id", "client_id", "day"}
)
"""Columns that have their place in OCSF; every other one with a value goes under `unmapped`."""
ENTITY_COLUMNS: Final = {
    "access token": ("token_id", "token_name"),
    "environment": ("environment_id", ""),
    "plugin": ("plugin_id", "plugin_name"),
    "scan configuration": ("scan_id", ""),
}

Row = Mapping[str, Any]


def line_of(row: Row, now: datetime) -> bytes:
    """The event as one line of JSON, in ASCII: no reader finds another line break in it."""
    told = json.dumps(event_of(row, now), separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return told.encode("ascii") + b"\n"


def event_of(row: Row, now: datetime) -> dict[str, Any]:
    """The OCSF event of a lake row; times are milliseconds since 1970 (UTC)."""
    code = row["event_type"] or row["action"] or row["type"]
    kind = kind_of(row["type"], code)
    base = {
        "activity_id": kind.activity_id,
        "activity_name": kind.activity_name(code),
        "category_uid": kind.ocsf.category_uid,
        "class_uid": kind.ocsf.value,
        "class_name": kind.ocsf.caption,
        "type_uid": kind.type_uid,
        "time": row["timestamp"] // 1_000,
        "severity_id": INFORMATIONAL,
        "message": code,
        "metadata": _metadata(row, code, now) | _profiles(kind.ocsf),
        "actor": _actor(row),
        "unmapped": {name: row[name] for name in row if name not in PLACED and row[name] is not None},
    }
    # the status of a finding is its state of work there, which the log does not tell
    status = {} if kind.ocsf is OcsfClass.DETECTION_FINDING else _status(row, code)
    return base | status | _of_class(kind, row, code)


def _metadata(row: Row, code: str, now: datetime) -> dict[str, Any]:
    return {
        "version": VERSION,
        "uid": row["event_id"],
        "product": {"name": PRODUCT, "vendor_name": VENDOR},
        "event_code": code,
        "log_name": row["type"],
        "log_provider": LOGGER,
        "log_version": __version__,
        "logged_time": round(now.timestamp() * 1_000),
    }


def _profiles(ocsf: OcsfClass) -> dict[str, Any]:
    return {"profiles": list(ocsf.profiles)} if ocsf.profiles else {}


def _user(row: Row) -> dict[str, Any]:
    """Ids only; a user needs an id or a name."""
    told: dict[str, Any] = {
        "type_id": USER_TYPES.get(row["actor_type"], OTHER_TYPE if row["actor_type"] else 0)
    }
    if row["actor_type"]:
        told["type"] = row["actor_type"]
    if row["credential_id"]:
        told["credential_uid"] = row["credential_id"]
    uid = row["user_id"] or row["actor_id"]
    return told | ({"uid": uid} if uid else {"name": "unnamed"})


def _actor(row: Row) -> dict[str, Any]:
    told: dict[str, Any] = {"user": _user(row)}
    if row["client_id"]:
        told["app_name"] = row["client_id"]
    if row["session_id"]:
        told["session"] = {"uid": row["session_id"]}
    return told


def _status(row: Row, code: str) -> dict[str, Any]:
    status = (row["status"] or "").casefold()
    failed = status in FAILED or row["error_code"] or (row["decision"] or "").startswith("denied")
    if failed or code.endswith(("_FAILED", "_FAILURE")):
        return {"status_id": FAILURE} | ({"status_code": row["error_code"]} if row["error_code"] else {})
    return {"status_id": SUCCESS} if status or code.endswith("_SUCCEEDED") else {}


def _of_class(kind: Kind, row: Row, code: str) -> dict[str, Any]:
    """What the class requires."""
    match kind.ocsf:
        case OcsfClass.API_ACTIVITY:
            source = row["client_id"] or "not told"
            return {"api": {"operation": code}, "src_endpoint": {"svc_name": source}}
        case OcsfClass.AUTHENTICATION:
            return {"user": _user(row), "service": {"name": PRODUCT}}
        case OcsfClass.ENTITY_MANAGEMENT:
            return {"entity": _entity(kind.entity, row)}
        case OcsfClass.DETECTION_FINDING:
            return {"finding_info": {"uid": row["finding_id"] or row["event_id"], "title": code}}


def _entity(entity: str, row: Row) -> dict[str, Any]:
    uid_column, name_column = ENTITY_COLUMNS.get(entity, ("", ""))
    uid, name = row.get(uid_column), row.get(name_column)
    return {"type": entity, "name": name or uid or entity} | ({"uid": uid} if uid else {})
