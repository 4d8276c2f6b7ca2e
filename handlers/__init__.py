"""Every command, listed. Manifest, README table, help and the Teams list are generated from it."""

from __future__ import annotations

from bot.kit.command import Command
from handlers import activity, adoption, models, reviews, usage
from handlers import help as help_command

COMMANDS: tuple[Command, ...] = (
    usage.COMMAND,
    adoption.COMMAND,
    activity.COMMAND,
    models.COMMAND,
    reviews.COMMAND,
    help_command.command(lambda: COMMANDS),
)
