from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from bot.model.chat import PlaceKind
from bot.model.message import Destination, Platform
from bot.model.schedule import Schedule, ScheduleKind
from bot.state.engine import StateDb
from bot.state.subscriptions import NewSubscription, Subscriptions, SubscriptionState

DIGEST = NewSubscription(
    Destination(Platform.TEAMS, "19:abc@thread", PlaceKind.CHANNEL, "https://smba.example/"),
    "U1",
    "digest now",
    Schedule(ScheduleKind.WEEKLY, time(9), "Europe/Berlin", weekday=1, month_day=3, whole_week=True),
)
OTHER = NewSubscription(
    Destination(Platform.SLACK, "C1"), "U2", "usage 7d", Schedule(ScheduleKind.DAILY, time(8, 30), "UTC")
)
HOUR = timedelta(hours=1)


async def test_a_subscription_comes_back_as_it_was_added(db: StateDb, now: datetime) -> None:
    added = await Subscriptions(db).add(DIGEST, now + HOUR, now)
    assert re.fullmatch(r"S-[0-9A-Z]{8}", added.id)
    assert added.wanted == DIGEST
    assert await Subscriptions(db).get(added.id.lower()) == added
    assert await Subscriptions(db).get("S-00000000") is None


async def test_subscriptions_are_listed_by_place(db: StateDb, now: datetime) -> None:
    subscriptions = Subscriptions(db)
    one, two = await subscriptions.add(DIGEST, now, now), await subscriptions.add(OTHER, now, now + HOUR)
    assert await subscriptions.all() == (one, two)
    assert await subscriptions.of_place(Platform.SLACK, "C1") == (two,)
    assert await subscriptions.of_place(Platform.TEAMS, "C1") == ()


async def test_only_active_ones_whose_time_has_come_are_due(db: StateDb, now: datetime) -> None:
    subscriptions = Subscriptions(db)
    late = await subscriptions.add(DIGEST, now, now)
    later = await subscriptions.add(OTHER, now - HOUR, now)
    await subscriptions.add(OTHER, now + timedelta(seconds=1), now)
    paused = await subscriptions.add(OTHER, now, now)
    await subscriptions.pause(paused.id, "asked")
    assert await subscriptions.due(now) == (later, late)


async def test_a_pause_keeps_its_first_reason_and_a_resume_says_when(db: StateDb, now: datetime) -> None:
    subscriptions = Subscriptions(db)
    added = await subscriptions.add(OTHER, now, now)
    assert not await subscriptions.resume(added.id, now)
    assert await subscriptions.pause(added.id, "channel_gone")
    assert not await subscriptions.pause(added.id, "other")
    held = await subscriptions.get(added.id)
    assert held
    assert (held.state, held.reason) == (SubscriptionState.PAUSED, "channel_gone")
    assert await subscriptions.resume(added.id, now + HOUR)
    held = await subscriptions.get(added.id)
    assert held
    assert (held.state, held.reason, held.next_due_at) == (SubscriptionState.ACTIVE, "", now + HOUR)


async def test_a_removed_subscription_is_gone(db: StateDb, now: datetime) -> None:
    added = await Subscriptions(db).add(OTHER, now, now)
    assert await Subscriptions(db).remove(added.id)
    assert not await Subscriptions(db).remove(added.id)
    assert await Subscriptions(db).all() == ()


async def test_what_a_database_cannot_hold_is_left_out(db: StateDb, now: datetime) -> None:
    hostile = NewSubscription(OTHER.destination, "U2", "usage\0 7d\ud800", OTHER.schedule)
    added = await Subscriptions(db).add(hostile, now, now)
    held = await Subscriptions(db).get(added.id)
    assert held
    assert held.wanted.command == "usage 7d"
    assert await Subscriptions(db).get("S-\0") is None
