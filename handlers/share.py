"""`share [R-...]`: puts a private answer into the conversation, where that may be seen."""

from __future__ import annotations

from dataclasses import replace

from bot.kit.command import Command, Shows, Words
from bot.kit.deps import Deps
from bot.kit.receipts import check_owner, may_share, receipt_named
from bot.model.chat import Audience, Reply, Request
from bot.model.errors import NotAllowed


async def run(request: Request, deps: Deps) -> Reply:
    """The answer again, over the same window, with what may be shown here."""
    receipt = await receipt_named(request, deps)
    if receipt is None:
        return Reply(
            "share", "You have no answer yet to share: ask one first, for example `usage 30d private`."
        )
    again = deps.dispatch()
    asked = replace(request, text=receipt.answer.command, now=receipt.created_at)
    command = again.command_of(asked)
    check_owner(command, receipt, request)
    if not may_share(command, request.place):
        raise NotAllowed("a conversation in which that may be shown", "the `[policy]` table")
    reply = await again.run(asked)
    return replace(reply, audience=Audience.HERE, footer=replace(reply.footer, receipt=receipt.id))


COMMAND = Command(
    name="share",
    summary="Shows a private answer of yours to everyone in the conversation",
    run=run,
    usage="[R-...]",
    examples=("share",),
    shows=Shows.AGGREGATES,
    ranged=False,
    words=Words.SOME,
    repeatable=False,
)
