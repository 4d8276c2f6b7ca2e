"""The 43 client ids of the contract: friendly names and the surface each belongs to (contract.md, c)."""

from __future__ import annotations

from difflib import get_close_matches
from enum import StrEnum
from typing import Final


class Surface(StrEnum):
    """Where Codex is used; a mapping for display, not an API field."""

    CLI = "cli"
    IDE = "ide"
    CLOUD = "cloud"
    DESKTOP = "desktop"
    CODE_REVIEW = "code_review"
    SDK = "sdk"
    WORK = "work"
    OTHER = "other"


SURFACE_LABELS: Final = {
    Surface.CLI: "CLI",
    Surface.IDE: "IDE extension",
    Surface.CLOUD: "Cloud",
    Surface.DESKTOP: "Desktop",
    Surface.CODE_REVIEW: "Code Review",
    Surface.SDK: "SDK and automation",
    Surface.WORK: "ChatGPT Work",
    Surface.OTHER: "Other",
}

_JETBRAINS: Final = {
    "INTELLIJ_IDEA": "IntelliJ IDEA",
    "INTELLIJ_IDEA_COMMUNITY_EDITION": "IntelliJ IDEA Community",
    "INTELLIJ_IDEA_EDUCATIONAL_EDITION": "IntelliJ IDEA Educational",
    "RUBYMINE": "RubyMine",
    "PYCHARM": "PyCharm",
    "PYCHARM_COMMUNITY_EDITION": "PyCharm Community",
    "PYCHARM_EDUCATIONAL_EDITION": "PyCharm Educational",
    "DATASPELL": "DataSpell",
    "PHPSTORM": "PhpStorm",
    "WEBSTORM": "WebStorm",
    "APPCODE": "AppCode",
    "CLION": "CLion",
    "DATAGRIP": "DataGrip",
    "RIDER": "Rider",
    "GOLAND": "GoLand",
    "ANDROID_STUDIO": "Android Studio",
    "CLIENT": "JetBrains Client",
    "GATEWAY": "JetBrains Gateway",
    "FLEET_BACKEND": "Fleet",
    "AQUA": "Aqua",
    "RUSTROVER": "RustRover",
    "WRITERSIDE": "Writerside",
    "GITCLIENT": "JetBrains Git Client",
    "MPS": "MPS",
}

CLIENTS: Final[dict[str, tuple[str, Surface]]] = {
    "CODEX_CLI": ("CLI", Surface.CLI),
    "CODEX_SERVICE_EXEC": ("Exec", Surface.CLI),
    "CODEX_SDK_TS": ("TypeScript SDK", Surface.SDK),
    "CODEX_GITHUB_ACTION": ("GitHub Action", Surface.SDK),
    "CODEX_IDE_VSCODE": ("VS Code extension", Surface.IDE),
    "CODEX_IDE_XCODE": ("Xcode", Surface.IDE),
    **{f"CODEX_IDE_JETBRAINS_{key}": (name, Surface.IDE) for key, name in _JETBRAINS.items()},
    "CODEX_WEB": ("Cloud", Surface.CLOUD),
    "CODEX_CLOUD_GENERAL_AGENT": ("Cloud agent", Surface.CLOUD),
    "CODEX_SLACK": ("Slack", Surface.CLOUD),
    "CODEX_DESKTOP_APP": ("Desktop App", Surface.DESKTOP),
    "CODEX_CHATGPT_DESKTOP": ("ChatGPT desktop", Surface.DESKTOP),
    "CODEX_ATLAS": ("Atlas browser", Surface.DESKTOP),
    "CODEX_CHROME_EXTENSION_SIDE_PANEL": ("Chrome side panel", Surface.OTHER),
    "CODEX_WORK_WEB": ("ChatGPT Work web", Surface.WORK),
    "CODEX_WORK_MOBILE": ("ChatGPT Work mobile", Surface.WORK),
    "CODEX_WORK_DESKTOP": ("ChatGPT Work desktop", Surface.WORK),
    "CODEX_FLORA": ("Flora", Surface.OTHER),
    "CODEX_GITHUB": ("GitHub", Surface.CODE_REVIEW),
    "CODEX_UNKNOWN_DEFAULT": ("Uncategorized", Surface.OTHER),
}

_PREFIXES: Final = ("", "CODEX_", "CODEX_IDE_")


def client_label(client_id: str) -> str:
    """The friendly name; an id nobody told us stays as it is."""
    known = CLIENTS.get(client_id)
    return known[0] if known else client_id


def surface_of(client_id: str) -> Surface:
    """The surface; unknown ids belong to OTHER."""
    known = CLIENTS.get(client_id)
    return known[1] if known else Surface.OTHER


def surface_label(surface: str) -> str:
    """The name of a surface for people."""
    return SURFACE_LABELS[Surface(surface)]


def clients_named(words: str) -> tuple[str, ...]:
    """Client ids of an id (`CODEX_` may be left out), a friendly name or a surface, however written.

    A name goes before a surface of the same name: `cli` is the CLI alone. Empty when nothing is called that.
    """
    wanted = _plain(words)
    for client, (label, _) in CLIENTS.items():
        if wanted in (_plain(label), *(_plain(client.removeprefix(prefix)) for prefix in _PREFIXES)):
            return (client,)
    surfaces = [s for s, label in SURFACE_LABELS.items() if wanted in (_plain(s), _plain(label))]
    return tuple(client for client, (_, surface) in CLIENTS.items() if surface in surfaces)


def nearest_client(words: str) -> str | None:
    """The name or surface that begins with `words`, else the one most like it."""
    known = {_plain(name): name for name in (*Surface, *(label for label, _ in CLIENTS.values()))}
    wanted = _plain(words)
    begins = next((name for plain, name in known.items() if wanted and plain.startswith(wanted)), None)
    near = get_close_matches(wanted, known, 1)
    return begins or (known[near[0]] if near else None)


def _plain(words: str) -> str:
    return "".join(letter for letter in words.casefold() if letter.isalnum())
