"""A server that speaks contract.md, with a demo workspace behind it.

It imports nothing of the rest of the product, so that client and server can disagree. The server itself is
imported when it is asked for: a command line that only names it need not wait for it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from bot.reference.faults import GENERATIONS, Faults
from bot.reference.options import Options

if TYPE_CHECKING:
    from bot.reference.command import add_arguments, options_from, run
    from bot.reference.people import DemoPerson, demo_people
    from bot.reference.roster import demo_directory
    from bot.reference.running import Running, Seen
    from bot.reference.server import serve

_WHERE = {
    "add_arguments": "command",
    "options_from": "command",
    "run": "command",
    "DemoPerson": "people",
    "demo_people": "people",
    "demo_directory": "roster",
    "Running": "running",
    "Seen": "running",
    "serve": "server",
}

__all__ = [
    "GENERATIONS",
    "DemoPerson",
    "Faults",
    "Options",
    "Running",
    "Seen",
    "add_arguments",
    "demo_directory",
    "demo_people",
    "options_from",
    "run",
    "serve",
]


def __getattr__(name: str) -> object:
    if name not in _WHERE:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
