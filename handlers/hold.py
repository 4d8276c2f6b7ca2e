"""`hold set user X RANGE case INC-12`, `hold list`, `hold release H-2`: what retention leaves alone."""

from __future__ import annotations

import re
from typing import Final

from bot.compliance.results import SubjectKind
from bot.kit.audit import audit_log
from bot.kit.cases import CASE, CASE_ID
from bot.kit.command import Command, Option, Shows, Words
from bot.kit.deps import Deps
from bot.kit.replies import asked_of
from bot.kit.words import plural, span
from bot.model.chat import Column, Level, Reply, Request, Table
from bot.model.errors import BadValue
from bot.state.holds import Holds, LegalHold, NewHold

EXAMPLE: Final = "hold set user dana.okafor@northwind.example 2026-09-01..2026-10-01 case INC-12"
NUMBER: Final = re.compile(r"[Hh]-(\d{1,9})")
SUBJECTS: Final = {
    SubjectKind.USER: "a person, by e-mail address or user id",
    SubjectKind.TOKEN: "an access token, by id or name",
    SubjectKind.SESSION: "a session id",
}
COLUMNS: Final = (
    Column("id", "Hold"),
    Column("subject", "Subject"),
    Column("window", "Days (UTC)"),
    Column("case", "Case"),
    Column("set_by", "Set by"),
)


async def run(request: Request, deps: Deps) -> Reply:
    """Set, list or release; the trail keeps each of them."""
    match [word.casefold() for word in request.query.words]:
        case ["set"]:
            return await _set(request, deps)
        case [] | ["list"]:
            return _listed(await Holds(deps.state).standing())
        case ["release", name] if found := NUMBER.fullmatch(name):
            return await _release(int(found[1]), request, deps)
    raise BadValue("A hold is set, listed or released.", EXAMPLE)


async def _set(request: Request, deps: Deps) -> Reply:
    query, window = request.query, asked_of(request).window
    named = [kind for kind in SUBJECTS if query.option(kind)]
    if len(named) != 1 or not CASE_ID.fullmatch(query.option("case")):
        raise BadValue("A hold needs one subject and a case.", EXAMPLE)
    subject = await audit_log(deps).resolved(named[0], query.option(named[0]), window)
    if named[0] is SubjectKind.USER and "@" in subject:
        raise BadValue("Nobody with that address is known; name the user id.", EXAMPLE)
    new = NewHold(named[0].value, subject, window, query.option("case"), request.asker.id)
    held = await Holds(deps.state).set(new, request.now)
    text = f"{held.id} keeps events of {named[0].value} {subject} in {span(window)} for case {new.case}."
    return Reply("hold", f"{text}\nRetention leaves them alone until `hold release {held.id}`.")


async def _release(number: int, request: Request, deps: Deps) -> Reply:
    if not await Holds(deps.state).release(number, request.asker.id, request.now):
        raise BadValue(f"There is no hold H-{number}.", "hold list")
    return Reply("hold", f"H-{number} is released: retention applies again from its next run.")


def _listed(holds: tuple[LegalHold, ...]) -> Reply:
    rows = tuple(
        (one.id, f"{one.held.kind} {one.held.subject}", span(one.held.window), one.held.case, one.held.set_by)
        for one in holds
    )
    text = (
        f"{plural(len(holds), 'legal hold stands', 'legal holds stand')}."
        if holds
        else "No legal hold stands."
    )
    return Reply("hold", text, table=Table(COLUMNS, rows, "Legal holds") if rows else None)


COMMAND = Command(
    name="hold",
    summary="Keep a subject's events beyond retention, for a case",
    run=run,
    usage="set user|token|session X RANGE case ID, list, release H-2",
    examples=(EXAMPLE, "hold list", "hold release H-2"),
    level=Level.INVESTIGATOR,
    shows=Shows.AUDIT,
    options=(*(Option(kind, help_) for kind, help_ in SUBJECTS.items()), CASE),
    words=Words.SOME,
    repeatable=False,
)
