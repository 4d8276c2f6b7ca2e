"""`unsubscribe [ID]`: ends a subscription."""

from __future__ import annotations

from bot.kit.command import Command, Words
from bot.kit.deps import Deps
from bot.kit.subscribed import named
from bot.model.chat import Reply, Request
from bot.state.subscriptions import Subscriptions


async def run(request: Request, deps: Deps) -> Reply:
    """Remove the one named, or the only one of this place; its past posts stay."""
    found = await named(request, deps)
    await Subscriptions(deps.state).remove(found.id)
    return Reply("unsubscribe", f"{found.id} (`{found.wanted.command}`) is not posted any more.")


COMMAND = Command(
    name="unsubscribe",
    summary="Ends a subscription: yours, or any for admins",
    run=run,
    usage="[ID]",
    examples=("unsubscribe", "unsubscribe S-7K3M9QXD"),
    ranged=False,
    words=Words.SOME,
    repeatable=False,
)
