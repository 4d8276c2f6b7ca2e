"""Every command, listed. Manifest, README table, help and the Teams list are generated from it."""

from __future__ import annotations

from bot.kit.command import Command
from handlers import (
    explain,
    export,
    share,
    usage,
)
from handlers import help as help_command

COMMANDS: tuple[Command, ...] = (
    usage.COMMAND,
    export.COMMAND,
    explain.COMMAND,
    share.COMMAND,
    help_command.command(lambda: COMMANDS),
)
