"""`subscriptions`: what is posted by itself, where and when."""

from __future__ import annotations

from bot.kit.command import Command, Shows
from bot.kit.deps import Deps
from bot.kit.subscribed import managed, subscriptions_table
from bot.kit.words import plural
from bot.model.chat import Level, Reply, Request


async def run(request: Request, deps: Deps) -> Reply:
    """The asker's own, or everybody's for an admin."""
    found = await managed(request, deps)
    whose = "" if request.asker.has(Level.ADMIN) else " of yours"
    if not found:
        slash = deps.company.slash
        return Reply("subscriptions", f"There are no subscriptions{whose}. Try `{slash} subscribe weekly`.")
    verb = "is" if len(found) == 1 else "are"
    text = f"There {verb} {plural(len(found), 'subscription')}{whose}."
    return Reply("subscriptions", text, table=subscriptions_table(found))


COMMAND = Command(
    name="subscriptions",
    summary="What is posted by itself, where and when",
    run=run,
    examples=("subscriptions",),
    shows=Shows.PRIVATE,
    ranged=False,
    repeatable=False,
)
