"""`manifest`: the app manifest of a platform, from the registry of commands."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.console.exits import Exit
from bot.model.errors import WrongUse
from bot.settings import Settings
from bot.slack.manifest import manifest as slack_manifest


async def manifest(arguments: argparse.Namespace) -> Exit:
    """Print it, or write it into the folder named by `--out`."""
    text = slack_manifest(command=Settings.load().command)
    sys.stdout.write(text if arguments.out is None else f"{_written(arguments.out, text)}\n")
    return Exit.DONE


def _written(folder: Path, text: str) -> Path:
    path = folder / "manifest.yml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        reason = f"Cannot write to {folder}: {error.strerror}."
        raise WrongUse(reason, "Choose another folder with --out.") from None
    return path
