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
    if arguments.out is None:
        sys.stdout.write(text)
        return Exit.DONE
    try:
        arguments.out.mkdir(parents=True, exist_ok=True)
        path = Path(arguments.out / "manifest.yml")
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise WrongUse(
            f"Cannot write to {arguments.out}: {error.strerror}.", "Choose another folder with --out."
        ) from None
    sys.stdout.write(f"{path}\n")
    return Exit.DONE
