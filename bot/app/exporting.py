"""`export KIND csv|json RANGE [emails]`: the chat command `export` on a terminal."""

from __future__ import annotations

import argparse

from bot.app.asking import ask
from bot.console.exits import Exit
from bot.kit.replies import quoted


async def export(arguments: argparse.Namespace) -> Exit:
    """Write the files into the folder of `--out` and print the answer with their paths."""
    arguments.text = " ".join(("export", arguments.kind, arguments.form, *map(quoted, arguments.words)))
    return await ask(arguments)
