"""Every subcommand: its arguments and what runs it."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Coroutine, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from bot import reference
from bot.console.exits import Exit
from bot.console.parser import FORMATS, Add, answering, day
from bot.kit.encoding import Form
from bot.kit.eventexport import EVENTS
from bot.metrics.exportcolumns import ExportKind

Run = Callable[[argparse.Namespace], Coroutine[Any, Any, Exit]]
DEMO_PORT = 8750


def add_demo(parser: argparse.ArgumentParser) -> None:
    """Talk to the demo workspace on a local chat page; needs no key, Slack or network."""
    parser.add_argument(
        "--port", type=int, default=DEMO_PORT, help=f"default {DEMO_PORT}; 0 takes a free one"
    )
    parser.add_argument("--fresh", action="store_true", help="empty the demo's folder first")


def add_digest(parser: argparse.ArgumentParser) -> None:
    """Show the weekly digest, or post what is due."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--preview", action="store_true", help="print the digest of the last full week")
    what.add_argument("--due", action="store_true", help="post what is due once and end: for cron")
    parser.add_argument("--demo", action="store_true", help="on the demo workspace: no key, no network")
    parser.add_argument("--fresh", action="store_true", help="with --demo: empty its folder first")
    parser.add_argument("--as", dest="who", metavar="WHO", help="with --preview: who asks")
    parser.add_argument("--format", choices=FORMATS, default="text", help="with --preview")
    parser.add_argument("--out", type=Path, default=Path("pulse-out"), help="folder for pictures and files")


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
    kinds = (*(kind.value for kind in ExportKind), EVENTS)
    parser.add_argument("kind", choices=kinds, metavar="KIND", help=", ".join(kinds))
    parser.add_argument(
        "form", choices=tuple(form.value for form in Form), metavar="FORMAT", help="csv or json"
    )
    parser.add_argument(
        "words",
        nargs="*",
        metavar="RANGE",
        help='e.g. 30d or this month; `emails` adds addresses; events need `case ID "why"`',
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
_WHERE: Mapping[str, str] = {
    "ask": "bot.app.asking:ask",
    "demo": "bot.app.demoing:demo",
    "reference": "bot.app.referring:serve_reference",
    "sync": "bot.app.syncing:sync",
    "run": "bot.app.running:run",
    "digest": "bot.app.digesting:digest",
    "doctor": "bot.app.doctor:doctor",
    "directory": "bot.app.listing:directory",
    "manifest": "bot.app.writing:manifest",
    "export": "bot.app.exporting:export",
    "verify": "bot.app.verifying:verify",
    "key": "bot.app.verifying:key",
}


def runner(name: str) -> Run:
    """What runs a subcommand, imported now: no subcommand waits for what only another one needs."""
    module, _, function = _WHERE[name].partition(":")
    found: Run = getattr(import_module(module), function)
    return found
