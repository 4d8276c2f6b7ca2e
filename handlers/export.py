"""`export KIND [csv|json] [RANGE] [emails]`: a file with its signed receipt, for the asker."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.analytics.exporting import ExportResult
from bot.kit.command import Command, Option, Shows
from bot.kit.deps import Deps
from bot.kit.encoding import Form
from bot.kit.levels import THE_OWNER
from bot.kit.replies import asked_of, basis_of, cautions, footer_of, when
from bot.kit.words import plural
from bot.metrics.exportcolumns import ExportKind
from bot.model.chat import Fact, File, Level, Reply, Request, Unit
from bot.model.errors import BadValue, NotAllowed
from bot.model.query import Query
from bot.model.ranges import Asked

EMAILS = "emails"
ROWS_OF = {
    ExportKind.WORKSPACE: "one per day of the whole workspace",
    ExportKind.USERS: "one per person and day",
    ExportKind.REVIEWS: "one per day of code reviews and the answers to them",
}


async def run(request: Request, deps: Deps) -> Reply:
    """Two files: the rows and the receipt."""
    asked, form = asked_of(request), Form(request.query.option("format", Form.CSV))
    kind, emails = _kind(request.query), request.query.has(EMAILS)
    _check_emails(kind, emails=emails, allowed=deps.company.allow_emails)
    with deps.exports.writing(_stem(kind, form, asked, emails=emails), form) as file:
        result = await deps.analytics.export(kind, asked.window, file, emails=emails)
        files = await asyncio.to_thread(file.sealed, result, deps.exports.signer())
        row_count = file.row_count
    return _reply(result, asked, row_count, files)


def _kind(query: Query) -> ExportKind:
    if not query.option("kind"):
        raise BadValue("What shall be exported: workspace, users or reviews?", COMMAND.examples[0])
    return ExportKind(query.option("kind"))


def _check_emails(kind: ExportKind, *, emails: bool, allowed: bool) -> None:
    if emails and kind is not ExportKind.USERS:
        raise BadValue(f"`{kind}` holds no people, so no e-mail addresses.", "export users csv 30d emails")
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


def _by_person(command: Command, query: Query) -> Command:
    """Rows of people need more than rows of the workspace."""
    if query.option("kind") != ExportKind.USERS:
        return command
    return replace(command, level=Level.ANALYST, shows=Shows.PEOPLE)


COMMAND = Command(
    name="export",
    summary="A CSV or JSON file with a signed receipt: the workspace, its users or its code reviews by day",
    run=run,
    usage="workspace|users|reviews [csv|json] [RANGE] [emails]",
    examples=("export workspace csv 30d", "export users csv 30d", "export reviews json this month"),
    shows=Shows.PRIVATE,
    options=(
        Option("kind", "what: workspace, users (needs analyst) or reviews", tuple(ExportKind), bare=True),
        Option("format", "csv (the default) or json", tuple(Form), bare=True),
    ),
    flags=(EMAILS,),
    variant=_by_person,
    repeatable=False,
)
