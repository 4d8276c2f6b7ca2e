"""Every command, listed. Manifest, README table, help and the Teams list are generated from it."""

from __future__ import annotations

from bot.kit.command import Command
from handlers import define, forget, me, overview, status, teams, top, usage, user
from handlers import help as help_command

COMMANDS: tuple[Command, ...] = (
    overview.COMMAND,
    usage.COMMAND,
    teams.COMMAND,
    top.COMMAND,
    me.COMMAND,
    user.COMMAND,
    status.COMMAND,
    define.COMMAND,
    forget.COMMAND,
    help_command.command(lambda: COMMANDS),
)
