"""`askowner AL-3`: a direct message to whom a security alert is about."""

from __future__ import annotations

from bot.kit.alertids import alert_named
from bot.kit.alerting import headline, is_security, owner_of
from bot.kit.command import Command, Shows, Words
from bot.kit.deps import Deps
from bot.model.chat import Level, Reply, Request
from bot.model.errors import BadValue
from bot.state.alerts import Alert


async def run(request: Request, deps: Deps) -> Reply:
    """Ask once more each time; says so when the owner cannot be reached."""
    alert = await alert_named(request.query.words, deps, "askowner", request.asker)
    owner = owner_of(alert)
    if owner is None or not is_security(alert):
        raise BadValue(f"{alert.id} is about nobody in particular.", "alerts")
    return Reply("askowner", await _asked(alert, owner, deps))


async def _asked(alert: Alert, owner: str, deps: Deps) -> str:
    person = (await deps.analytics.people()).get(owner)
    directory = deps.analytics.directory
    email = person.email if person else None
    chat_id = directory.chat_of_email(email) if directory and email else None
    if chat_id is None and email and deps.notices is not None:
        chat_id = await deps.notices.chat_of_email(email)
    if chat_id is None:
        nowhere = "neither the directory nor the chat platform knows an account"
        return f"Nobody was asked about {alert.id}: {nowhere} of {email or owner}."
    answer = f"`{deps.company.slash} answer {alert.id} your words`"
    news = f"{headline(alert)}\nIs that yours, and what is it for? Please type {answer}."
    if deps.notices is None or not await deps.notices.person(chat_id, news):
        return f"{email} could not be reached, so nobody was asked about {alert.id}."
    return f"{email} was asked about {alert.id}; the answer will stand with the alert and in the trail."


COMMAND = Command(
    name="askowner",
    summary="Ask the owner of a token or of a change what it is for",
    run=run,
    usage="AL-3",
    examples=("askowner AL-3",),
    level=Level.INVESTIGATOR,
    also=(Level.ADMIN,),
    shows=Shows.AUDIT,
    ranged=False,
    words=Words.SOME,
    repeatable=False,
)
