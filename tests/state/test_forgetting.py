from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

from bot.model.chat import Level
from bot.model.message import Destination, Platform
from bot.model.schedule import Schedule, ScheduleKind
from bot.model.timerange import TimeRange
from bot.state.engine import StateDb
from bot.state.forgetting import Forgetting, StateRows
from bot.state.receipts import NewReceipt, Receipts
from bot.state.subscriptions import NewSubscription, Subscriptions
from bot.state.trail import Trail

NAMES = frozenset({"ana@x.example", "user-ANA", "U0ANA"})
WINDOW = TimeRange(date(2026, 9, 20), date(2026, 10, 20))
ASKED = NewReceipt("usage 30d", Level.MEMBER, "u0ana", "1", WINDOW)
DAILY = Schedule(ScheduleKind.DAILY, time(8, 30), "UTC")


async def test_what_a_person_asked_and_set_up_is_deleted(db: StateDb, now: datetime) -> None:
    mine = await Receipts(db).store(ASKED, now)
    await Subscriptions(db).add(
        NewSubscription(Destination(Platform.SLACK, "C1"), "U0ANA", "me", DAILY), now, now
    )
    assert await Forgetting(db).count(NAMES) == StateRows(receipts=1, subscriptions=1)
    assert await Forgetting(db).forget(NAMES) == StateRows(receipts=1, subscriptions=1)
    assert await Receipts(db).load(mine.id) is None
    assert await Subscriptions(db).all() == ()
    assert (await Forgetting(db).count(NAMES)).total == 0


async def test_what_others_asked_about_a_person_is_deleted_and_no_more(db: StateDb, now: datetime) -> None:
    about = replace(ASKED, asker_id="U0BEN", command="user Ana@x.example 30d")
    mention = replace(about, command="user <@U0ANA>")
    other = await Receipts(db).store(replace(about, command="user joana@x.example 30d"), now)
    _ = [await Receipts(db).store(receipt, now) for receipt in (about, mention)]
    assert (await Forgetting(db).forget(NAMES)).receipts == 2
    assert await Receipts(db).load(other.id) == other


async def test_the_trail_keeps_every_line(db: StateDb, now: datetime) -> None:
    await Trail(db).append("U0ANA", "approve", {"id": "A-12"}, now)
    await Forgetting(db).forget(NAMES)
    assert [line.actor async for line in Trail(db).lines()] == ["U0ANA"]
    assert (await Trail(db).verify()).fault is None
