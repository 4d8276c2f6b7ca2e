"""`tokens [RANGE]`: every access token, whose it is, its life, and what used it day by day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import charts
from bot.compliance.results import TokensResult
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
from bot.kit.words import day, join, plural, span
from bot.metrics.events.tokens import Token
from bot.model.chat import Cell, Column, Drawing, Fact, Level, Reply, Request, Table, Unit
from bot.model.ranges import Asked

COLUMNS = (
    Column("token", "Token"),
    Column("owner", "Owner"),
    Column("state", "State"),
    Column("created_at", "Created"),
    Column("expires_at", "Expires"),
    Column("revoked_at", "Revoked"),
    Column("revoked_by", "By"),
    Column("uses", "Uses", Unit.EVENTS),
    Column("uses_per_day", "A day", Unit.RATIO),
    Column("last_used_at", "Last used"),
)
STATES = ("active", "expired", "revoked", "not told")
MOST_LINES = 5


async def run(request: Request, deps: Deps) -> Reply:
    """A row per token, the last used first; uses are events that carry it as their credential."""
    asked = asked_of(request)
    found = await audit_log(deps).tokens(asked.window)
    require_read(found.coverage)
    people = await deps.analytics.people()
    title = _headline(found, asked, request.now)
    return Reply(
        "tokens",
        "\n".join([f"{title}.", *_remarks(found, people, request.now), read_line(found.coverage)]),
        facts=_facts(found, request.now),
        table=_table(found, people, request.now) if found.tokens else None,
        drawings=(_drawing(found, title),) if found.tokens else (),
        actions=range_actions("tokens", asked),
        footer=audit_footer(found.coverage, asked.window),
    )


def state_of(token: Token, now: datetime) -> str:
    """`active`, `expired` or `revoked`; `not told` when only its use is held."""
    if token.revoked_at is not None:
        return "revoked"
    if token.expired(now):
        return "expired"
    return "active" if token.created_at or token.expires_at else "not told"


def _headline(found: TokensResult, asked: Asked, now: datetime) -> str:
    if not found.tokens:
        return f"No access token was made, revoked or used {period(asked)}"
    count = plural(len(found.tokens), "access token")
    states = join(
        tuple(f"{_count(found, state, now)} {state}" for state in STATES if _count(found, state, now))
    )
    uses = sum(token.uses for token in found.tokens)
    return f"{count}, {states}, used {uses:,} times {period(asked)}"


def _count(found: TokensResult, state: str, now: datetime) -> int:
    return sum(1 for token in found.tokens if state_of(token, now) == state)


def _remarks(found: TokensResult, people: Mapping[str, Seen], now: datetime) -> list[str]:
    """What wants a look: used after its end, active and unused."""
    late = [t for t in found.tokens if t.revoked_at and t.last_used_at and t.last_used_at > t.revoked_at]
    idle = [t for t in found.tokens if state_of(t, now) == "active" and t.last_used_at is None]
    lines = [f"Used after it was revoked: {_named(late, people)}." if late else ""]
    lines.append(f"Active and never used as far as is held: {_named(idle, people)}." if idle else "")
    return [line for line in lines if line]


def _named(tokens: list[Token], people: Mapping[str, Seen]) -> str:
    named = [f"{_name(token)} of {who(token.owner, None, people)}" for token in tokens[:MOST_LINES]]
    more = len(tokens) - len(named)
    return join([*named, *([f"{more} more"] if more > 0 else [])])


def _name(token: Token) -> str:
    return shown(token.name or token.token_id)


def _facts(found: TokensResult, now: datetime) -> tuple[Fact, ...]:
    states = tuple(
        events_fact(f"tokens_{state}".replace(" ", "_"), f"Tokens {state}", _count(found, state, now))
        for state in STATES
    )
    uses = events_fact("token_uses", "Uses", sum(token.uses for token in found.tokens))
    return (events_fact("access_tokens", "Access tokens", len(found.tokens)), *states, uses)


def _table(found: TokensResult, people: Mapping[str, Seen], now: datetime) -> Table:
    days = found.window.day_count
    return Table(COLUMNS, tuple(_row(token, people, now, days) for token in found.tokens), "Access tokens")


def _row(token: Token, people: Mapping[str, Seen], now: datetime, days: int) -> tuple[Cell, ...]:
    return (
        f"{shown(token.name)} ({shown(token.token_id)})" if token.name else shown(token.token_id),
        _owner(token, people),
        state_of(token, now),
        stamp(token.created_at),
        _date(token.expires_at) or "not told",
        _date(token.revoked_at) or "no",
        who(token.revoked_by, None, people) if token.revoked_at else None,
        token.uses,
        token.uses / days,
        stamp(token.last_used_at, "never"),
    )


def _owner(token: Token, people: Mapping[str, Seen]) -> str:
    if token.owner:
        return who(token.owner, None, people)
    users = ", ".join(who(user, None, people) for user in token.users[:2])
    return f"not told; used by {users}" if users else "not told"


def _date(at: datetime | None) -> str | None:
    return f"{day(at.date())} {at.year}" if at else None


def _drawing(found: TokensResult, title: str) -> Drawing:
    days = tuple(found.window.days())
    used = tuple(token for token in found.tokens if token.uses) or found.tokens[:1]
    unread = frozenset(found.coverage.unread_days)
    chart = charts.LineChart(
        title=title,
        subtitle=f"Uses a day · {span(found.window)} · UTC",
        days=days,
        series=tuple(charts.Series(_name(token), _values(token, days, unread)) for token in used),
        unit="events",
        additive=True,
    )
    return Drawing(lambda: charts.line(chart), f"{title}.", "tokens.png")


def _values(token: Token, days: tuple[date, ...], unread: frozenset[date]) -> tuple[float | None, ...]:
    uses = dict(token.uses_per_day)
    return tuple(uses.get(each, None if each in unread else 0) for each in days)


COMMAND = Command(
    name="tokens",
    summary="Access tokens: owner, created, revoked, expires, uses a day, last used",
    run=run,
    usage="[RANGE]",
    examples=("tokens 30d", "tokens 7d"),
    level=Level.INVESTIGATOR,
    also=(Level.ADMIN,),
    shows=Shows.AUDIT,
    repeatable=False,
)
