"""Decides what a due run is: what it claims, whether it is too late, whether to say that it is late."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.model.chat import Reply
from bot.model.schedule import Schedule, WeekRule, next_due, period_key
from bot.state.deliveries import Claim, Delivery
from bot.state.subscriptions import Subscription


@dataclass(frozen=True, slots=True)
class Pace:
    """Times of a delivery. Within `grace` a late run is still posted; after `label_after` it says so."""

    grace: timedelta = timedelta(hours=12)
    label_after: timedelta = timedelta(hours=1)
    # Longer than any single step takes; a killed process of this machine is noticed earlier.
    lease: timedelta = timedelta(minutes=2)
    retry: timedelta = timedelta(minutes=1)
    source_retry: timedelta = timedelta(minutes=5)

    def too_late(self, planned_at: datetime, now: datetime) -> bool:
        """True when a run that has not been posted must be skipped."""
        return now - planned_at >= self.grace


def claim_of(subscription: Subscription, now: datetime, weeks: WeekRule, pace: Pace) -> Claim:
    """What the due run of `subscription` claims; the next run lies after `now`, so nothing is caught up.

    The lease's owner and end are the caller's to fill in.
    """
    schedule, planned_at = subscription.wanted.schedule, subscription.next_due_at
    return Claim(
        period=period_key(schedule, planned_at, weeks),
        next_due_at=next_due(schedule, max(now, planned_at), weeks),
        owner="",
        until=now,
        skip=pace.too_late(planned_at, now),
    )


def as_posted(reply: Reply, delivery: Delivery, schedule: Schedule, pace: Pace, now: datetime) -> Reply:
    """The answer as it stands in the place: labelled when it went out late, or goes out late at `now`."""
    if (delivery.posted_at or now) - delivery.planned_at < pace.label_after:
        return reply
    return labelled(reply, delivery.period, delivery.planned_at, schedule)


def labelled(reply: Reply, period: str, planned_at: datetime, schedule: Schedule) -> Reply:
    """The late answer with its period and the time it was planned for as its last line."""
    local = planned_at.astimezone(ZoneInfo(schedule.zone))
    planned = f"{local.day} {local:%b %Y %H:%M} ({schedule.zone})"
    return replace(reply, text=f"{reply.text}\nPosted late: this is {period}, planned for {planned}.")
