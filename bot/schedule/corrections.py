"""Late data: a posted digest whose figures have moved is edited in place, never posted again.

Usage of a day is restated for about a week after it. Each digest is looked at once a day while that lasts.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from bot.kit.exportfiles import discard
from bot.kit.words import day, figure, join
from bot.model.chat import Fact, Refusal, Reply
from bot.model.message import Platform
from bot.model.posting import MaybeSent, Poster, PosterError, PosterUnavailable, TokenRevoked
from bot.schedule.attempt import Clock
from bot.schedule.due import Pace, as_posted
from bot.schedule.ports import Answerer
from bot.state.deliveries import Deliveries, Delivery
from bot.state.engine import StateDb
from bot.state.leases import Leases
from bot.state.owners import new_owner
from bot.state.receipts import Receipts
from bot.state.subscriptions import Subscription, Subscriptions

LOG = structlog.get_logger()
MICRO = 1_000_000
FIGURES = ("wau", "turns", "credits", "cost_usd", "estimated_cost_usd")
"""What a correction is about. The lifecycle's small counts move with every person and are left out."""
LOOKED_AT_FOR = timedelta(days=14)
_ONCE = timedelta(hours=23)
_NOT_BEFORE = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Corrections:
    """Edits posted digests whose figures changed by `threshold_pct` or more. Any number of replicas may."""

    db: StateDb
    answer: Answerer
    posters: Mapping[Platform, Poster]
    clock: Clock
    threshold_pct: float = 5.0
    pace: Pace = field(default_factory=Pace)

    async def run(self, now: datetime) -> tuple[Delivery, ...]:
        """Look at every recent digest that was not looked at today; returns those that were corrected."""
        corrected = []
        try:
            async for delivery, subscription in self._recent(now):
                if await self._claimed(delivery, subscription, now):
                    corrected.append(delivery)
        except TokenRevoked:
            LOG.warning("corrections_stopped", reason="token_revoked")
        return tuple(corrected)

    async def _recent(self, now: datetime) -> AsyncIterator[tuple[Delivery, Subscription]]:
        for delivery in await Deliveries(self.db).posted_since(now - LOOKED_AT_FOR):
            if delivery.posted_at and now - delivery.posted_at < _NOT_BEFORE:
                continue
            subscription = await Subscriptions(self.db).get(delivery.subscription_id)
            if subscription and subscription.wanted.schedule.whole_week and delivery.platform in self.posters:
                yield delivery, subscription

    async def _claimed(self, delivery: Delivery, subscription: Subscription, now: datetime) -> bool:
        leases, name, owner = Leases(self.db), f"correct:{delivery.id}", new_owner()
        if not await leases.acquire(name, owner, now, _ONCE):
            return False
        try:
            return await self._correct(delivery, subscription, now)
        except (PosterUnavailable, MaybeSent):
            # editing twice changes nothing, so the next pass simply tries again
            await leases.release(name, owner)
        except TokenRevoked:
            raise
        except PosterError as refused:
            LOG.warning("correction_refused", delivery=delivery.id, error=type(refused).__name__)
        return False

    async def _correct(self, delivery: Delivery, subscription: Subscription, now: datetime) -> bool:
        answer = await self.answer(subscription, delivery.planned_at)
        await asyncio.to_thread(discard, answer)  # the files of the thread stay as they were posted
        shown = await self._shown(delivery)
        if isinstance(answer, Refusal) or delivery.message is None or not shown:
            return False
        changes = list(changed(shown, answer, self.threshold_pct))
        if not changes:
            return False
        reply = as_posted(answer, delivery, subscription.wanted.schedule, self.pace, now)
        place = subscription.wanted.destination
        await self.posters[place.platform].add_picture(place, delivery.message, marked(reply, changes, now))
        await Deliveries(self.db).corrected(delivery, answer.footer.receipt)
        LOG.info("digest_corrected", delivery=delivery.id, figures=len(changes))
        return True

    async def _shown(self, delivery: Delivery) -> Mapping[str, int | None]:
        receipt = await Receipts(self.db).load(delivery.receipt_id) if delivery.receipt_id else None
        return {fact.key: fact.value for fact in receipt.answer.facts} if receipt else {}


@dataclass(frozen=True, slots=True)
class Change:
    """A figure as it is now and as it was shown, in its own unit; None was "no data"."""

    fact: Fact
    was: float | None


def changed(shown: Mapping[str, int | None], reply: Reply, threshold_pct: float) -> Iterator[Change]:
    """The figures that differ by the threshold or more from what is `shown` (millionths by key)."""
    for fact in reply.facts:
        if fact.key not in FIGURES or fact.key not in shown or fact.number is None:
            continue
        was, now = shown[fact.key], round(fact.number * MICRO)
        if was is None or (now != was and abs(now - was) * 100 >= threshold_pct * abs(was)):
            yield Change(fact, None if was is None else was / MICRO)


def marked(reply: Reply, changes: list[Change], now: datetime) -> Reply:
    """The reply with the correction as its second line."""
    told = join([f"{_label(c.fact)} {figure(c.was, c.fact.unit)} → {c.fact.value}" for c in changes])
    first, *rest = reply.text.split("\n")
    return replace(reply, text="\n".join([first, f"Corrected on {day(now.date())}: {told}.", *rest]))


def _label(fact: Fact) -> str:
    return fact.label[0].lower() + fact.label[1:]
