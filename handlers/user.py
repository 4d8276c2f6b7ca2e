"""`user X [RANGE]`: one person's figures. X is an e-mail address, a user id or a mention."""

from __future__ import annotations

from bot.kit.command import Command, Shows, Words
from bot.kit.deps import Deps
from bot.kit.people import nobody
from bot.kit.personal import Whose, personal_reply
from bot.kit.replies import asked_of
from bot.model.chat import Level, Reply, Request
from bot.model.errors import BadValue

EXAMPLE = "user ana@example.com 30d"


async def run(request: Request, deps: Deps) -> Reply:
    """Figures by surface and model, streak and calendar of the person named."""
    asked, words = asked_of(request), " ".join(request.query.words)
    if not words:
        raise BadValue("Whose figures? Name somebody by e-mail address, user id or mention.", EXAMPLE)
    person = await deps.analytics.find_person(words)
    if person is None:
        raise nobody(words, await deps.analytics.people())
    result = await deps.analytics.person(person.user_id, asked.window, asked.before)
    name = person.email or person.user_id
    return personal_reply(result, asked, Whose(f"user {person.user_id}", name, name.partition("@")[0]))


COMMAND = Command(
    name="user",
    summary="One person's figures by surface and model, streak and calendar",
    run=run,
    usage="WHO [RANGE]",
    examples=("user dana.okafor@northwind.example 30d",),
    level=Level.ANALYST,
    shows=Shows.PEOPLE,
    words=Words.SOME,
)
