"""Every subcommand: its arguments and what runs it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot import reference
from bot.app.asking import ask
from bot.app.demoing import add_demo, demo
from bot.app.digesting import add_digest, digest
from bot.app.doctor import doctor
from bot.app.exporting import export
from bot.app.listing import directory
from bot.app.running import run
from bot.app.syncing import sync
from bot.app.verifying import key, verify
from bot.app.writing import manifest
from bot.console.exits import Exit
from bot.console.parser import Add, answering, day
from bot.kit.encoding import Form
from bot.metrics.exportcolumns import ExportKind
from bot.model.errors import WrongUse
from bot.settings import Settings

Run = Callable[[argparse.Namespace], Coroutine[Any, Any, Exit]]


async def serve_reference(arguments: argparse.Namespace) -> Exit:
    """Serve the reference APIs until interrupted, at the time of PULSE_NOW where it is set."""
    try:
        options = reference.options_from(arguments)
    except ValueError as error:
        raise WrongUse(f"{error}.", "Correct it, or see codex-pulse reference --help.") from None
    await reference.run(replace(options, now=options.now or Settings.load().now), sys.stdout)
    return Exit.DONE


def add_reference(parser: argparse.ArgumentParser) -> None:
    """Serve the Analytics and Compliance APIs of the demo workspace."""
    reference.add_arguments(parser)


def add_sync(parser: argparse.ArgumentParser) -> None:
    """Pull what is missing or unsettled, newest first."""
    parser.add_argument("--since", type=day, help="first day to pull, YYYY-MM-DD; default: all the API keeps")


def add_run(_parser: argparse.ArgumentParser) -> None:
    """Run the bot: Socket Mode with an app token, else HTTP."""


def add_doctor(_parser: argparse.ArgumentParser) -> None:
    """Check settings, key, scope, clock, lake and Slack; name the one next thing to do."""


def add_export(parser: argparse.ArgumentParser) -> None:
    """Write a CSV or JSON file with its signed receipt."""
    parser.add_argument("kind", choices=tuple(ExportKind), metavar="KIND", help=", ".join(ExportKind))
    parser.add_argument("form", choices=tuple(Form), metavar="FORMAT", help="csv or json")
    parser.add_argument(
        "words", nargs="*", metavar="RANGE", help="e.g. 30d or this month; `emails` adds addresses"
    )
    answering(parser)


def add_verify(parser: argparse.ArgumentParser) -> None:
    """Check an evidence pack, or a file against the signed receipt beside it, offline."""
    parser.add_argument(
        "file", type=Path, help="an evidence pack, or an exported file with its receipt in the same folder"
    )
    parser.add_argument("--key", help="the public key it must be signed with, as `codex-pulse key` prints it")


def add_key(parser: argparse.ArgumentParser) -> None:
    """Print the public key that receipts are signed with."""
    parser.add_argument("--demo", action="store_true", help="the key of the demo workspace")


def add_manifest(parser: argparse.ArgumentParser) -> None:
    """Print the app manifest of a platform."""
    parser.add_argument("platform", choices=("slack", "teams"))
    parser.add_argument("--out", type=Path, help="folder to write it to instead of printing it")


def add_directory(parser: argparse.ArgumentParser) -> None:
    """Write a first directory file, `email,team,manager,chat_id`, to be filled in."""
    parser.add_argument("--from-users", action="store_true", required=True, help="everybody ever seen")
    parser.add_argument("--out", type=Path, help="file to write instead of printing; never overwritten")
    parser.add_argument("--demo", action="store_true", help="the people of the demo workspace")


EXTRA: dict[str, Add] = {
    "demo": add_demo,
    "reference": add_reference,
    "sync": add_sync,
    "run": add_run,
    "digest": add_digest,
    "doctor": add_doctor,
    "directory": add_directory,
    "manifest": add_manifest,
    "export": add_export,
    "verify": add_verify,
    "key": add_key,
}
RUN: Mapping[str, Run] = {
    "ask": ask,
    "demo": demo,
    "reference": serve_reference,
    "sync": sync,
    "run": run,
    "digest": digest,
    "doctor": doctor,
    "directory": directory,
    "manifest": manifest,
    "export": export,
    "verify": verify,
    "key": key,
}
