"""Which findings follow from tokens, networks, patches and pulls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Final

from bot.kit.alerting import PERSON_PREFIX, WORKSPACE, PostState, Told
from bot.kit.audit import shown, stamp
from bot.kit.words import plural
from bot.metrics.events.counts import Pull
from bot.metrics.events.security import Notable
from bot.metrics.events.tokens import Token
from bot.model.message import Destination
from bot.model.timerange import DAY, TimeRange
from bot.watch.found import Finding, Found, Kind

TOLD_FOR: Final = timedelta(days=7)
"""An event is told when it is read within these days, and its alert is over after them."""
EXPIRES_WITHIN: Final = (3, 14)
UNUSED_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Seen:
    """What the log holds. `covered` is false when days are unread, so that unused cannot be said."""

    tokens: tuple[Token, ...] = ()
    opened: tuple[Notable, ...] = ()
    patches: tuple[Notable, ...] = ()
    foreign: tuple[Pull, ...] = ()
    names: Mapping[str, str] | None = None
    covered: bool = True

    def name(self, user_id: str | None, other: str | None = None) -> str:
        """An address, else an id."""
        return (self.names or {}).get(user_id or "") or shown(user_id or other)


@dataclass(frozen=True, slots=True)
class _News:
    kind: Kind
    key: str
    at: datetime
    text: str
    owner: str | None = None


def check_security(seen: Seen, now: datetime, place: Destination | None) -> Found:
    """Everything to be told at `now`."""
    news = [*_tokens(seen, now), *_events(seen, now - TOLD_FOR)]
    unjudged = frozenset() if seen.covered else frozenset({_group(Kind.TOKEN_UNUSED)})
    return Found(tuple(_finding(one, place) for one in news), unjudged)


def _tokens(seen: Seen, now: datetime) -> Iterator[_News]:
    for token in seen.tokens:
        named = f"Access token {shown(token.name or token.token_id)} of {seen.name(token.owner)}"
        owner, since = token.owner, now - TOLD_FOR
        if token.created_at and since <= token.created_at <= now:
            text = f"{named} was created on {stamp(token.created_at)} by {seen.name(token.created_by)}."
            ends = f"It expires on {stamp(token.expires_at)}." if token.expires_at else "It never expires."
            yield _News(Kind.TOKEN_CREATED, token.token_id, token.created_at, f"{text}\n{ends}", owner)
        if token.revoked_at:
            if since <= token.revoked_at <= now:
                text = f"{named} was revoked on {stamp(token.revoked_at)} by {seen.name(token.revoked_by)}."
                yield _News(Kind.TOKEN_REVOKED, token.token_id, token.revoked_at, text, owner)
        elif not token.expired(now):
            yield from _living(token, named, now, covered=seen.covered)


def _living(token: Token, named: str, now: datetime, *, covered: bool) -> Iterator[_News]:
    """What is told of a token that works."""
    ends, used = token.expires_at, token.last_used_at or token.created_at
    within = next((days for days in EXPIRES_WITHIN if ends and ends - now <= timedelta(days=days)), None)
    if ends and within:
        text = f"{named} expires within {within} days, on {stamp(ends)}."
        yield _News(Kind.TOKEN_EXPIRING, f"{within}/{token.token_id}", ends, text, token.owner)
    if covered and used and now - used >= timedelta(days=UNUSED_DAYS):
        last = f"last used on {stamp(token.last_used_at)}" if token.last_used_at else "never used"
        text = f"{named} works and was not used for {UNUSED_DAYS} days: {last}."
        yield _News(Kind.TOKEN_UNUSED, f"{token.token_id}/{used.date()}", used, text, token.owner)


def _events(seen: Seen, since: datetime) -> Iterator[_News]:
    for one in seen.opened:
        where = f"environment {shown(one.environment_id)}" if one.environment_id else "the workspace"
        who = seen.name(one.user_id, one.actor_id)
        text = f"Network access of {where} was opened on {stamp(one.at)} by {who}."
        if one.at >= since:
            yield _News(Kind.NETWORK_OPENED, one.event_id, one.at, text, one.user_id)
    for one in seen.patches:
        text = f"A security patch for finding {shown(one.finding_id)} was opened on {stamp(one.at)}"
        where = f": {shown(one.pr_url)}" if one.pr_url else ", without a link"
        if one.at >= since:
            yield _News(Kind.PATCH_OPENED, one.event_id, one.at, f"{text}{where}.", one.user_id)
    pulls = sorted((pull for pull in seen.foreign if pull.at >= since), key=_puller)
    for (actor, day), group in groupby(pulls, key=_puller):
        them = tuple(group)
        files = plural(sum(pull.file_id is not None for pull in them), "file")
        text = f"Log files were read by {seen.name(them[0].user_id, actor)}, which is not this bot"
        said = f"{text}: {plural(len(them), 'call')} and {files} on {stamp(them[0].at)}."
        yield _News(Kind.FOREIGN_PULL, f"{actor}/{day}", them[0].at, said, them[0].user_id)


def _puller(pull: Pull) -> tuple[str, str]:
    return pull.actor_id or pull.user_id or "", pull.at.date().isoformat()


def _group(kind: Kind) -> str:
    return f"security/{kind.value}"


def _finding(news: _News, place: Destination | None) -> Finding:
    day = news.at.astimezone(UTC).date()
    told = Told(
        _group(news.kind),
        news.text,
        (),
        TimeRange(day, day + DAY),
        place=place,
        post=PostState.WAITING if place else PostState.NOWHERE,
    )
    scope = f"{PERSON_PREFIX}{news.owner}" if news.owner else WORKSPACE
    return Finding(f"{news.kind.value}/{news.key}", news.kind, scope, told)
