"""A server that answers, as those who started it see it."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.reference.signed import SignedHost

_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as the server saw it."""

    route: str
    query: tuple[tuple[str, str], ...]
    status: int


@dataclass(slots=True)
class Running:
    """A server that answers: where, with which keys, and what it has seen.

    ``requests`` counts by route name (`usage`, `code_reviews`, `code_review_responses`, ...);
    ``leaked_keys`` counts requests that carried a key to the signed host.
    """

    base_url: str
    workspace_id: str
    analytics_key: str
    compliance_key: str
    signed_host_url: str
    fixed_now: datetime | None
    organization_id: str = ""
    requests: Counter[str] = field(default_factory=Counter)
    seen: deque[Seen] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    signed_host: SignedHost | None = None

    @property
    def leaked_keys(self) -> int:
        """How often a key arrived at the signed host."""
        return self.signed_host.leaked_keys if self.signed_host else 0

    def now(self) -> datetime:
        """Return the server's clock, in UTC."""
        return (self.fixed_now or datetime.now(UTC)).astimezone(UTC)

    def set_now(self, now: datetime) -> None:
        """Move the clock, also backwards; answers depend on nothing else that happened before."""
        self.fixed_now = now
