"""Every command, listed. Manifest, README table, help and the Teams list are generated from it."""

from __future__ import annotations

from bot.kit.command import Command
from handlers import (
    ack,
    alerts,
    budget,
    overview,
    planned,
    usage,
)
from handlers import help as help_command

COMMANDS: tuple[Command, ...] = (
    overview.COMMAND,
    usage.COMMAND,
    budget.COMMAND,
    alerts.COMMAND,
    ack.COMMAND,
    planned.COMMAND,
    help_command.command(lambda: COMMANDS),
)
