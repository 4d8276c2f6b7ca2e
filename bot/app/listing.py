"""`directory`: a first directory file from the people held, to be filled in with teams."""

from __future__ import annotations

import argparse
import sys
from io import StringIO
from pathlib import Path

from bot.analytics.directory import write_starter
from bot.app.build import product
from bot.app.demo import demo_workspace
from bot.console.exits import Exit
from bot.kit.words import plural
from bot.lake.files import replacing
from bot.model.errors import WrongUse
from bot.settings import Settings


async def directory(arguments: argparse.Namespace) -> Exit:
    """Everybody ever seen with an e-mail address, in one team. An existing file is never overwritten."""
    settings = Settings.load()
    async with demo_workspace(settings) if arguments.demo else product(settings) as built:
        people = (await built.analytics.people()).values()
    text = StringIO(newline="")
    count = write_starter((person.email for person in people if person.email), text)
    if arguments.out:
        _write(arguments.out, text.getvalue())
    else:
        sys.stdout.write(text.getvalue())
    without = len(people) - count
    missing = f"; {plural(without, 'person', 'people')} without an e-mail address left out" if without else ""
    sys.stderr.write(f"{plural(count, 'person', 'people')} listed{missing}.\n")
    return Exit.DONE


def _write(path: Path, text: str) -> None:
    if path.exists():
        raise WrongUse(f"{path} exists already.", "Name another file with --out.")
    try:
        with replacing(path) as out:
            out.write(text.encode())
    except OSError as error:
        raise WrongUse(f"Cannot write {path}: {error.strerror}.", "Name another file with --out.") from None
