"""`export KIND [csv|json] [RANGE] [emails]`: a file with its signed receipt, for the asker.

`export events` is a look-up in the audit log: for investigators, with a case and a purpose, and in the trail.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.analytics.exporting import ExportResult
from bot.kit.cases import CASE
from bot.kit.command import Command, Option, Shows, Words
from bot.kit.deps import Deps
from bot.kit.encoding import Form
from bot.kit.eventexport import EVENTS, EXAMPLE, event_export
from bot.kit.exportreceipts import usage_document
from bot.kit.levels import THE_OWNER
from bot.kit.replies import asked_of, basis_of, cautions, footer_of, when
from bot.kit.words import plural
from bot.metrics.exportcolumns import ExportKind
from bot.model.chat import Fact, File, Level, Reply, Request, Unit
from bot.model.errors import BadValue, NotAllowed
from bot.model.query import Query
from bot.model.ranges import Asked

EMAILS = "emails"
KINDS = "what: workspace, users (needs analyst), reviews, or events (needs investigator and a case)"
ROWS_OF = {
    ExportKind.WORKSPACE: "one per day of the whole workspace",
    ExportKind.USERS: "one per person and day",
    ExportKind.REVIEWS: "one per day of code reviews and the answers to them",
}


async def run(request: Request, deps: Deps) -> Reply:
    """Two files: the rows and the receipt."""
    asked, form = asked_of(request), Form(request.query.option("format", Form.CSV))
    if request.query.option("kind") == EVENTS:
        _check_emails(EVENTS, emails=request.query.has(EMAILS), allowed=deps.company.allow_emails)
        return await event_export(request, deps, form)
    kind, emails = _kind(request.query), request.query.has(EMAILS)
    _check_emails(kind, emails=emails, allowed=deps.company.allow_emails)
    with deps.exports.writing(_stem(kind, form, asked, emails=emails), form) as file:
        result = await deps.analytics.export(kind, asked.window, file, emails=emails)
        files = await asyncio.to_thread(file.sealed, usage_document(result), deps.exports.signer())
        row_count = file.row_count
    return _reply(result, asked, row_count, files)


def _kind(query: Query) -> ExportKind:
    if not query.option("kind"):
        raise BadValue("What shall be exported: workspace, users, reviews or events?", COMMAND.examples[0])
    if query.option("case"):
        raise BadValue("Only `export events` is for a case.", EXAMPLE)
    return ExportKind(query.option("kind"))


def _check_emails(kind: str, *, emails: bool, allowed: bool) -> None:
    if emails and kind != ExportKind.USERS:
        raise BadValue(f"`{kind}` holds no e-mail addresses.", "export users csv 30d emails")
    if emails and not allowed:
        raise NotAllowed("e-mail addresses in exports, which are switched off for this workspace", THE_OWNER)


def _stem(kind: ExportKind, form: Form, asked: Asked, *, emails: bool) -> str:
    """`codex-users-emails-csv-2026-09-21-to-2026-10-20`: each export has its own name, so its own receipt."""
    words = ("codex", kind.value, *([EMAILS] if emails else []), form.value)
    return "-".join((*words, asked.window.start.isoformat(), "to", asked.window.last.isoformat()))


def _reply(result: ExportResult, asked: Asked, row_count: int, files: tuple[File, File]) -> Reply:
    coverage = result.coverage
    held = coverage.window.day_count - len(coverage.missing_days)
    text = f"{plural(row_count, 'row')}, {ROWS_OF[result.kind]}, {when(asked, coverage)}."
    check = f"`codex-pulse verify {files[0].name}` tells whether the file is as it was made."
    return Reply(
        "export",
        "\n".join([text, check, *cautions(coverage, asked)]),
        facts=(Fact("days", "Days held", plural(held, "day"), held, Unit.DAYS),),
        files=files,
        footer=footer_of(coverage),
        basis=basis_of(coverage),
    )


def _by_kind(command: Command, query: Query) -> Command:
    """Rows of people need more than rows of the workspace; events are a look-up, with a purpose."""
    match query.option("kind"):
        case ExportKind.USERS:
            return replace(command, level=Level.ANALYST, shows=Shows.PEOPLE, words=Words.NONE)
        case "events":
            return replace(command, level=Level.INVESTIGATOR, shows=Shows.AUDIT)
        case _:
            return replace(command, words=Words.NONE)


COMMAND = Command(
    name="export",
    summary="A CSV or JSON file with a signed receipt: workspace, users, code reviews or events",
    run=run,
    usage='workspace|users|reviews|events [csv|json] [RANGE] [emails] [case ID "why"]',
    examples=("export workspace csv 30d", "export users csv 30d", "export reviews json this month", EXAMPLE),
    shows=Shows.PRIVATE,
    options=(
        Option("kind", KINDS, (*ExportKind, EVENTS), bare=True),
        Option("format", "csv (the default) or json", tuple(Form), bare=True),
        CASE,
    ),
    flags=(EMAILS,),
    words=Words.SOME,
    variant=_by_kind,
    repeatable=False,
)
