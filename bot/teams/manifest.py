"""The app package for Teams: a zip with manifest and icons at its root."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from bot.teams.icons import BACKGROUND, colour_icon, outline_icon

SCHEMA_VERSION = "1.30"
SCHEMA_URL = (
    f"https://developer.microsoft.com/json-schemas/teams/v{SCHEMA_VERSION}/MicrosoftTeams.schema.json"
)
PACKAGE_NAME = "codex-pulse-teams.zip"
# What a package holds before the app is registered; Teams refuses it, every check of the format passes.
NO_APP_ID = "00000000-0000-0000-0000-000000000000"
NO_PUBLIC_URL = "https://codex-pulse.invalid"
ABOUT_PATH = "/teams/about"
COMMANDS_PER_LIST = 12
HELP = "help"

_GROUPS = ["team", "groupChat"]
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_SHORT = "Codex usage answered at once, with numbers and a chart."
_FULL = (
    "Ask Codex Pulse in a chat, a channel or by slash command and get the answer in one sentence, with the "
    "numbers behind it and a chart: who uses Codex, how much, for what and at which cost. Aggregates are "
    "posted where they were asked; figures of single people go only to those who may see them. Every figure "
    "can be explained down to the files it was computed from."
)


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A command as Teams lists it. `is_private`: its answer goes to the asker alone."""

    name: str
    description: str
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class AppIdentity:
    """What the package says about the app. Empty values become placeholders."""

    app_id: str = ""
    public_url: str = ""
    version: str = "1.0.0"
    developer: str = "Codex Pulse"


def package(identity: AppIdentity, commands: Sequence[MenuItem]) -> bytes:
    """The zip to upload to Teams; the same bytes for the same arguments."""
    files = {
        "manifest.json": _json(manifest(identity, commands)),
        "color.png": colour_icon(),
        "outline.png": outline_icon(),
    }
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name, data in files.items():
            entry = ZipInfo(name, _FIRST_DAY)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return out.getvalue()


def manifest(identity: AppIdentity, commands: Sequence[MenuItem]) -> dict[str, Any]:
    """`manifest.json`, valid against Teams' schema of `SCHEMA_VERSION`."""
    app_id = identity.app_id.lower() or NO_APP_ID
    about = f"{identity.public_url.rstrip('/') or NO_PUBLIC_URL}{ABOUT_PATH}"
    host = urlsplit(identity.public_url).hostname
    return {
        "$schema": SCHEMA_URL,
        "manifestVersion": SCHEMA_VERSION,
        "version": identity.version,
        "id": app_id,
        "developer": {
            "name": identity.developer[:32],
            "websiteUrl": about,
            "privacyUrl": f"{about}#privacy",
            "termsOfUseUrl": f"{about}#terms",
        },
        "name": {"short": "Codex Pulse", "full": "Codex Pulse"},
        "description": {"short": _SHORT, "full": _FULL},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": BACKGROUND,
        "bots": [_bot(app_id, commands)],
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [host] if host else [],
        "defaultInstallScope": "personal",
    }


def _bot(app_id: str, commands: Sequence[MenuItem]) -> dict[str, Any]:
    return {
        "botId": app_id,
        "scopes": ["personal", *_GROUPS],
        "isNotificationOnly": False,
        "supportsFiles": True,
        "supportsTargetedMessages": True,
        "commandLists": [
            {"scopes": ["personal"], "commands": _listed(commands)},
            {
                "scopes": _GROUPS,
                "triggers": ["mention"],
                "commands": _listed(sorted(commands, key=lambda item: item.is_private)),
            },
            {
                "scopes": _GROUPS,
                "triggers": ["slash"],
                "commands": _listed(sorted(commands, key=lambda item: not item.is_private)),
            },
        ],
    }


def _listed(commands: Iterable[MenuItem]) -> list[dict[str, str]]:
    """The first dozen; `help` names the others and is therefore always among them."""
    everything = list(commands)
    first = everything[:COMMANDS_PER_LIST]
    guide = [item for item in everything[COMMANDS_PER_LIST:] if item.name == HELP]
    chosen = [*first[: COMMANDS_PER_LIST - len(guide)], *guide]
    return [{"title": item.name[:128], "description": item.description[:4000]} for item in chosen]


def _json(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()
