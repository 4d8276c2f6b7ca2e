"""A server that speaks contract.md, with a demo workspace behind it.

It imports nothing of the rest of the product, so that client and server can disagree.
"""

from __future__ import annotations

from bot.reference.command import add_arguments, options_from, run
from bot.reference.faults import GENERATIONS, Faults
from bot.reference.options import Options
from bot.reference.people import DemoPerson, demo_people
from bot.reference.roster import demo_directory
from bot.reference.server import Running, Seen, serve

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
