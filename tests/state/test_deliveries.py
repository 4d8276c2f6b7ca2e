from __future__ import annotations

import asyncio
from datetime import datetime, time, timedelta

import pytest

from bot.model.message import Destination, MessageRef, Platform
from bot.model.schedule import Schedule, ScheduleKind
from bot.state.deliveries import (
    FINAL,
    Claim,
    Deliveries,
    Delivery,
    DeliveryError,
    DeliveryStep,
    FileState,
    LeaseLost,
)
from bot.state.engine import StateDb
from bot.state.subscriptions import NewSubscription, Subscription, Subscriptions, SubscriptionState

DAY = timedelta(days=1)
WANTED = NewSubscription(
    Destination(Platform.SLACK, "C1"), "U1", "usage 7d", Schedule(ScheduleKind.DAILY, time(9), "UTC")
)


@pytest.fixture
async def due(db: StateDb, now: datetime) -> Subscription:
    return await Subscriptions(db).add(WANTED, now, now - DAY)


def claim(now: datetime, owner: str = "me", *, skip: bool = False) -> Claim:
    return Claim("2026-10-21", now + DAY, owner, now + timedelta(minutes=2), skip)


async def taken(db: StateDb, due: Subscription, now: datetime) -> Delivery:
    delivery = await Deliveries(db).claim(due, claim(now), now)
    assert delivery
    return delivery


async def test_a_run_is_claimed_by_one_of_many(
    db: StateDb, other_db: StateDb, due: Subscription, now: datetime
) -> None:
    claims = [Deliveries(one).claim(due, claim(now, str(n)), now) for n, one in enumerate((db, other_db) * 8)]
    won = [delivery for delivery in await asyncio.gather(*claims) if delivery]
    assert len(won) == 1
    assert won[0].step is DeliveryStep.CLAIMED
    assert (won[0].planned_at, won[0].period, won[0].command) == (now, "2026-10-21", "usage 7d")
    held = await Subscriptions(db).get(due.id)
    assert held
    assert held.next_due_at == now + DAY


async def test_a_period_is_never_claimed_twice_and_the_subscription_still_moves_on(
    db: StateDb, due: Subscription, now: datetime
) -> None:
    await taken(db, due, now)
    again = await Subscriptions(db).get(due.id)
    assert again
    second = Claim("2026-10-21", now + 2 * DAY, "me", now)
    assert await Deliveries(db).claim(again, second, now) is None
    held = await Subscriptions(db).get(due.id)
    assert held
    assert held.next_due_at == now + 2 * DAY
    assert len(await Deliveries(db).last()) == 1


async def test_a_paused_subscription_is_not_claimed(db: StateDb, due: Subscription, now: datetime) -> None:
    await Subscriptions(db).pause(due.id, "asked")
    assert await Deliveries(db).claim(due, claim(now), now) is None


async def test_a_skipped_run_is_finished_and_its_owner_to_be_told(
    db: StateDb, due: Subscription, now: datetime
) -> None:
    delivery = await Deliveries(db).claim(due, claim(now, skip=True), now)
    assert delivery
    assert (delivery.step, delivery.error, delivery.finished_at) == (
        DeliveryStep.SKIPPED,
        DeliveryError.TOO_LATE,
        now,
    )
    assert await Deliveries(db).open() == ()
    assert await Deliveries(db).untold() == (delivery,)


async def test_steps_keep_what_they_were_given(db: StateDb, due: Subscription, now: datetime) -> None:
    held = await taken(db, due, now)
    posted = await Deliveries(db).advance(
        held,
        DeliveryStep.POSTED,
        now + DAY,
        message_place="C1",
        message_id="1.2",
        posted_at=now,
        files={"a.csv": FileState.DONE.value},
    )
    assert posted.message == MessageRef("C1", "1.2")
    assert posted.files == {"a.csv": FileState.DONE}
    assert await Deliveries(db).open() == (posted,)


async def test_a_step_needs_the_lease_and_the_step_before(
    db: StateDb, due: Subscription, now: datetime
) -> None:
    held = await taken(db, due, now)
    stolen = await Deliveries(db).take_over(held, "other", now + DAY)
    assert stolen
    with pytest.raises(LeaseLost):
        await Deliveries(db).advance(held, DeliveryStep.COMPUTED, now + DAY)
    await Deliveries(db).advance(stolen, DeliveryStep.COMPUTED, now + DAY)
    with pytest.raises(LeaseLost):
        await Deliveries(db).advance(stolen, DeliveryStep.COMPUTED, now + DAY)


async def test_a_dead_delivery_is_taken_over_by_one_of_many(
    db: StateDb, other_db: StateDb, due: Subscription, now: datetime
) -> None:
    held = await taken(db, due, now)
    tries = [Deliveries(one).take_over(held, f"n{n}", now + DAY) for n, one in enumerate((db, other_db) * 8)]
    assert len([won for won in await asyncio.gather(*tries) if won]) == 1


async def test_a_reason_to_pause_is_written_with_the_step(
    db: StateDb, due: Subscription, now: datetime
) -> None:
    held = await taken(db, due, now)
    await Deliveries(db).advance(held, DeliveryStep.FAILED, now, "channel_gone", error="channel_gone")
    subscription = await Subscriptions(db).get(due.id)
    assert subscription
    assert (subscription.state, subscription.reason) == (SubscriptionState.PAUSED, "channel_gone")


async def test_told_owners_are_not_listed_again(db: StateDb, due: Subscription, now: datetime) -> None:
    delivery = await Deliveries(db).claim(due, claim(now, skip=True), now)
    assert delivery
    await Deliveries(db).told(delivery, now)
    assert await Deliveries(db).untold() == ()


async def test_the_last_ten_are_newest_first(db: StateDb, now: datetime) -> None:
    for n in range(12):
        due = await Subscriptions(db).add(WANTED, now + n * DAY, now)
        await taken(db, due, now)
    last = await Deliveries(db).last()
    assert [one.planned_at for one in last] == [now + n * DAY for n in range(11, 1, -1)]


def test_every_step_is_either_final_or_taken_up_again() -> None:
    assert {"done", "failed", "unknown", "skipped"} == FINAL
