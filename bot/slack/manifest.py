"""The app manifest: `manifest.yml` is its output under default settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from bot.slack.modal import CALLBACK_ID

REQUIRED_SCOPES = ("commands", "chat:write", "files:write", "users:read", "users:read.email", "im:write")
OPTIONAL_SCOPES = ("app_mentions:read", "chat:write.public", "usergroups:read")
BOT_EVENTS = ("app_home_opened", "app_mention")

_HEAD = """\
# Slack app manifest of Codex Pulse. Written by `codex-pulse manifest slack`; do not edit.
# Create the app at https://api.slack.com/apps: "Create New App", "From a manifest".
# Optional scopes may be refused at installation:
#   app_mentions:read  questions to @codex-pulse, also in threads
#   chat:write.public  charts in public channels without an invitation
#   usergroups:read    user groups in the policy
"""
_DESCRIPTION = "Answers questions about Codex usage at once, with the numbers and a chart."
_LONG_DESCRIPTION = (
    "Type /codex in any channel and get the answer in one sentence, with the numbers behind it and a chart: "
    "who uses Codex, how much, for what and at which cost. Aggregates are posted where they were asked; "
    "figures of single people go only to those who may see them. Every figure can be explained down to the "
    "files it was computed from."
)


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A global shortcut."""

    name: str
    callback_id: str
    description: str


ASK = Shortcut("Ask Codex Pulse", CALLBACK_ID, "Build a question about Codex usage in a form")


def manifest(
    command: str = "/codex",
    usage_hint: str = "usage 30d by model",
    shortcuts: Sequence[Shortcut] = (ASK,),
    *,
    request_url: str = "",
) -> str:
    """The manifest as YAML. With `request_url` requests come over HTTP, without it by Socket Mode."""
    text: str = yaml.safe_dump(
        _content(command, usage_hint, shortcuts, request_url), sort_keys=False, allow_unicode=True, width=110
    )
    return _HEAD + text


def _content(
    command: str, usage_hint: str, shortcuts: Sequence[Shortcut], request_url: str
) -> dict[str, Any]:
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "Codex Pulse",
            "description": _DESCRIPTION,
            "long_description": _LONG_DESCRIPTION,
            "background_color": "#1f2937",
        },
        "features": _features(command, usage_hint, shortcuts, request_url),
        "oauth_config": {
            "scopes": {"bot": [*REQUIRED_SCOPES, *OPTIONAL_SCOPES], "bot_optional": list(OPTIONAL_SCOPES)}
        },
        "settings": {
            "event_subscriptions": {**_url(request_url), "bot_events": list(BOT_EVENTS)},
            "interactivity": {"is_enabled": True, **_url(request_url)},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not request_url,
            "token_rotation_enabled": False,
        },
    }


def _features(
    command: str, usage_hint: str, shortcuts: Sequence[Shortcut], request_url: str
) -> dict[str, Any]:
    slash = {
        "command": command,
        **({"url": request_url} if request_url else {}),
        "description": "Codex usage: numbers and a chart",
        "usage_hint": usage_hint,
        "should_escape": True,
    }
    features: dict[str, Any] = {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "codex-pulse", "always_online": True},
    }
    if shortcuts:
        features["shortcuts"] = [_shortcut(s) for s in shortcuts]
    return {**features, "slash_commands": [slash]}


def _shortcut(shortcut: Shortcut) -> dict[str, str]:
    return {
        "name": shortcut.name,
        "type": "global",
        "callback_id": shortcut.callback_id,
        "description": shortcut.description,
    }


def _url(request_url: str) -> dict[str, str]:
    return {"request_url": request_url} if request_url else {}
