"""The command line's arguments. A subcommand that is not built does not exist."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

FORMATS = ("text", "json", "slack", "teams")
ROLES = ("member", "analyst", "investigator", "approver", "admin", "guest")
EPILOG = "Exit codes: 0 done, 1 our bug, 2 wrong use, 3 not allowed, 4 source unavailable, 5 a check failed."
Add = Callable[[argparse.ArgumentParser], None]


def build(extra: dict[str, Add], formats: Sequence[str] = FORMATS) -> argparse.ArgumentParser:
    """The parser; `extra` adds the arguments of subcommands that the wiring brings along."""
    parser = argparse.ArgumentParser("codex-pulse", description="Codex usage, answered.", epilog=EPILOG)
    parser.add_argument("--now", type=instant, help="an ISO instant that replaces the clock (PULSE_NOW)")
    subcommands = parser.add_subparsers(dest="subcommand", required=True, metavar="SUBCOMMAND")
    _ask(subcommands.add_parser("ask", help="answer one command as the bot would"), formats)
    for name, add in extra.items():
        sub = subcommands.add_parser(name, help=_help(add))
        add(sub)
    for sub in subcommands.choices.values():
        if "--now" not in sub.format_usage():
            sub.add_argument("--now", type=instant, default=argparse.SUPPRESS, help="replaces the clock")
    return parser


def _help(add: Add) -> str:
    sentence = (add.__doc__ or "").splitlines()[0].rstrip(".")
    return sentence[:1].lower() + sentence[1:]


def _ask(parser: argparse.ArgumentParser, formats: Sequence[str]) -> None:
    parser.add_argument("text", help='the command, e.g. "usage 30d by model"')
    answering(parser, formats)


def answering(parser: argparse.ArgumentParser, formats: Sequence[str] = FORMATS) -> None:
    """Adds what every subcommand that answers takes."""
    parser.add_argument("--demo", action="store_true", help="ask the demo workspace: no key, no network")
    parser.add_argument("--fresh", action="store_true", help="with --demo: empty its folder first")
    parser.add_argument("--as", dest="who", metavar="WHO", help=f"{', '.join(ROLES)}, an e-mail or an id")
    parser.add_argument(
        "--where", default="channel", metavar="PLACE", help="channel, analysts, dm, shared or an id"
    )
    parser.add_argument("--format", choices=formats, default="text")
    parser.add_argument("--out", type=Path, default=Path("pulse-out"), help="folder for pictures and files")


def instant(text: str) -> datetime:
    """An ISO instant with a zone; raises argparse's own error otherwise."""
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        parsed = None
    if parsed is None or parsed.tzinfo is None:
        message = f"{text!r} is no instant with a zone, e.g. 2026-10-21T15:00:00Z"
        raise argparse.ArgumentTypeError(message)
    return parsed


def day(text: str) -> date:
    """A day as YYYY-MM-DD; raises argparse's own error otherwise."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is no day, e.g. 2026-10-21"
        raise argparse.ArgumentTypeError(message) from None
