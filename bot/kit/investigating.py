"""A look-up in words: who, when, which surface and model, how much, which tokens, what was changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from bot.compliance.results import InvestigationResult, SubjectKind
from bot.kit.audit import shown, stamp, surface_name, who
from bot.kit.people import Seen, person_name
from bot.kit.words import instant, join, plural
from bot.metrics.events.activity import Activity, Part
from bot.metrics.events.moments import Change, Night
from bot.metrics.events.tokens import Token

PARTS_NAMED = 4
PEOPLE_NAMED = 3
TOKENS_NAMED = 5
CHANGES_NAMED = 5


def headline(found: InvestigationResult, period: str, people: Mapping[str, Seen]) -> str:
    """The finding with its number, unit and window, without the full stop."""
    sums = found.activity.totals
    if sums.prompts or sums.responses:
        did = f"sent {plural(sums.prompts, 'prompt')} and got {plural(sums.responses, 'response')}"
    else:
        did = f"left {plural(sums.events, 'event')}"
    if found.kind in (SubjectKind.MODEL, SubjectKind.ENVIRONMENT, SubjectKind.TASK):
        did = did.replace("sent", "was sent").replace("and got", "and gave", 1)
    return f"{subject_name(found, people)} {did} {period}"


def subject_name(found: InvestigationResult, people: Mapping[str, Seen]) -> str:
    """What was looked up, by the name people know."""
    match found.kind:
        case SubjectKind.USER:
            return person_name(found.subject, people)
        case SubjectKind.TOKEN:
            own = next((token for token in found.tokens if token.token_id == found.subject), None)
            return f"Token {_token_name(own)}" if own else f"Token {shown(found.subject)}"
        case SubjectKind.TASK:
            title = found.task.title if found.task else None
            return (
                f"Task {shown(found.subject)} ({shown(title)})" if title else f"Task {shown(found.subject)}"
            )
        case SubjectKind.MODEL:
            return shown(found.subject)
        case kind:
            return f"{kind.capitalize()} {shown(found.subject)}"


def people_line(found: InvestigationResult, people: Mapping[str, Seen]) -> str:
    """Who acted; for a person there is nothing to add."""
    acted = found.activity.people
    if found.kind is SubjectKind.USER or not acted:
        return ""
    named = [f"{who(p.user_id, p.actor_id, people)} ({p.events:,})" for p in acted[:PEOPLE_NAMED]]
    more = found.activity.people_count - len(named)
    task = " A task is not named in records: this is what its creator did on cloud surfaces meanwhile."
    return (
        f"By {join([*named, *([f'{more:,} more'] if more > 0 else [])])}, events in brackets."
        f"{task if found.kind is SubjectKind.TASK else ''}"
    )


def parts_line(found: InvestigationResult) -> str:
    """Surfaces by events, models with their effort by responses."""
    told = [part for part in found.activity.surfaces if part.key] or found.activity.surfaces
    surfaces = _named((surface_name(part.key), part.sums.events) for part in told)
    models = _named((_model(p), p.sums.events) for p in found.activity.models)
    parts = [f"Surfaces: {surfaces}." if surfaces else "", f"Models: {models}." if models else ""]
    return " ".join(part for part in parts if part)


def night_line(at_night: Night, zone: ZoneInfo) -> str:
    """What happened at night; the busiest hour in UTC."""
    if at_night.busiest is None:
        return f"Nothing at night (22:00–06:00 {zone.key})."
    top = at_night.busiest
    return (
        f"At night (22:00–06:00 {zone.key}): {plural(at_night.events, 'event')}, "
        f"most from {instant(top.at)} on with {top.events:,} in the hour."
    )


def token_lines(found: InvestigationResult, people: Mapping[str, Seen]) -> list[str]:
    """Each access token that concerns the subject, a line each."""
    lines = [token_words(token, people) for token in found.tokens[:TOKENS_NAMED]]
    more = len(found.tokens) - len(lines)
    return [*lines, *([f"And {plural(more, 'more token')}: `tokens` lists them all."] if more > 0 else [])]


def token_words(token: Token, people: Mapping[str, Seen]) -> str:
    """Owner, life and use of a token in one sentence."""
    owner = f" of {who(token.owner, None, people)}" if token.owner else ""
    made = f"created {stamp(token.created_at)}" if token.created_at else "created before what is held"
    if token.created_by and token.created_by != token.owner:
        made += f" by {who(token.created_by, None, people)}"
    ended = "not revoked"
    if token.revoked_at:
        ended = f"revoked {stamp(token.revoked_at)} by {who(token.revoked_by, None, people)}"
    expires = f"expires {stamp(token.expires_at)}" if token.expires_at else "no end told"
    return f"Access token {_token_name(token)}{owner}: {made}, {ended}, {expires}; {_used(token)}."


def change_lines(found: InvestigationResult, people: Mapping[str, Seen]) -> list[str]:
    """The newest changes, oldest of them first."""
    return [change_words(change, people) for change in found.changes[-CHANGES_NAMED:]]


def change_words(change: Change, people: Mapping[str, Seen]) -> str:
    """When, who, what, and what network access was set to where the record says so."""
    about = shown(change.environment_id or change.plugin_name) if _has_object(change) else ""
    what = f"{shown(change.what).replace('_', ' ').lower()} {about}".strip()
    network = ""
    if change.network_after:
        before = f" from {shown(change.network_before)}" if change.network_before else ""
        network = f", network access set{before} to {shown(change.network_after)}"
    return f"{stamp(change.at)}: {who(change.user_id, change.actor_id, people)}, {what}{network}."


def _used(token: Token) -> str:
    if token.last_used_at is None:
        return "never used as far as is held"
    times = "once" if token.uses == 1 else f"{token.uses:,} times"
    return f"used {times} in these days, last {stamp(token.last_used_at)}"


def _has_object(change: Change) -> bool:
    return bool(change.environment_id or change.plugin_name)


def _token_name(token: Token) -> str:
    return f"{shown(token.name)} ({shown(token.token_id)})" if token.name else shown(token.token_id)


def from_to(activity: Activity) -> str:
    """When the first and the last event was; empty without any."""
    if activity.first_at is None or activity.last_at is None:
        return ""
    return f", first {instant(activity.first_at)}, last {instant(activity.last_at)}"


def _model(part: Part) -> str:
    return f"{shown(part.key)} at {shown(part.effort)} effort" if part.effort else shown(part.key)


def _named(parts: Iterable[tuple[str, int]]) -> str:
    found = list(parts)
    named = [f"{name} {events:,}" for name, events in found[:PARTS_NAMED]]
    more = len(found) - len(named)
    return ", ".join([*named, *([f"{more} more"] if more > 0 else [])])
