"""`me [RANGE]`: the asker's own figures, shown to nobody else."""

from __future__ import annotations

from bot.kit.command import Command, Shows
from bot.kit.deps import Deps
from bot.kit.personal import Whose, personal_reply
from bot.kit.replies import asked_of
from bot.model.chat import Asker, Reply, Request
from bot.model.errors import WrongUse


async def run(request: Request, deps: Deps) -> Reply:
    """Own figures by surface and model, streak and calendar; tells an unlinked person how to get linked."""
    asked, asker = asked_of(request), request.asker
    if asker.codex_user_id is None:
        raise _unlinked(asker)
    result = await deps.analytics.person(asker.codex_user_id, asked.window, asked.before)
    return personal_reply(result, asked, Whose("me", "You", "You"))


def _unlinked(asker: Asker) -> WrongUse:
    """Nobody with this address has used Codex, or the chat account has no address we may read."""
    if asker.email:
        message = "No Codex usage is held under the e-mail address of your chat profile."
    else:
        message = "Your chat account is not linked to a person who uses Codex."
    return WrongUse(
        message,
        "Use the address of your ChatGPT account in your chat profile, or ask an admin to add your chat id "
        f"`{asker.id}` to the directory file (column chat_id).",
    )


COMMAND = Command(
    name="me",
    summary="Your own figures, streak and calendar, for your eyes only",
    run=run,
    usage="[RANGE]",
    examples=("me", "me 90d"),
    shows=Shows.OWN,
)
