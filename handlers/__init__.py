"""Every command, listed. Manifest, README table, help and the Teams list are generated from it."""

from __future__ import annotations

from bot.kit.command import Command
from handlers import activity, models, usage
from handlers import help as help_command

COMMANDS: tuple[Command, ...] = (
    usage.COMMAND,
    activity.COMMAND,
    models.COMMAND,
    help_command.command(lambda: COMMANDS),
)
