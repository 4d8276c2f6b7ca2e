"""`sync`: pulls what is missing or unsettled, newest first; safe to interrupt."""

from __future__ import annotations

import argparse
import sys

from bot.app.build import product
from bot.app.progress import progress
from bot.console.exits import Exit
from bot.dispatch.words import refusal
from bot.kit.words import plural
from bot.settings import Settings
from bot.sync.report import SyncReport


async def sync(arguments: argparse.Namespace) -> Exit:
    """Exit 5 when days are still missing afterwards."""
    async with product(Settings.load()) as built:
        with progress(sys.stderr) as report:
            done = await built.sync.run(arguments.since, report)
    sys.stdout.write(summary(done) + "\n")
    if done.locked_out or done.error:
        sys.stderr.write(why(done) + "\n")
    return Exit.CHECK_FAILED if done.missing or done.locked_out else Exit.DONE


def summary(done: SyncReport) -> str:
    """What was pulled and what was wrong with it."""
    parts = [f"{plural(len(done.written), 'day')} pulled, {plural(done.rows, 'row')}"]
    if done.quarantined:
        parts.append(f"{plural(done.quarantined, 'row')} set aside")
    if done.missing:
        parts.append(f"{plural(len(done.missing), 'day')} still missing")
    return ", ".join(parts) + "."


def why(done: SyncReport) -> str:
    """Why days are missing, in a person's words."""
    if done.error is None:
        return "Another process is syncing; try again when it is done."
    said = refusal(done.error)
    return f"{said.message} {said.hint}".strip()
