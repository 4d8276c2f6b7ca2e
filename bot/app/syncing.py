"""`sync`: pulls what is missing or unsettled, newest first; safe to interrupt."""

from __future__ import annotations

import argparse
import sys

from bot.app.auditlog import UNREADABLE, AuditLog
from bot.app.build import product
from bot.app.progress import progress
from bot.console.exits import Exit
from bot.dispatch.words import refusal
from bot.kit.words import plural
from bot.model.errors import Forbidden, PulseError, SourceMissing
from bot.settings import Settings
from bot.sync.events.ingest import TypeReport
from bot.sync.report import SyncReport

NOT_ENABLED = (Forbidden, SourceMissing)
"""A type that the key may not read, or that the workspace does not have, is no fault of the sync."""


async def sync(arguments: argparse.Namespace) -> Exit:
    """Exit 5 when days, or files of the audit log, are still missing afterwards."""
    async with product(Settings.load()) as built:
        with progress(sys.stderr) as report:
            done = await built.sync.run(arguments.since, report)
        sys.stdout.write(summary(done) + "\n")
        if done.locked_out or done.error:
            sys.stderr.write(why(done) + "\n")
        is_whole = await _audit_log(built.audit) if built.audit else True
    return Exit.DONE if is_whole and not (done.missing or done.locked_out) else Exit.CHECK_FAILED


async def _audit_log(audit: AuditLog) -> bool:
    """Read what is new and say so; True unless something is missing that the key may read."""
    if audit.ingest is None:
        sys.stderr.write(f"{UNREADABLE}\n")
        return True
    with progress(sys.stderr, "Reading the audit log") as report:
        done = await audit.read(report)
    if done is None:
        sys.stderr.write("Another process is reading the audit log.\n")
        return True
    for each in done:
        sys.stdout.write(f"{type_summary(each)}\n")
        if each.error:
            sys.stderr.write(f"{each.event_type}: {_said(each.error)}\n")
    reached_siem = await _siem(audit)
    return reached_siem and not any(
        each.broken or (each.error and not isinstance(each.error, NOT_ENABLED)) for each in done
    )


async def _siem(audit: AuditLog) -> bool:
    """Say so when the SIEM's folder did not get everything: what it lacks comes with the next run."""
    if audit.siem is None or await audit.deliver() is not None:
        return True
    sys.stderr.write(f"{audit.siem.folder} did not get every event: it cannot be written just now.\n")
    return False


def type_summary(done: TypeReport) -> str:
    """What one log type brought."""
    parts = [f"{done.event_type}: {plural(done.files, 'file')}, {plural(done.new, 'new event')}"]
    if done.repeated:
        parts.append(f"{done.repeated:,} seen before")
    if done.bad_lines:
        parts.append(f"{plural(done.bad_lines, 'line')} set aside")
    if done.broken:
        parts.append(f"{plural(len(done.broken), 'file')} missing or damaged")
    if done.rejected:
        parts.append(f"{plural(done.rejected, 'entry', 'entries')} of the list without what a file needs")
    return ", ".join(parts) + "."


def summary(done: SyncReport) -> str:
    """What was pulled and what was wrong with it."""
    parts = [f"{plural(len(done.written), 'day')} pulled, {plural(done.rows, 'row')}"]
    if done.quarantined:
        parts.append(f"{plural(done.quarantined, 'row')} set aside")
    if done.missing:
        parts.append(f"{plural(len(done.missing), 'day')} still missing")
    return ", ".join(parts) + "."


def why(done: SyncReport) -> str:
    """Why days are missing, in a person's words."""
    if done.error is None:
        return "Another process is syncing; try again when it is done."
    return _said(done.error)


def _said(error: PulseError) -> str:
    said = refusal(error)
    return f"{said.message} {said.hint}".strip()
