"""`audit report [RANGE]`: the audit log at a glance, for whoever answers for it."""

from __future__ import annotations

from collections.abc import Mapping

import charts
from bot.compliance.results import AuditReport
from bot.kit.audit import (
    audit_footer,
    audit_log,
    events_fact,
    period,
    read_line,
    require_read,
    shown,
    stamp,
    who,
)
from bot.kit.command import Command, Shows
from bot.kit.deps import Deps
from bot.kit.people import Seen
from bot.kit.replies import asked_of, range_actions
from bot.kit.words import join, plural, span
from bot.metrics.events.report import TypeCount
from bot.metrics.events.security import Notable
from bot.model.chat import Column, Drawing, Fact, Level, Reply, Request, Table, Unit
from bot.model.ranges import Asked

REPORT = "report"
MOST_NAMED = 3
SETTING = "policy.models_allowed"
COLUMNS = (
    Column("log", "Log"),
    Column("type", "Type"),
    Column("events", "Events", Unit.EVENTS),
    Column("people", "People", Unit.PEOPLE),
)


async def run(request: Request, deps: Deps) -> Reply:
    """A row per type of event; tokens, networks and models in words."""
    asked, allowed = asked_of(request), deps.company.models_allowed
    found = await audit_log(deps).report(asked.window)
    require_read(found.coverage)
    people = await deps.analytics.people()
    title = _headline(found, asked)
    lines = [f"{title}{_of_which(found)}.", _busiest(found, people), _tokens(found), _networks(found, people)]
    lines += [_models(found, allowed), read_line(found.coverage)]
    types = found.overview.types
    return Reply(
        "audit",
        "\n".join(line for line in lines if line),
        facts=_facts(found, allowed),
        table=Table(COLUMNS, tuple(map(_row, types)), "Events by type") if types else None,
        drawings=(_drawing(found, title, asked),) if types else (),
        actions=range_actions("audit", asked, REPORT),
        footer=audit_footer(found.coverage, asked.window),
    )


def _headline(found: AuditReport, asked: Asked) -> str:
    overview = found.overview
    if not overview.events:
        return f"The audit log holds no event {period(asked)}"
    people = plural(overview.people, "person", "people")
    return f"{people} left {plural(overview.events, 'event')} in the audit log {period(asked)}"


def _of_which(found: AuditReport) -> str:
    """What the first sentence owes to whoever reads no further, when days are missing."""
    read = found.window.day_count - len(found.coverage.unread_days)
    match read:
        case found.window.day_count:
            return ""
        case 0:
            return ", not read in full"
        case _:
            return f", of which {plural(read, 'day')} {'was' if read == 1 else 'were'} read in full"


def _busiest(found: AuditReport, people: Mapping[str, Seen]) -> str:
    named = tuple(f"{who(each.user_id, None, people)} {each.events:,}" for each in found.overview.busiest)
    return f"Most events: {join(named)}." if named else ""


def _tokens(found: AuditReport) -> str:
    created, revoked = _life(found)
    used = sum(1 for token in found.tokens if token.uses)
    return f"Access tokens: {created:,} created, {revoked:,} revoked, {used:,} used."


def _life(found: AuditReport) -> tuple[int, int]:
    """Tokens created and revoked within the window."""
    created = [
        token for token in found.tokens if token.created_at and token.created_at.date() in found.window
    ]
    revoked = [
        token for token in found.tokens if token.revoked_at and token.revoked_at.date() in found.window
    ]
    return len(created), len(revoked)


def _networks(found: AuditReport, people: Mapping[str, Seen]) -> str:
    if not found.opened:
        unread = " on the days that were read" if found.coverage.unread_days else ""
        return f"No network access was opened{unread}."
    newest = [_opening(one, people) for one in found.opened[-MOST_NAMED:]]
    more = len(found.opened) - len(newest)
    said = join((*newest, *([f"{more:,} before"] if more else [])))
    return f"Network access was opened {plural(len(found.opened), 'time')}: {said}."


def _opening(one: Notable, people: Mapping[str, Seen]) -> str:
    where = f"environment {shown(one.environment_id)}" if one.environment_id else "the workspace"
    return f"{where} by {who(one.user_id, one.actor_id, people)} on {stamp(one.at)}"


def _models(found: AuditReport, allowed: tuple[str, ...]) -> str:
    if not allowed:
        return f"`{SETTING}` is not set, so no model is judged."
    outside = found.overview.models_outside(allowed)
    if not outside:
        return f"Every model used is among `{SETTING}`."
    named = [
        f"{shown(each.model)} ({plural(each.events, 'event')} of {plural(each.people, 'person', 'people')})"
        for each in outside[:MOST_NAMED]
    ]
    more = [f"{len(outside) - MOST_NAMED:,} more"] if len(outside) > MOST_NAMED else []
    return f"Used and not among `{SETTING}`: {join((*named, *more))}."


def _facts(found: AuditReport, allowed: tuple[str, ...]) -> tuple[Fact, ...]:
    created, revoked = _life(found)
    people = found.overview.people
    outside = len(found.overview.models_outside(allowed)) if allowed else None
    told = "not judged" if outside is None else f"{outside:,}"
    return (
        events_fact("events", "Events", found.overview.events),
        Fact("event_people", "People", f"{people:,}", people, Unit.PEOPLE),
        events_fact("tokens_created", "Tokens created", created),
        events_fact("tokens_revoked", "Tokens revoked", revoked),
        events_fact("networks_opened", "Networks opened", len(found.opened)),
        Fact("models_outside", "Models not allowed", told, outside, Unit.EVENTS),
    )


def _row(each: TypeCount) -> tuple[str | int, ...]:
    return (shown(each.type), shown(each.code), each.events, each.people)


def _drawing(found: AuditReport, title: str, asked: Asked) -> Drawing:
    chart = charts.BarChart(
        title=title,
        subtitle=f"Events by type · {span(asked.window)} · UTC",
        items=tuple(charts.Item(_label(each), each.events) for each in found.overview.types),
        unit="events",
        additive=True,
        shares=True,
    )
    return Drawing(lambda: charts.bars(chart), f"{title}. {_first(found)}", "audit.png")


def _first(found: AuditReport) -> str:
    first = found.overview.types[0]
    return f"Most of one type: {_label(first)}, {first.events:,}."


def _label(each: TypeCount) -> str:
    """`Prompt sent`: the type as words."""
    return shown(each.code or each.type).replace("_", " ").capitalize()


COMMAND = Command(
    name="audit",
    summary="The audit log at a glance: events, people, tokens, networks opened, models not allowed",
    run=run,
    usage="report [RANGE]",
    examples=("audit report 30d", "audit report last month"),
    level=Level.INVESTIGATOR,
    also=(Level.ADMIN,),
    shows=Shows.AUDIT,
    flags=(REPORT,),
    repeatable=False,
)
