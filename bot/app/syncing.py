"""`sync`: pulls what is missing or unsettled, newest first; safe to interrupt."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace

from bot.app.build import product
from bot.app.progress import progress
from bot.console.exits import Exit
from bot.dispatch.words import refusal
from bot.kit.words import plural
from bot.settings import Settings
from bot.sync import SyncReport


async def sync(arguments: argparse.Namespace) -> Exit:
    """Exit 5 when days are still missing afterwards."""
    async with product(Settings.load()) as built:
        with progress(sys.stderr) as report:
            done = await built.sync.run(arguments.since, report)
    sys.stdout.write(summary(done) + "\n")
    return Exit.CHECK_FAILED if done.missing else Exit.DONE


def summary(done: SyncReport) -> str:
    """One line what was pulled, one what is still missing and why."""
    raise NotImplementedError(replace, refusal, plural)
