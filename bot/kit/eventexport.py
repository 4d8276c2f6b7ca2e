"""`export events`: the held metadata of the audit log as a file with its signed receipt, for a case."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from bot.kit.audit import audit_footer, audit_log, events_fact, period, read_line, require_read
from bot.kit.cases import Case, case_of
from bot.kit.deps import Deps
from bot.kit.encoding import Form
from bot.kit.exportreceipts import lake_files
from bot.kit.packs import coverage_document
from bot.kit.replies import asked_of
from bot.kit.words import plural
from bot.lake import CONTRACT_VERSION
from bot.model.chat import Reply, Request
from bot.model.ranges import Asked

if TYPE_CHECKING:
    from bot.compliance.exporting import EventExport
    from bot.sync.events.coverage import Coverage

EVENTS: Final = "events"
EXAMPLE: Final = 'export events csv 7d case INC-12 "what happened that week"'


async def event_export(request: Request, deps: Deps, form: Form) -> Reply:
    """Two files: the rows and the receipt."""
    asked, case, client = asked_of(request), case_of(request.query, EXAMPLE), audit_log(deps)
    with deps.exports.writing(_stem(form, asked), form) as file:
        done = await client.export(asked.window, file)
        coverage = await client.coverage(asked.window)
        require_read(coverage)
        told = _document(done, coverage, case, request)
        files = await asyncio.to_thread(file.sealed, told, deps.exports.signer())
    lines = [
        f"{plural(file.row_count, 'event')} {period(asked)} for case {case.id}, without content.",
        f"`codex-pulse verify {files[0].name}` tells whether the file is as it was made.",
        read_line(coverage),
    ]
    return Reply(
        "export",
        "\n".join(lines),
        facts=(events_fact("exported_events", "Events", file.row_count),),
        files=files,
        footer=audit_footer(coverage, asked.window),
    )


def _stem(form: Form, asked: Asked) -> str:
    days = (asked.window.start.isoformat(), "to", asked.window.last.isoformat())
    return "-".join(("codex", EVENTS, form.value, *days))


def _document(done: EventExport, coverage: Coverage, case: Case, request: Request) -> dict[str, Any]:
    """What the receipt tells of the question and of what the rows rest on."""
    from bot.compliance.exporting import COLUMNS  # noqa: PLC0415  # needs Arrow, which most answers do not

    window = {"start": done.window.start.isoformat(), "end": done.window.end.isoformat()}
    return {
        "export": EVENTS,
        "columns": [column.name for column in COLUMNS],
        "query": {"case": case.id, "purpose": case.purpose, "asked_by": request.asker.id},
        "window": window,
        "coverage": coverage_document(coverage),
        "contract_version": CONTRACT_VERSION,
        "lake_files": lake_files(done.files),
    }
