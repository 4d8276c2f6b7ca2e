"""Subscriptions: a command that is answered again and again in a place, on behalf of its owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, select, update

from bot.model.chat import PlaceKind
from bot.model.message import Destination, Platform
from bot.model.schedule import Schedule, ScheduleKind
from bot.state.columns import changed, insert_new
from bot.state.engine import StateDb
from bot.state.ids import new_id
from bot.state.tables import SUBSCRIPTIONS as T


class SubscriptionState(StrEnum):
    """Whether it runs."""

    ACTIVE = "active"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class NewSubscription:
    """What to answer, where, when, and for whom."""

    destination: Destination
    owner_id: str
    command: str
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class Subscription:
    """A stored subscription, id `S-` and 8 characters. `reason` says why it is paused."""

    id: str
    wanted: NewSubscription
    state: SubscriptionState
    reason: str
    next_due_at: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """Subscriptions by id, place, owner and due time. Ids may be typed in any case."""

    db: StateDb

    async def add(self, wanted: NewSubscription, next_due_at: datetime, now: datetime) -> Subscription:
        """Store an active subscription under a new id."""
        async with self.db.write() as connection:
            while True:
                added = Subscription(new_id("S"), wanted, SubscriptionState.ACTIVE, "", next_due_at, now)
                if await insert_new(connection, T, _values(added)):
                    return added

    async def get(self, subscription_id: str) -> Subscription | None:
        """The subscription of this id; None when there is none."""
        found = await self._select(T.c.id == subscription_id.upper())
        return found[0] if found else None

    async def all(self) -> tuple[Subscription, ...]:
        """Every subscription, oldest first."""
        return await self._select()

    async def of_place(self, platform: Platform, place_id: str) -> tuple[Subscription, ...]:
        """The subscriptions that post to a place, oldest first."""
        return await self._select(T.c.platform == platform.value, T.c.place_id == place_id)

    async def due(self, now: datetime) -> tuple[Subscription, ...]:
        """The active subscriptions whose next run is at or before `now`, longest due first."""
        found = await self._select(T.c.state == SubscriptionState.ACTIVE.value, T.c.next_due_at <= now)
        return tuple(sorted(found, key=lambda one: (one.next_due_at, one.id)))

    async def pause(self, subscription_id: str, reason: str) -> bool:
        """Pause an active subscription; False when it is gone or paused already, whose reason then stays."""
        paused = {"state": SubscriptionState.PAUSED.value, "reason": reason}
        return await self._change(subscription_id, SubscriptionState.ACTIVE, paused)

    async def resume(self, subscription_id: str, next_due_at: datetime) -> bool:
        """Let a paused subscription run again from `next_due_at`; False when it is gone or active."""
        active = {"state": SubscriptionState.ACTIVE.value, "reason": "", "next_due_at": next_due_at}
        return await self._change(subscription_id, SubscriptionState.PAUSED, active)

    async def remove(self, subscription_id: str) -> bool:
        """Forget a subscription; its deliveries stay in the history. False when it is gone already."""
        async with self.db.write() as connection:
            return await changed(connection, delete(T).where(T.c.id == subscription_id.upper())) == 1

    async def _change(self, subscription_id: str, held: SubscriptionState, values: dict[str, Any]) -> bool:
        this = (T.c.id == subscription_id.upper(), T.c.state == held.value)
        async with self.db.write() as connection:
            return await changed(connection, update(T).where(*this).values(values)) == 1

    async def _select(self, *where: ColumnElement[bool]) -> tuple[Subscription, ...]:
        async with self.db.read() as connection:
            rows = await connection.execute(select(T).where(*where).order_by(T.c.created_at, T.c.id))
        return tuple(map(_subscription, rows))


def _values(subscription: Subscription) -> dict[str, Any]:
    wanted = subscription.wanted
    return {
        "id": subscription.id,
        "platform": wanted.destination.platform.value,
        "place_id": wanted.destination.place_id,
        "place_kind": wanted.destination.kind.value,
        "address": wanted.destination.address,
        "owner_id": wanted.owner_id,
        "command": wanted.command,
        "kind": wanted.schedule.kind.value,
        "at": wanted.schedule.at,
        "zone": wanted.schedule.zone,
        "weekday": wanted.schedule.weekday,
        "month_day": wanted.schedule.month_day,
        "whole_week": wanted.schedule.whole_week,
        "state": subscription.state.value,
        "reason": subscription.reason,
        "next_due_at": subscription.next_due_at,
        "created_at": subscription.created_at,
    }


def _subscription(row: Row[Any]) -> Subscription:
    wanted = NewSubscription(
        destination=Destination(Platform(row.platform), row.place_id, PlaceKind(row.place_kind), row.address),
        owner_id=row.owner_id,
        command=row.command,
        schedule=Schedule(
            ScheduleKind(row.kind), row.at, row.zone, row.weekday, row.month_day, row.whole_week
        ),
    )
    state = SubscriptionState(row.state)
    return Subscription(row.id, wanted, state, row.reason, row.next_due_at, row.created_at)
