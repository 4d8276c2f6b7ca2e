"""The small JSON of what has no column: ids, numbers and closed words stay, texts become length and hash."""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from bot.sync.events.keys import EventKeys

PLAIN_KEYS: Final = frozenset(
    {
        "tool_call_id",
        "connector_id",
        "log_file_id",
        "file_id",
        "resource_id",
        "elicitation_type",
        "phase",
        "plugin_release_id",
        "plugin_version",
        "plugin_scope",
        "plugin_creator_account_user_id",
        "marketplace_name",
        "repos",
        "env_var_keys",
        "default_model",
        "network_access",
        "project_id",
        "slug",
        "version_id",
        "version_number",
        "deployment_id",
        "environment_revision",
        "scan_type",
        "owner_id",
        "repo_id",
        "repo_url",
        "state",
        "status",
        "criticality",
        "credential_type",
        "provider",
    }
)
"""Keys whose texts are ids or closed words. A text with an @ is hashed even there."""
PLAIN_MAX: Final = 200
ITEMS_MAX: Final = 50
DEPTH_MAX: Final = 4
DETAIL_MAX: Final = 4096
SAFE_KEY: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")


def leftover(details: dict[str, Any], keys: EventKeys) -> str | None:
    """JSON of at most 4 KB with sorted keys; None when nothing is left."""
    if not details:
        return None
    told = msgspec.json.encode(_mapping(details, keys, 0), order="sorted").decode()
    return told if len(told) <= DETAIL_MAX else msgspec.json.encode(_measured(told, keys)).decode()


def _shape(key: str, value: Any, keys: EventKeys, depth: int) -> Any:
    match value:
        case str():
            return value if _is_plain(key, value) else _measured(value, keys)
        case dict() if depth < DEPTH_MAX:
            return _mapping(value, keys, depth + 1)
        case list() if depth < DEPTH_MAX:
            return [_shape(key, each, keys, depth + 1) for each in value[:ITEMS_MAX]]
        case dict() | list():
            return {"items": len(value)}
        case _:
            return value


def _mapping(value: dict[str, Any], keys: EventKeys, depth: int) -> dict[str, Any]:
    some = list(value.items())[:ITEMS_MAX]
    return {_key(key, keys): _shape(key, each, keys, depth) for key, each in some}


def _key(key: str, keys: EventKeys) -> str:
    return key if SAFE_KEY.fullmatch(key) else f"hash:{keys.text_hash(key)}"


def _is_plain(key: str, value: str) -> bool:
    return key in PLAIN_KEYS and len(value) <= PLAIN_MAX and "@" not in value


def _measured(value: str, keys: EventKeys) -> dict[str, Any]:
    return {"length": len(value), "hash": keys.text_hash(value)}
