"""`content user X 7d case INC-12 "why"`, then `content A-12`: what was said, after a second person agreed.

With `originals` the request is for the original lines in an evidence pack too; approvers are told so.
"""

from __future__ import annotations

import asyncio
from typing import Final

from bot.compliance.originals import Original
from bot.compliance.results import SubjectKind
from bot.kit.approving import Wanted, names_of, number_of, request_reply, unpacked
from bot.kit.audit import audit_log
from bot.kit.cases import CASE, case_of
from bot.kit.command import Command, Option, Shows, Words
from bot.kit.contents import Shown, shown, withheld_line
from bot.kit.deps import Deps
from bot.kit.replies import asked_of
from bot.kit.words import plural, span
from bot.metrics.events.lines import SourceLine
from bot.model.chat import Column, Level, Reply, Request, Table
from bot.model.errors import BadSetting, BadValue, NotAllowed
from bot.model.redaction import Redactor
from bot.state.approvals import Approval, Approvals, NewApproval

EXAMPLE: Final = 'content session sess-41 7d case INC-12 "what was asked for at night"'
ORIGINALS: Final = "originals"
MOST_LINES: Final = 20
COUNTED_LINES: Final = 10_000
"""As many as an evidence pack holds; a subject with more is said to have more than that."""
SUBJECTS: Final = {
    SubjectKind.USER: "a person, by e-mail address or user id",
    SubjectKind.TOKEN: "an access token, by id or name",
    SubjectKind.SESSION: "a session id",
}


async def run(request: Request, deps: Deps) -> Reply:
    """Ask for content, or with an approval's number read it once more from the source."""
    words = request.query.words
    number = number_of(words[0]) if len(words) == 1 else None
    return await (_request(request, deps) if number is None else _read(number, request, deps))


async def _request(request: Request, deps: Deps) -> Reply:
    query = request.query
    named = [kind for kind in SUBJECTS if query.option(kind)]
    if len(named) != 1:
        raise BadValue(f"Name one thing to read: {', '.join(SUBJECTS)}.", EXAMPLE)
    case, window = case_of(query, EXAMPLE), asked_of(request).window
    subject, requester = query.option(named[0]), names_of(request.asker)
    wanted = Wanted(named[0], subject, window, case.id, query.has(ORIGINALS), requester)
    lines = await _lines_of(wanted, deps)
    if not lines:
        raise NotAllowed
    told = _extent(len(lines))
    asked = NewApproval(request.asker.id, wanted.packed(), case.purpose)
    held = await Approvals(deps.state).request(asked, request.now)
    news = request_reply(held, wanted, request.asker.id, told)
    posted = deps.notices is not None and await deps.notices.security(news)
    where = "The security channel was told." if posted else f"Ask an approver to type `approve {held.id}`."
    return Reply(
        "content",
        f"{held.id}: content of {told} in {span(window)} is asked for; a second "
        f"person has 30 minutes to decide. {where}\nThen `content {held.id}` shows it for 60 minutes.",
    )


async def _read(number: int, request: Request, deps: Deps) -> Reply:
    held = await Approvals(deps.state).get(number)
    if held is None or not held.opens(request.asker.id, request.now):
        raise NotAllowed
    wanted = unpacked(held.asked.subject)
    lines = await _lines_of(wanted, deps)
    originals = await audit_log(deps).originals(lines[:MOST_LINES])
    parts = await asyncio.to_thread(_shown, originals, deps)
    return Reply("content", _text(held, wanted, parts, len(lines)), table=_table(parts))


def _shown(originals: tuple[Original, ...], deps: Deps) -> tuple[Shown, ...]:
    return shown(originals, redactor_of(deps))


async def _lines_of(wanted: Wanted, deps: Deps) -> tuple[SourceLine, ...]:
    return await audit_log(deps).lines(wanted.kind, wanted.subject, wanted.window, COUNTED_LINES + 1)


def _extent(count: int) -> str:
    """`8 lines`, `the first 20 of 82 lines`, `the first 20 of more than 10,000 lines`."""
    if count <= MOST_LINES:
        return plural(count, "line")
    more = "more than " if count > COUNTED_LINES else ""
    return f"the first {MOST_LINES} of {more}{plural(min(count, COUNTED_LINES), 'line')}"


def redactor_of(deps: Deps) -> Redactor:
    """The redactor; raises BadSetting where none is installed: content is never shown without."""
    if deps.redactor is None:
        raise BadSetting(
            "Content is shown redacted only.", 'Install it: pip install "codex-pulse[redaction]".'
        )
    return deps.redactor()


def _text(held: Approval, wanted: Wanted, parts: tuple[Shown, ...], count: int) -> str:
    gone = sum(not part.sha256 for part in parts)
    extent = plural(len(parts) - gone, "line") if gone else _extent(count)
    lines = [f"Content of {extent} for case {wanted.case}, approved as {held.id}.", withheld_line(parts)]
    if count > len(parts):
        lines.append(f"These are the oldest {len(parts)}; later ones take a request for a shorter range.")
    if gone:
        lines.append(f"{plural(gone, 'line')} no longer available from the source.")
    lines += [f"*{part.heading}*\n{part.text}" for part in parts]
    return "\n".join(lines)


def _table(parts: tuple[Shown, ...]) -> Table:
    rows = tuple((part.heading, part.sha256 or None) for part in parts)
    return Table((Column("line", "Line"), Column("sha256", "SHA-256 of what is shown")), rows)


COMMAND = Command(
    name="content",
    summary="Read what was said, redacted, after a second person agreed",
    run=run,
    usage='user|token|session X [RANGE] case ID "why" [originals], then A-12',
    examples=(EXAMPLE, "content A-12"),
    level=Level.INVESTIGATOR,
    shows=Shows.AUDIT,
    default_range="7d",
    options=(*(Option(kind, help_) for kind, help_ in SUBJECTS.items()), CASE),
    words=Words.SOME,
    flags=(ORIGINALS,),
    repeatable=False,
)
