"""Takes up what is due or was left half done, delivers it, and tells owners what went wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from bot.model.errors import StateAway
from bot.model.message import Platform
from bot.model.schedule import MONDAY_WEEKS, WeekRule
from bot.schedule.attempt import LOG, Attempt, Clock, OnStep, report_step
from bot.schedule.courier import Courier
from bot.schedule.due import Pace, claim_of
from bot.schedule.ports import (
    Answerer,
    ChannelGone,
    MaybeSent,
    NotInChannel,
    Poster,
    PosterUnavailable,
    Refused,
    TokenRevoked,
)
from bot.schedule.words import for_owner
from bot.state.deliveries import (
    Deliveries,
    Delivery,
    DeliveryError,
    DeliveryStep,
    LeaseLost,
)
from bot.state.engine import StateDb
from bot.state.owners import is_gone, new_owner
from bot.state.subscriptions import Subscriptions, SubscriptionState

TICK_SECONDS = 15.0


def _nobody(_delivery: Delivery) -> None:
    return


@dataclass(frozen=True, slots=True)
class RunReport:
    """What one pass did; a delivery that waits for another try is among them."""

    deliveries: tuple[Delivery, ...]
    stopped: bool

    @property
    def ok(self) -> bool:
        """True when everything that was due is posted as it should be."""
        done = all(one.step is DeliveryStep.DONE and not one.error for one in self.deliveries)
        return done and not self.stopped


@dataclass(frozen=True, slots=True)
class Ticker:
    """Runs due subscriptions. Any number of replicas may: each run is claimed by one.

    `clock` times the leases; `on_step` sees every step right after it is written.
    """

    db: StateDb
    answer: Answerer
    posters: Mapping[Platform, Poster]
    clock: Clock
    weeks: WeekRule = MONDAY_WEEKS
    pace: Pace = field(default_factory=Pace)
    on_step: OnStep = _nobody
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def run(self) -> None:
        """Run what is due, again and again, until cancelled or the token is revoked."""
        while True:
            try:
                report = await self.run_due(self.clock())
            except (StateAway, SQLAlchemyError) as error:
                LOG.warning("state_unavailable", error=type(error).__name__)
            else:
                if report.stopped:
                    return
            await self.sleep(TICK_SECONDS)

    async def run_due(self, now: datetime) -> RunReport:
        """Finish what was left half done, run what is due at `now`, tell the owners what went wrong."""
        seen: dict[int, Delivery] = {}
        try:
            async for delivery in self._left_over(now):
                seen[delivery.id] = delivery
            async for delivery in self._due(now):
                seen[delivery.id] = delivery
            await self._tell()
        except TokenRevoked:
            LOG.error("schedule_stopped", reason="token_revoked")
            return RunReport(tuple(seen.values()), stopped=True)
        return RunReport(tuple(seen.values()), stopped=False)

    async def _left_over(self, now: datetime) -> AsyncIterator[Delivery]:
        for seen in await self._deliveries.open():
            mine = await self._take(seen)
            if mine is not None:
                yield await self._work(mine, partial(self._continue, now=now))

    async def _continue(self, attempt: Attempt, now: datetime) -> None:
        delivery = attempt.delivery
        subscription = await Subscriptions(self.db).get(delivery.subscription_id)
        if delivery.step is DeliveryStep.POSTING:
            # The process that posted did not live to say so.
            await attempt.end(DeliveryStep.UNKNOWN, DeliveryError.MAYBE_SENT)
        elif subscription is None or subscription.state is not SubscriptionState.ACTIVE:
            await attempt.end(DeliveryStep.FAILED, DeliveryError.STOPPED)
        elif not self.pace.too_late(delivery.planned_at, now):
            await self._courier.deliver(attempt, subscription)
        elif delivery.message:
            await attempt.end(DeliveryStep.FAILED, DeliveryError.INCOMPLETE)
        else:
            await attempt.end(DeliveryStep.SKIPPED, delivery.error or DeliveryError.TOO_LATE)

    async def _due(self, now: datetime) -> AsyncIterator[Delivery]:
        for subscription in await Subscriptions(self.db).due(now):
            claim = claim_of(subscription, now, self.weeks, self.pace)
            if not claim.skip:
                claim = replace(claim, owner=new_owner(), until=self.clock() + self.pace.lease)
            delivery = await self._deliveries.claim(subscription, claim, self.clock())
            if delivery is None:
                continue
            report_step(delivery, self.on_step)
            deliver = partial(self._courier.deliver, subscription=subscription)
            yield delivery if claim.skip else await self._work(delivery, deliver)

    async def _work(self, delivery: Delivery, work: Callable[[Attempt], Awaitable[None]]) -> Delivery:
        attempt = Attempt(delivery, self._deliveries, self.clock, self.pace, self.on_step)
        try:
            await work(attempt)
        except LeaseLost:
            LOG.warning("delivery_taken_over", delivery=delivery.id)
        return attempt.delivery

    async def _tell(self) -> None:
        for silent in await self._deliveries.untold():
            poster = self.posters.get(silent.platform)
            mine = await self._take(silent) if poster else None
            if poster is None or mine is None:
                continue
            try:
                await poster.tell_owner(mine.owner_id, for_owner(mine))
            except (ChannelGone, NotInChannel, Refused) as error:
                LOG.warning("owner_not_told", delivery=mine.id, error=type(error).__name__)
            except (PosterUnavailable, MaybeSent):
                await self._deliveries.release(mine, self.clock() + self.pace.retry)
                continue
            await self._deliveries.told(mine, self.clock())

    async def _take(self, seen: Delivery) -> Delivery | None:
        if seen.lease_until > self.clock() and not is_gone(seen.lease_owner):
            return None
        return await self._deliveries.take_over(seen, new_owner(), self.clock() + self.pace.lease)

    @property
    def _deliveries(self) -> Deliveries:
        return Deliveries(self.db)

    @property
    def _courier(self) -> Courier:
        return Courier(self.answer, self.posters)
