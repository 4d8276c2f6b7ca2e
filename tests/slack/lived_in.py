"""What a workspace has after some weeks, under the numbers and ids that the examples of commands name."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from bot.compliance.results import SubjectKind
from bot.kit.alerting import PERSON_PREFIX, SECURITY_PREFIX, Told
from bot.kit.approving import Wanted
from bot.model.chat import Fact, Unit
from bot.model.message import destination_of
from bot.model.schedule import Schedule, ScheduleKind
from bot.model.timerange import TimeRange
from bot.state.alerts import Alerts, NewAlert
from bot.state.approvals import Approvals, NewApproval, Verdict
from bot.state.columns import insert_new
from bot.state.holds import Holds, NewHold
from bot.state.subscriptions import NewSubscription, Subscription, SubscriptionState, _values
from bot.state.tables import SUBSCRIPTIONS
from tests.handlers.answering import CHANNEL, NOW, Bot
from tests.handlers.demo import PEOPLE, Demo

WEEK = TimeRange(date(2026, 10, 14), date(2026, 10, 21))
DANA = "dana.okafor@northwind.example"


async def live_in(bot: Bot, demo: Demo, *, decided: bool) -> None:
    """A-12 (originals, asked by the investigator, `decided` or not), AL-3 (about the admin's token), H-2."""
    wanted = Wanted(SubjectKind.USER, DANA, WEEK, "INC-12", originals=True).packed()
    asked = NewApproval(demo.asker("investigator").id, wanted, "use at night")
    for _ in range(12):
        await Approvals(bot.state).request(asked, NOW)
    if decided:
        await Approvals(bot.state).decide(12, Verdict(demo.asker("approver").id, approve=True), NOW)
    fact = Fact("events", "Events", "9", 9, Unit.EVENTS)
    about = f"{PERSON_PREFIX}{PEOPLE['admin'].user_id}"
    for n in range(3):
        told = Told(
            group="g", text="A token expires soon.\nMore of it.", facts=(fact,), window=WEEK
        ).to_json()
        await Alerts(bot.state).open(NewAlert(f"key-{n}", f"{SECURITY_PREFIX}token", about, told), NOW)
    for _ in range(2):
        await Holds(bot.state).set(NewHold("user", PEOPLE["member"].user_id, WEEK, "INC-12", "U1"), NOW)


async def subscribed(bot: Bot, owner_id: str) -> None:
    """S-7K3M9QXD in the channel, unless it is there."""
    schedule = Schedule(ScheduleKind.WEEKLY, time(9), "Europe/Berlin", weekday=0)
    wanted = NewSubscription(destination_of(CHANNEL), owner_id, "digest", schedule)
    due = datetime(2026, 10, 26, 8, tzinfo=UTC)
    one = Subscription("S-7K3M9QXD", wanted, SubscriptionState.ACTIVE, "", due, NOW)
    async with bot.state.write() as connection:
        await insert_new(connection, SUBSCRIPTIONS, _values(one))
