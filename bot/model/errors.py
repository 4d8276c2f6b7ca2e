"""The family of known failures.

PulseError
├── WrongUse            the person typed something that cannot be answered
│   ├── UnknownWord     a word that is no command, range or option
│   ├── BadValue        an option's value is out of its domain
│   ├── BadRange        a range that cannot be read, is reversed, in the future or too long
│   ├── TooOld          starts before what the API keeps and we hold
│   └── BadSetting      a setting or policy file that cannot be used
├── NotAllowed          the level does not allow it, or it is not there (the same words for both)
├── Busy                more work in hand than can be accepted
└── Unavailable         the source of the figures did not answer usably
    ├── NotConnected    no key is set for the API that the question needs
    ├── NoHistory       nothing is held for the window and nothing can be fetched
    ├── Unauthorized    401: the key is missing, wrong or revoked
    ├── Forbidden       403: scope or workspace does not match
    ├── SourceMissing   404 or 410
    ├── Rejected        400 or 422: the API did not accept the request
    ├── RateLimited     429 after all retries
    ├── ServerFault     5xx after all retries
    ├── Unreachable     no connection, or it broke, after all retries
    ├── TimedOut        no answer within the time allowed
    ├── BadAnswer       an answer that is not what the contract says
    ├── CursorLoop      paging does not advance
    ├── LakeUnwritable  what was pulled cannot be kept: no room, or no right to write
    └── StateAway       our own database is locked, full or cannot be reached

Errors carry data, never sentences for people: `bot.dispatch.words` has the words for each.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


class PulseError(Exception):
    """Base of every failure that is known and explained."""


@dataclass(slots=True, eq=False)
class WrongUse(PulseError):
    """What is wrong, and a hint what to type instead."""

    message: str
    hint: str = ""


@dataclass(slots=True, eq=False)
class UnknownWord(WrongUse):
    """A word nobody declared: named, with the nearest known word when there is one."""

    message: str = ""
    hint: str = ""
    word: str = ""
    nearest: str | None = None
    example: str = "help"


@dataclass(slots=True, eq=False)
class BadValue(WrongUse):
    """An option whose value is not in its domain; `word` is that value, `nearest` one that is."""

    message: str = ""
    hint: str = ""
    word: str = ""
    nearest: str | None = None


@dataclass(slots=True, eq=False)
class BadRange(WrongUse):
    """A range that cannot be read or answered."""


@dataclass(slots=True, eq=False)
class TooOld(WrongUse):
    """The start lies before `earliest`, the oldest day the source still has (UTC)."""

    message: str = ""
    hint: str = ""
    earliest: date | None = None


@dataclass(slots=True, eq=False)
class BadSetting(WrongUse):
    """A setting, policy or directory file that cannot be used; the message names it."""


@dataclass(slots=True, eq=False)
class NotAllowed(PulseError):
    """`needs` names the level, `granted_by` who can give it; both empty where that must not be told."""

    needs: str = ""
    granted_by: str = ""


@dataclass(slots=True, eq=False)
class Busy(PulseError):
    """Too much in hand: try again after `retry_after_seconds`."""

    retry_after_seconds: int = 10


@dataclass(slots=True, eq=False)
class Unavailable(PulseError):
    """The source did not answer usably. `detail` is for the log and never shown."""

    detail: str = ""


@dataclass(slots=True, eq=False)
class NotConnected(Unavailable):
    """`setting` holds no key; the key it wants has the scope `scope`."""

    setting: str = ""
    scope: str = ""


@dataclass(slots=True, eq=False)
class NoHistory(Unavailable):
    """Nothing held in the window; `starts` is the first held day, if any."""

    starts: date | None = None


@dataclass(slots=True, eq=False)
class Unauthorized(Unavailable):
    """401."""


@dataclass(slots=True, eq=False)
class Forbidden(Unavailable):
    """403; `scope` is the scope the request needs."""

    scope: str = ""


@dataclass(slots=True, eq=False)
class SourceMissing(Unavailable):
    """404 or 410: workspace, file or API not there."""


@dataclass(slots=True, eq=False)
class Rejected(Unavailable):
    """400 or 422; `fields` are the request parameters the API named."""

    fields: tuple[str, ...] = field(default=())


@dataclass(slots=True, eq=False)
class RateLimited(Unavailable):
    """429 until the retries ran out."""

    retry_after_seconds: float | None = None


@dataclass(slots=True, eq=False)
class ServerFault(Unavailable):
    """5xx until the retries ran out."""

    status: int = 500


@dataclass(slots=True, eq=False)
class Unreachable(Unavailable):
    """No connection, TLS failure or a connection that broke."""


@dataclass(slots=True, eq=False)
class TimedOut(Unavailable):
    """No answer within the time allowed."""


@dataclass(slots=True, eq=False)
class BadAnswer(Unavailable):
    """Wrong content type, truncated or undecodable body, or an unknown envelope."""


@dataclass(slots=True, eq=False)
class CursorLoop(Unavailable):
    """`next_page` repeated or did not advance."""


@dataclass(slots=True, eq=False)
class LakeUnwritable(Unavailable):
    """No room on the disk of the lake, or no right to write there."""


@dataclass(slots=True, eq=False)
class StateAway(Unavailable):
    """The state database is locked by somebody, full, read-only or cannot be reached."""
