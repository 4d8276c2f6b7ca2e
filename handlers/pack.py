"""`pack user|token|session X [RANGE] case ID "why" [A-12]`: the evidence as one signed zip."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Final

from bot.compliance.originals import Original
from bot.compliance.results import SubjectKind
from bot.kit.approving import Wanted, number_of, unpacked
from bot.kit.attached import attach_bytes
from bot.kit.audit import audit_footer, audit_log, events_fact, period, read_line, require_read
from bot.kit.cases import CASE, case_of
from bot.kit.command import Command, Option, Shows, Words
from bot.kit.deps import Deps
from bot.kit.packs import Evidence, Question, pack_bytes
from bot.kit.replies import asked_of
from bot.kit.words import plural
from bot.model.chat import File, Level, Reply, Request
from bot.model.errors import BadValue, NotAllowed
from bot.model.query import Query
from bot.model.ranges import Asked
from bot.state.approvals import Approval, Approvals

EXAMPLE: Final = 'pack session sess-41 7d case INC-12 "what was asked for at night"'
MOST_LINES: Final = 10_000
SUBJECTS: Final = {
    SubjectKind.USER: "a person, by e-mail address or user id",
    SubjectKind.TOKEN: "an access token, by id or name",
    SubjectKind.SESSION: "a session id",
}


async def run(request: Request, deps: Deps) -> Reply:
    """A zip for the asker; with an approval of the same content the original lines are in it."""
    asked, (number, query) = asked_of(request), _split(request.query)
    named = [kind for kind in SUBJECTS if query.option(kind)]
    if len(named) != 1:
        raise BadValue(f"Name one thing to pack: {', '.join(SUBJECTS)}.", EXAMPLE)
    case = case_of(query, EXAMPLE)
    wanted = Wanted(named[0], query.option(named[0]), asked.window, case.id, originals=True)
    held = None if number is None else await _approval(number, wanted, request, deps)
    question = Question(wanted.kind, wanted.subject, wanted.window, case.id, case.purpose, request.asker.id)
    evidence = await _evidence(question, held, deps)
    raw = await asyncio.to_thread(pack_bytes, evidence, deps.exports.signer())
    stem = f"codex-pack-{case.id.lower()}-{asked.window.start}-to-{asked.window.last}"
    path = deps.exports.new_folder() / f"{stem.replace('/', '-').replace('#', '')}.zip"
    file = await asyncio.to_thread(attach_bytes, path, "application/zip", raw)
    return _reply(evidence, file, asked)


def _split(query: Query) -> tuple[int | None, Query]:
    """The approval's number among the words, and the query without it."""
    numbers = [number for word in query.words if (number := number_of(word)) is not None]
    if len(numbers) > 1:
        raise BadValue("A pack rests on one approval.", EXAMPLE)
    words = tuple(word for word in query.words if number_of(word) is None)
    return (numbers[0] if numbers else None), replace(query, words=words)


async def _approval(number: int, wanted: Wanted, request: Request, deps: Deps) -> Approval:
    """An approval that lets the asker have exactly these originals now; NotAllowed for any other."""
    held = await Approvals(deps.state).get(number)
    if held is None or not held.opens(request.asker.id, request.now):
        raise NotAllowed
    given = unpacked(held.asked.subject)
    if given == replace(wanted, originals=False):
        raise BadValue(
            f"{held.id} is for redacted content; original lines have to be asked for.",
            f"{EXAMPLE.replace('pack', 'content', 1)} originals",
        )
    if given != wanted:
        raise NotAllowed
    return held


async def _evidence(question: Question, held: Approval | None, deps: Deps) -> Evidence:
    client = audit_log(deps)
    coverage = await client.coverage(question.window)
    found = await client.lines(question.kind, question.subject, question.window, MOST_LINES + 1)
    require_read(coverage)
    if not found:
        raise NotAllowed
    lines, cut = found[:MOST_LINES], len(found) > MOST_LINES
    originals: tuple[Original, ...] = await client.originals(lines) if held else ()
    return Evidence(question, lines, coverage, cut, held, originals)


def _reply(evidence: Evidence, file: File, asked: Asked) -> Reply:
    lines, gone = len(evidence.lines), sum(one.raw is None for one in evidence.originals)
    name = file.name
    more = f"; the log holds more, these are the oldest {lines:,}" if evidence.cut else ""
    parts = [f"{name} holds {plural(lines, 'line')} {period(asked)} for case {evidence.question.case}{more}."]
    if evidence.approval is None:
        parts.append("Without an approval it tells where each line stands and its hash, and no original.")
    else:
        kept = plural(lines - gone, "original line")
        parts.append(
            f"With {evidence.approval.id}: {kept} as the source has them, not redacted; {gone:,} gone."
        )
    parts.append(f"`codex-pulse verify {name} --key KEY` checks it offline; `codex-pulse key` tells the key.")
    return Reply(
        "pack",
        "\n".join([*parts, read_line(evidence.coverage)]),
        facts=(
            events_fact("pack_lines", "Lines", lines),
            events_fact("originals_gone", "Originals gone", gone),
        ),
        files=(file,),
        footer=audit_footer(evidence.coverage, asked.window),
    )


COMMAND = Command(
    name="pack",
    summary="Evidence for a case as one signed zip that verifies offline",
    run=run,
    usage='user|token|session X [RANGE] case ID "why" [A-12]',
    examples=(EXAMPLE, 'pack user dana.okafor@northwind.example 7d case INC-12 "use at night" A-12'),
    level=Level.INVESTIGATOR,
    shows=Shows.AUDIT,
    default_range="7d",
    options=(*(Option(kind, help_) for kind, help_ in SUBJECTS.items()), CASE),
    words=Words.SOME,
    repeatable=False,
)
