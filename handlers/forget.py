"""`forget EMAIL [yes]`: takes a person out of history and state. Figures stay; the name goes for good."""

from __future__ import annotations

from dataclasses import dataclass

from bot.kit.command import Command, Shows, Words
from bot.kit.deps import Deps
from bot.kit.words import plural
from bot.model.chat import Action, Level, Reply, Request
from bot.model.errors import BadValue
from bot.state.forgetting import Forgetting, StateRows
from bot.state.trail import Json, Trail

YES = "yes"
EXAMPLE = "forget ana@example.com"
KEPT = "Lines of the audit trail and audit records stay until their own retention ends."


@dataclass(frozen=True, slots=True)
class _Person:
    """The address as held, else as typed; ids in usage, and every name under which state may know them."""

    email: str
    user_ids: frozenset[str]
    names: frozenset[str]


async def run(request: Request, deps: Deps) -> Reply:
    """Without `yes`: what would go. With it: gone, and a line in the trail."""
    person = await _person(request, deps)
    found = await Forgetting(deps.state).count(person.names)
    days = await deps.analytics.days_of(person.user_ids) if person.user_ids else 0
    if not person.user_ids and not found.total:
        return Reply("forget", f"Nothing is held about {person.email}; nothing was changed.")
    if not request.query.has(YES):
        return _question(person, found, days)
    return await _forgotten(person, request, deps)


async def _person(request: Request, deps: Deps) -> _Person:
    words = request.query.words
    if not words or "@" not in words[0]:
        raise BadValue("Whom? Name one person by e-mail address.", EXAMPLE)
    email, others = words[0], (word.strip("<>").removeprefix("@") for word in words[1:])
    people = await deps.analytics.people()
    same = [p for p in people.values() if p.email and p.email.casefold() == email.casefold()]
    user_ids = frozenset(p.user_id for p in same)
    directory = deps.analytics.directory
    chat_id = directory.chat_of_email(email) if directory else None
    names = {email, *user_ids, *others, *((chat_id,) if chat_id else ())}
    return _Person(same[0].email or email if same else email, user_ids, frozenset(names))


def _question(person: _Person, found: StateRows, days: int) -> Reply:
    again = f"forget {person.email} {YES}"
    text = (
        f"This would take {person.email} out of the list of people and put a pseudonym in their place on "
        f"{plural(days, 'day')} of usage, and delete {_rows(found)}. It cannot be undone.\n"
        f"Totals stay the same. {KEPT} Type `{again}` to do it."
    )
    return Reply("forget", text, actions=(Action("forget-yes", "Forget this person", again),))


async def _forgotten(person: _Person, request: Request, deps: Deps) -> Reply:
    """State and trail first: the address leads to the history until that is done, so it can be repeated."""
    rows = await Forgetting(deps.state).forget(person.names)
    pseudonyms: list[Json] = [deps.analytics.pseudonym(user_id) for user_id in sorted(person.user_ids)]
    subject: dict[str, Json] = {"people": pseudonyms, "state_rows": rows.total}
    await Trail(deps.state).append(request.asker.id, "forget", subject, request.now)
    days = await deps.analytics.forget(person.user_ids) if person.user_ids else 0
    text = (
        f"{person.email} is forgotten: a pseudonym stands on {plural(days, 'day')} of usage, and "
        f"{_rows(rows)} are deleted.\nTotals stay the same; pulling those days again brings nothing back. "
        f"{KEPT} Take the address out of directory and policy files too."
    )
    return Reply("forget", text)


def _rows(rows: StateRows) -> str:
    return (
        f"{plural(rows.receipts, 'receipt')}, {plural(rows.subscriptions, 'subscription')} and "
        f"{plural(rows.deliveries, 'delivery', 'deliveries')}"
    )


COMMAND = Command(
    name="forget",
    summary="Take a person out of the history, for good",
    run=run,
    usage="EMAIL [CHAT_ID] [yes]",
    examples=("forget ana@example.com",),
    level=Level.ADMIN,
    shows=Shows.PRIVATE,
    ranged=False,
    words=Words.SOME,
    flags=(YES,),
    repeatable=False,
)
