"""Looks at the audit log for what the security channel should hear of; several looks side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from bot.metrics.events.security import foreign_pulls, patches
from bot.model.message import Destination
from bot.model.timerange import DAY, TimeRange
from bot.watch.found import Found
from bot.watch.security_check import UNUSED_DAYS, Seen, check_security

if TYPE_CHECKING:
    from bot.analytics.client import AnalyticsClient
    from bot.compliance.client import ComplianceClient


class OneLook(Protocol):
    """Says what is true at an instant; raises Unavailable without figures."""

    async def at(self, now: datetime) -> Found:
        """Everything found."""
        ...


@dataclass(frozen=True, slots=True)
class Looks:
    """Several looks as one. When one fails nothing is changed, as with one alone."""

    looks: Sequence[OneLook]

    async def at(self, now: datetime) -> Found:
        """Everything found; raises what the first that fails raises."""
        return Found.joined([await look.at(now) for look in self.looks])


@dataclass(frozen=True, slots=True)
class SecurityLook:
    """Reads tokens, networks, patches and pulls. `own_key` is our key as the log shortens it."""

    compliance: ComplianceClient
    analytics: AnalyticsClient
    own_key: str
    place: Destination | None = None

    async def at(self, now: datetime) -> Found:
        """What is to be told at `now`, and what cannot be judged."""
        today = now.astimezone(UTC).date()
        window = TimeRange(today - timedelta(days=UNUSED_DAYS), today + DAY)
        tokens = await self.compliance.tokens(window)
        opened, notable = await self.compliance.opened(window), await self.compliance.notables(window)
        pulls = await self.compliance.pulls(window)
        foreign = foreign_pulls(pulls, self.own_key, await self.compliance.known_files())
        covered = not [day for day in tokens.coverage.unread_days if day < today]
        people = await self.analytics.people()
        names = {user_id: person.email for user_id, person in people.items() if person.email}
        seen = Seen(tokens.tokens, opened, patches(notable), foreign, names, covered=covered)
        return check_security(seen, now, self.place)
