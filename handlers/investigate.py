"""`investigate user|token|session|task|model|environment X [RANGE] case ID "why"`: what the log says."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from bot.compliance.results import InvestigationResult, SubjectKind
from bot.kit.audit import audit_footer, audit_log, events_fact, period, read_line, require_read
from bot.kit.cases import CASE, Case, case_of
from bot.kit.command import Command, Option, Shows, Words
from bot.kit.deps import Deps
from bot.kit.investigating import (
    change_lines,
    from_to,
    headline,
    night_line,
    parts_line,
    people_line,
    token_lines,
)
from bot.kit.looktable import look_table
from bot.kit.people import Seen
from bot.kit.replies import asked_of, quoted, range_actions
from bot.kit.timeline import timeline_drawing
from bot.kit.words import figure
from bot.metrics.events.moments import Night, night
from bot.model.chat import Fact, Level, Reply, Request, Unit
from bot.model.errors import BadValue, NotAllowed
from bot.model.query import Query
from bot.model.ranges import Asked

EXAMPLE = 'investigate user dana.okafor@northwind.example 30d case INC-12 "use at night"'
SUBJECTS = {
    SubjectKind.USER: "a person, by e-mail address or user id",
    SubjectKind.TOKEN: "an access token, by id or name",
    SubjectKind.SESSION: "a session id",
    SubjectKind.TASK: "a cloud task id",
    SubjectKind.MODEL: "a model",
    SubjectKind.ENVIRONMENT: "an environment id",
}


async def run(request: Request, deps: Deps) -> Reply:
    """All about one subject; NotAllowed, the refusal of everybody else, when there is no trace of it."""
    asked, query = asked_of(request), request.query
    kind, subject = subject_of(query)
    case = case_of(query, EXAMPLE)
    found = await audit_log(deps).investigate(kind, subject, asked.window)
    require_read(found.coverage)
    if not found.found:
        raise NotAllowed
    people = await deps.analytics.people()
    return _reply(found, asked, people, ZoneInfo(deps.company.timezone), _again(kind, subject, case))


def subject_of(query: Query) -> tuple[SubjectKind, str]:
    """What is to be looked up; raises BadValue unless it is exactly one thing."""
    named = [kind for kind in SubjectKind if query.option(kind)]
    if len(named) != 1:
        message = "Name what to look up" if not named else "One thing at a time"
        raise BadValue(f"{message}: {', '.join(SubjectKind)}.", EXAMPLE)
    return named[0], query.option(named[0])


def _reply(
    found: InvestigationResult, asked: Asked, people: Mapping[str, Seen], zone: ZoneInfo, again: str
) -> Reply:
    title, at_night = headline(found, period(asked), people), night(found.hours, zone)
    return Reply(
        "investigate",
        _text(found, title, people, at_night, zone),
        facts=_facts(found, at_night),
        table=look_table(found, people),
        drawings=(timeline_drawing(found, title),),
        actions=range_actions("investigate", asked, again),
        footer=audit_footer(found.coverage, asked.window),
    )


def _text(
    found: InvestigationResult, title: str, people: Mapping[str, Seen], at_night: Night, zone: ZoneInfo
) -> str:
    lines = [
        f"{title}{from_to(found.activity)}.",
        people_line(found, people),
        parts_line(found),
        night_line(at_night, zone),
        *token_lines(found, people),
        *change_lines(found, people),
        read_line(found.coverage),
    ]
    return "\n".join(line for line in lines if line)


def _facts(found: InvestigationResult, at_night: Night) -> tuple[Fact, ...]:
    sums = found.activity.totals
    return (
        events_fact("prompts", "Prompts", sums.prompts),
        events_fact("responses", "Responses", sums.responses),
        events_fact("tool_calls", "Tool calls", sums.tool_calls),
        _tokens("input_tokens", "Input tokens", sums.input_tokens),
        _tokens("cached_input_tokens", "of these cached", sums.cached_input_tokens),
        _tokens("output_tokens", "Output tokens", sums.output_tokens),
        events_fact("errors", "Errors", sums.errors),
        events_fact("denied", "Stopped", sums.denied),
        events_fact("night_events", "At night", at_night.events),
        Fact(
            "people", "People", f"{found.activity.people_count:,}", found.activity.people_count, Unit.PEOPLE
        ),
    )


def _tokens(key: str, label: str, count: int | None) -> Fact:
    return Fact(key, label, figure(count, Unit.TOKENS), count, Unit.TOKENS)


def _again(kind: SubjectKind, subject: str, case: Case) -> str:
    return f"{kind} {quoted(subject)} {case.typed}"


COMMAND = Command(
    name="investigate",
    summary="Who did what, when, where and with what, for a case",
    run=run,
    usage='user|token|session|task|model|environment X [RANGE] case ID "why"',
    examples=(
        EXAMPLE,
        'investigate token nightly-ci 30d case INC-12 "is it still used"',
        'investigate model gpt-5.5 7d case INC-12 "who uses it"',
    ),
    level=Level.INVESTIGATOR,
    shows=Shows.AUDIT,
    options=(*(Option(kind, help_) for kind, help_ in SUBJECTS.items()), CASE),
    words=Words.SOME,
    repeatable=False,
)
