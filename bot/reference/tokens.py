"""Access tokens of the story: four are made every month, on fixed days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from bot.reference.chance import digest
from bot.reference.people import People
from bot.reference.records import DAY, EPOCH_ORDINAL, SECOND, Scribe, whole_second

_HOUR = 3600 * SECOND


@dataclass(frozen=True, slots=True)
class Token:
    """An access token; instants in microseconds since 1970, None = never."""

    token_id: str
    name: str
    owner: int
    created: int
    revoked: int | None
    expires: int | None
    used: bool

    def valid(self, at: int) -> bool:
        """Whether the token works at an instant."""
        ends = [end for end in (self.revoked, self.expires) if end is not None]
        return self.created <= at < min(ends, default=at + 1)


@dataclass(frozen=True, slots=True)
class _Plan:
    name: str
    owner: int
    day: int
    hour: float
    lives_days: int | None
    revoked_day: int | None
    used: bool


# Seen from the 21st: one used and revoked, one that expires in 10 days, one in 3, one never used.
_PLANS = (
    _Plan("nightly-ci", 0, 2, 0.25, 90, 18, used=True),
    _Plan("deploy-preview", 1, 5, 5.1, 26, None, used=True),
    _Plan("forgotten-notebook", 2, 8, 14.3, None, None, used=False),
    _Plan("release-bot", 3, 10, 5.4, 14, None, used=True),
)


def tokens_of(people: People, day: date) -> tuple[Token, ...]:
    """Tokens made in the month of a day."""
    owners = np.flatnonzero(people.automation).tolist() or [people.night_owl]
    return tuple(_token(people, plan, owners[plan.owner % len(owners)], day) for plan in _PLANS)


def token_in_use(tokens: tuple[Token, ...], owner: int, at: int) -> str | None:
    """Id of the token that a person's automation works with at an instant."""
    return next((t.token_id for t in tokens if t.used and t.owner == owner and t.valid(at)), None)


def write_tokens(scribe: Scribe, tokens: tuple[Token, ...], day: date) -> None:
    """Record what happens to the month's tokens on a day: made by the owner, revoked by an admin."""
    start = _start(day)
    admin = scribe.people.index_of_role("admin")
    for token in tokens:
        if start <= token.created < start + DAY:
            _write(scribe, token, "ACCESS_TOKEN_CREATED", token.owner, token.created - start)
        if token.revoked is not None and start <= token.revoked < start + DAY:
            _write(scribe, token, "ACCESS_TOKEN_REVOKED", admin, token.revoked - start)


def _write(scribe: Scribe, token: Token, sub_type: str, actor: int, at: int) -> None:
    ends = {} if token.expires is None else {"expires_at": whole_second(token.expires)}
    scribe.codex(
        at,
        scribe.user(actor),
        sub_type,
        "CODEX_WEB",
        access_token_id=token.token_id,
        access_token_name=token.name,
        created_by_user_id=scribe.people.user_ids[token.owner],
        **ends,
    )


def _token(people: People, plan: _Plan, owner: int, day: date) -> Token:
    created = _start(day.replace(day=plan.day)) + int(plan.hour * _HOUR) + 204_518
    return Token(
        token_id=f"cat-{digest('token', people.seed, plan.name, day.year, day.month)[:12]}",
        name=plan.name,
        owner=owner,
        created=created,
        revoked=_start(day.replace(day=plan.revoked_day)) + 16 * _HOUR + 913 if plan.revoked_day else None,
        expires=created // SECOND * SECOND + plan.lives_days * DAY if plan.lives_days else None,
        used=plan.used,
    )


def _start(day: date) -> int:
    return (day.toordinal() - EPOCH_ORDINAL) * DAY
