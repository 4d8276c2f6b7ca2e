"""Deliveries: one row per subscription and period, written ahead of every step that others can see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Update, select, update

from bot.model.message import MessageRef, Platform
from bot.state.columns import changed, insert_new
from bot.state.delivery import FINAL, Claim, Delivery, DeliveryError, DeliveryStep, FileState
from bot.state.engine import StateDb
from bot.state.subscriptions import Subscription, SubscriptionState
from bot.state.tables import DELIVERIES as T
from bot.state.tables import SUBSCRIPTIONS

__all__ = [
    "FINAL",
    "Claim",
    "Deliveries",
    "Delivery",
    "DeliveryError",
    "DeliveryStep",
    "FileState",
    "LeaseLost",
]


class LeaseLost(Exception):
    """Another process has taken the delivery over: hands off."""


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Deliveries: claim, advance, take over, tell and list."""

    db: StateDb

    async def claim(self, subscription: Subscription, claim: Claim, now: datetime) -> Delivery | None:
        """Take the due run and move the subscription on, in one transaction; None when it was taken before.

        With `skip` the run ends here as SKIPPED: too late.
        """
        due = (
            SUBSCRIPTIONS.c.id == subscription.id,
            SUBSCRIPTIONS.c.state == SubscriptionState.ACTIVE.value,
            SUBSCRIPTIONS.c.next_due_at == subscription.next_due_at,
        )
        move_on = update(SUBSCRIPTIONS).where(*due).values(next_due_at=claim.next_due_at)
        async with self.db.write() as connection:
            if await changed(connection, move_on) != 1:
                return None
            if not await insert_new(connection, T, _claimed(subscription, claim, now)):
                return None
            this = (T.c.subscription_id == subscription.id, T.c.period == claim.period)
            return _delivery((await connection.execute(select(T).where(*this))).one())

    async def advance(
        self, held: Delivery, step: DeliveryStep, lease_until: datetime, pause: str = "", **values: Any
    ) -> Delivery:
        """Write the next step while the lease is still held. Raises LeaseLost when it is not.

        A reason to `pause` pauses the subscription in the same transaction.
        """
        this = (T.c.id == held.id, T.c.lease_owner == held.lease_owner, T.c.step == held.step.value)
        new = {"step": step.value, "lease_until": lease_until, **values}
        async with self.db.write() as connection:
            if await changed(connection, update(T).where(*this).values(new)) != 1:
                raise LeaseLost
            if pause:
                await connection.execute(_pause(held.subscription_id, pause))
            return _delivery((await connection.execute(select(T).where(T.c.id == held.id))).one())

    async def open(self) -> tuple[Delivery, ...]:
        """The deliveries that are not finished, oldest plan first."""
        final = [step.value for step in FINAL]
        return await self._select(select(T).where(T.c.step.not_in(final)).order_by(T.c.planned_at, T.c.id))

    async def take_over(self, seen: Delivery, owner: str, until: datetime) -> Delivery | None:
        """Take the lease of a delivery as it was `seen`; None when somebody else was faster."""
        this = (
            T.c.id == seen.id,
            T.c.step == seen.step.value,
            T.c.lease_owner == seen.lease_owner,
            T.c.lease_until == seen.lease_until,
        )
        mine = {"lease_owner": owner, "lease_until": until}
        async with self.db.write() as connection:
            if await changed(connection, update(T).where(*this).values(mine)) != 1:
                return None
            return _delivery((await connection.execute(select(T).where(T.c.id == seen.id))).one())

    async def untold(self) -> tuple[Delivery, ...]:
        """Finished deliveries with an error that the owner has not heard of, oldest first."""
        final = [step.value for step in FINAL]
        silent = (T.c.step.in_(final), T.c.error != "", T.c.owner_told_at.is_(None))
        return await self._select(select(T).where(*silent).order_by(T.c.id))

    async def release(self, held: Delivery, until: datetime) -> None:
        """Give a lease back, not to be taken before `until`. Raises LeaseLost."""
        await self.advance(held, held.step, until, lease_owner="")

    async def told(self, delivery: Delivery, now: datetime) -> None:
        """Note that the owner was told."""
        async with self.db.write() as connection:
            await connection.execute(update(T).where(T.c.id == delivery.id).values(owner_told_at=now))

    async def posted_since(self, since: datetime) -> tuple[Delivery, ...]:
        """Whole deliveries planned at `since` or later that left a message and a receipt, oldest first."""
        whole = (
            T.c.step == DeliveryStep.DONE.value,
            T.c.message_id.is_not(None),
            T.c.receipt_id.is_not(None),
        )
        return await self._select(select(T).where(*whole, T.c.planned_at >= since).order_by(T.c.id))

    async def corrected(self, delivery: Delivery, receipt_id: str | None) -> None:
        """Note the receipt of the figures that the message shows now."""
        this = (T.c.id == delivery.id, T.c.receipt_id == delivery.receipt_id)
        async with self.db.write() as connection:
            await connection.execute(update(T).where(*this).values(receipt_id=receipt_id))

    async def last(self, count: int = 10) -> tuple[Delivery, ...]:
        """The newest deliveries, newest first."""
        return await self._select(select(T).order_by(T.c.planned_at.desc(), T.c.id.desc()).limit(count))

    async def _select(self, query: Any) -> tuple[Delivery, ...]:
        async with self.db.read() as connection:
            return tuple(map(_delivery, await connection.execute(query)))


def _pause(subscription_id: str, reason: str) -> Update:
    active = (SUBSCRIPTIONS.c.id == subscription_id, SUBSCRIPTIONS.c.state == SubscriptionState.ACTIVE.value)
    return update(SUBSCRIPTIONS).where(*active).values(state=SubscriptionState.PAUSED.value, reason=reason)


def _claimed(subscription: Subscription, claim: Claim, now: datetime) -> dict[str, Any]:
    wanted = subscription.wanted
    return {
        "subscription_id": subscription.id,
        "period": claim.period,
        "platform": wanted.destination.platform.value,
        "place_id": wanted.destination.place_id,
        "owner_id": wanted.owner_id,
        "command": wanted.command,
        "step": (DeliveryStep.SKIPPED if claim.skip else DeliveryStep.CLAIMED).value,
        "planned_at": subscription.next_due_at,
        "claimed_at": now,
        "finished_at": now if claim.skip else None,
        "lease_owner": claim.owner,
        "lease_until": claim.until,
        "error": (DeliveryError.TOO_LATE if claim.skip else DeliveryError.NONE).value,
        "files": {},
    }


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        subscription_id=row.subscription_id,
        period=row.period,
        platform=Platform(row.platform),
        place_id=row.place_id,
        owner_id=row.owner_id,
        command=row.command,
        step=DeliveryStep(row.step),
        planned_at=row.planned_at,
        claimed_at=row.claimed_at,
        lease_owner=row.lease_owner,
        lease_until=row.lease_until,
        error=DeliveryError(row.error),
        posted_at=row.posted_at,
        finished_at=row.finished_at,
        message=MessageRef(row.message_place, row.message_id) if row.message_id else None,
        receipt_id=row.receipt_id,
        files={name: FileState(state) for name, state in row.files.items()},
        owner_told_at=row.owner_told_at,
    )
