"""`manifest`: the app manifest of a platform, from the registry of commands."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.app.teams_side import app_package
from bot.console.exits import Exit
from bot.model.errors import WrongUse
from bot.settings import Settings
from bot.slack.manifest import manifest as slack_manifest
from bot.teams.manifest import PACKAGE_NAME


async def manifest(arguments: argparse.Namespace) -> Exit:
    """Slack's YAML is printed or written; the Teams package is a zip and needs a folder."""
    settings = Settings.load()
    if arguments.platform == "teams":
        return _teams(arguments.out, settings)
    text = slack_manifest(command=settings.command)
    if arguments.out is None:
        sys.stdout.write(text)
        return Exit.DONE
    return _told(_written(arguments.out, "manifest.yml", text.encode()))


def _teams(folder: Path | None, settings: Settings) -> Exit:
    if folder is None:
        raise WrongUse(
            "The Teams package is a zip file.", "Name a folder: codex-pulse manifest teams --out DIR."
        )
    if not settings.teams_app_id or not settings.public_url:
        sys.stderr.write(
            "PULSE_TEAMS_APP_ID or PULSE_PUBLIC_URL is not set: the package holds placeholders.\n"
        )
    return _told(_written(folder, PACKAGE_NAME, app_package(settings)))


def _told(path: Path) -> Exit:
    sys.stdout.write(f"{path}\n")
    return Exit.DONE


def _written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        reason = f"Cannot write to {folder}: {error.strerror}."
        raise WrongUse(reason, "Choose another folder with --out.") from None
    return path
