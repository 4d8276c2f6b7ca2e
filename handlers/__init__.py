"""Every command, listed. Manifest, README table, help and the Teams list are generated from it."""

from __future__ import annotations

from bot.kit.command import Command
from handlers import help as help_command
from handlers import overview, top, usage

COMMANDS: tuple[Command, ...] = (
    overview.COMMAND,
    top.COMMAND,
    usage.COMMAND,
    help_command.command(lambda: COMMANDS),
)
