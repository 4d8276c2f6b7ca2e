"""`deny A-12`: the second person says no."""

from __future__ import annotations

from bot.kit.approving import decide
from bot.kit.command import Command, Shows, Words
from bot.kit.deps import Deps
from bot.model.chat import Level, Reply, Request


async def run(request: Request, deps: Deps) -> Reply:
    """Deny somebody else's request; the first decision counts."""
    return await decide(request, deps, approve=False)


COMMAND = Command(
    name="deny",
    summary="Deny somebody else's request to read content",
    run=run,
    usage="A-12",
    examples=("deny A-12",),
    level=Level.APPROVER,
    shows=Shows.AUDIT,
    ranged=False,
    words=Words.SOME,
    repeatable=False,
)
