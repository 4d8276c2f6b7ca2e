"""`reference`: the reference APIs alone."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace

from bot import reference
from bot.console.exits import Exit
from bot.model.errors import WrongUse
from bot.settings import Settings


async def serve_reference(arguments: argparse.Namespace) -> Exit:
    """Serve the reference APIs until interrupted, at the time of PULSE_NOW where it is set."""
    try:
        options = reference.options_from(arguments)
    except ValueError as error:
        raise WrongUse(f"{error}.", "Correct it, or see codex-pulse reference --help.") from None
    await reference.run(replace(options, now=options.now or Settings.load().now), sys.stdout)
    return Exit.DONE
