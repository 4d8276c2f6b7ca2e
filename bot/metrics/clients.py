"""The 43 client ids of the contract: friendly names and the surface each belongs to (contract.md, c)."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import Any, Final


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


def client_label(client_id: str) -> str:
    """The friendly name; an id nobody told us stays as it is."""
    known = CLIENTS.get(client_id)
    return known[0] if known else client_id


def surface_of(client_id: str) -> Surface:
    """The surface; unknown ids belong to OTHER."""
    known = CLIENTS.get(client_id)
    return known[1] if known else Surface.OTHER


def client_named(word: str) -> str | None:
    """The surface or client id that a typed word means: `cli`, `code review`, `vscode`, `CODEX_WEB`.

    Surfaces come before clients of the same name, so `cli` is the CLI with Exec. An id nobody told us
    stays as it is when it is written like one, `CODEX_...`; None for any other word.
    """
    if found := client_words().get(_plain(word)):
        return found
    return word.upper() if word.upper().startswith("CODEX_") and word.isascii() else None


@cache
def client_words() -> dict[str, str]:
    """What can be typed for a surface or client, in small letters and digits, and what it stands for."""
    words: dict[str, str] = {}
    for surface, label in SURFACE_LABELS.items():
        words |= {_plain(surface): surface.value, _plain(label): surface.value}
    for client_id, (label, _) in CLIENTS.items():
        for name in (client_id, label, client_id.removeprefix("CODEX_"), client_id.rpartition("_")[2]):
            words.setdefault(_plain(name), client_id)
    return words


def named_label(named: str) -> str:
    """The name for people of what `client_named` found."""
    return SURFACE_LABELS[Surface(named)] if named in tuple(Surface) else client_label(named)


def surface_key(part: Any) -> Any:
    """The surface of each client id of a column, as an expression."""
    known = {client: surface.value for client, (_, surface) in CLIENTS.items()}
    return part.substitute(known, else_=Surface.OTHER.value)


def is_through(part: Any, named: str) -> Any:
    """Whether each client id of a column belongs to what `client_named` found, as an expression."""
    return (surface_key(part) if named in tuple(Surface) else part) == named


def surface_label(surface: str) -> str:
    """The name of a surface for people."""
    return SURFACE_LABELS[Surface(surface)]


def _plain(word: str) -> str:
    return "".join(letter for letter in word.casefold() if letter.isalnum())
