"""Every command, listed. Manifest, README table, help and the Teams list are generated from it."""

from __future__ import annotations

from bot.kit.command import Command
from handlers import (
    ack,
    activity,
    agents,
    alerts,
    blocked,
    budget,
    digest,
    investigate,
    models,
    overview,
    pause,
    planned,
    resume,
    subscribe,
    subscriptions,
    tokens,
    tools,
    trail,
    unsubscribe,
    usage,
)
from handlers import help as help_command

COMMANDS: tuple[Command, ...] = (
    overview.COMMAND,
    usage.COMMAND,
    activity.COMMAND,
    models.COMMAND,
    digest.COMMAND,
    subscribe.COMMAND,
    subscriptions.COMMAND,
    unsubscribe.COMMAND,
    pause.COMMAND,
    resume.COMMAND,
    budget.COMMAND,
    alerts.COMMAND,
    ack.COMMAND,
    planned.COMMAND,
    tools.COMMAND,
    agents.COMMAND,
    blocked.COMMAND,
    investigate.COMMAND,
    tokens.COMMAND,
    trail.COMMAND,
    help_command.command(lambda: COMMANDS),
)
