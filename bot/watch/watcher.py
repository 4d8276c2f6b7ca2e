"""The life of alerts: opened once, posted once, their message kept up to date, resolved when over."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.kit.alerting import Told, revised
from bot.model.chat import Answer
from bot.model.errors import StateAway, Unavailable
from bot.model.message import Platform
from bot.model.posting import Poster, TokenRevoked
from bot.state.alerts import Alert, Alerts
from bot.state.engine import StateDb
from bot.state.leases import Leases
from bot.state.owners import new_owner
from bot.watch.found import Finding, Found
from bot.watch.message import OneMessage

LOG = structlog.get_logger()
LEASE = "watch"
REFRESH_SECONDS = 15.0
# A check comes once an hour, so it waits for a replica that refreshes just now.
CHECK_TRIES = 10
TRY_AGAIN_SECONDS = 2.0
# Of alerts resolved before these, the message is not looked after any more.
_RECENT = 50

Clock = Callable[[], datetime]


class Looker(Protocol):
    """Says what is true at an instant; raises Unavailable without figures."""

    async def at(self, now: datetime) -> Found:
        """Everything found."""
        ...


@dataclass(frozen=True, slots=True)
class Watcher:
    """Any number of replicas may run one; a lease lets one of them work at a time.

    `answer` renders an alert by its number, as `alerts AL-3` does, with its picture drawn.
    """

    db: StateDb
    look: Looker
    answer: Callable[[int], Awaitable[Answer]]
    posters: Mapping[Platform, Poster]
    clock: Clock
    owner: str = field(default_factory=new_owner)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    # The lease keeps processes apart, this the tasks of one.
    alone: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def check(self, now: datetime) -> None:
        """After a sync: open what is new, retell what changed, resolve what is over; `refresh` posts it.

        Without figures or state nothing is changed; the next sync is the next chance.
        """
        try:
            found = await self.look.at(now)
            await self._leading(lambda: self._check(found, now), CHECK_TRIES)
        except (Unavailable, SQLAlchemyError) as error:
            LOG.warning("watch_skipped", kind=type(error).__name__)

    async def refresh(self) -> None:
        """Post what waits and bring messages up to date, e.g. after `ack`."""
        try:
            await self._leading(self._messages)
        except (StateAway, SQLAlchemyError) as error:
            LOG.warning("watch_skipped", kind=type(error).__name__)

    async def keep_fresh(self) -> None:
        """Refresh every few seconds until cancelled."""
        while True:
            await self.refresh()
            await self.sleep(REFRESH_SECONDS)

    async def _leading(self, work: Callable[[], Awaitable[None]], tries: int = 1) -> None:
        async with self.alone:
            if not await self._leads(tries):
                LOG.info("watch_left_to_another")
                return
            try:
                await work()
            finally:
                await Leases(self.db).release(LEASE, self.owner)

    async def _leads(self, tries: int) -> bool:
        for _ in range(tries - 1):
            if await Leases(self.db).acquire(LEASE, self.owner, self.clock()):
                return True
            await self.sleep(TRY_AGAIN_SECONDS)
        return await Leases(self.db).acquire(LEASE, self.owner, self.clock())

    async def _check(self, found: Found, now: datetime) -> None:
        alerts = Alerts(self.db)
        unresolved = await alerts.unresolved()
        standing = set()
        for finding in found.findings:
            known = next((alert for alert in unresolved if _is_same(finding, alert)), None)
            if known is not None:
                standing.add(known.number)
                await self._retell(known, finding.told)
            elif opened := await alerts.open(finding.new_alert(), now):
                LOG.info("alert_opened", alert=opened.id, kind=finding.kind.value)
        for alert in unresolved:
            judged = Told.of(alert).group not in found.unjudged
            if alert.number not in standing and judged and await alerts.resolve(alert.number, now):
                LOG.info("alert_resolved", alert=alert.id)

    async def _retell(self, alert: Alert, found: Told) -> None:
        kept = Told.of(alert)
        if not kept.says_the_same(found):
            await Alerts(self.db).keep(alert.number, revised(kept, found).to_json())

    async def _messages(self) -> None:
        alerts = Alerts(self.db)
        unresolved, recent = await alerts.unresolved(), await alerts.recent(_RECENT)
        by_number = {alert.number: alert for alert in (*unresolved, *recent)}
        for _, alert in sorted(by_number.items()):
            if not await Leases(self.db).acquire(LEASE, self.owner, self.clock()):
                return
            try:
                await OneMessage(alerts, self.posters, self.answer).bring_up_to_date(alert)
            except TokenRevoked:
                LOG.warning("watch_cannot_post", reason="token_revoked")
                return


def _is_same(finding: Finding, alert: Alert) -> bool:
    """A run of unusual days stays the same one when it grows, and when late data moves its first day."""
    if alert.found.dedupe_key == finding.key:
        return True
    mine, told = Told.of(alert), finding.told
    if alert.found.kind != finding.kind or mine.group != told.group or mine.anomaly is None:
        return False
    return mine.window.end >= told.window.start and told.window.end >= mine.window.start
