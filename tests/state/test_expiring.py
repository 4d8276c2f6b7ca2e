from __future__ import annotations

from datetime import datetime, timedelta

from bot.model.message import MessageRef, Platform
from bot.state.engine import StateDb
from bot.state.expiring import Expiring, ExpiringMessage

HOUR = timedelta(hours=1)


def message(delete_at: datetime, ts: str = "1.2") -> ExpiringMessage:
    return ExpiringMessage(Platform.SLACK, MessageRef("D1", ts), delete_at, "This answer has expired.")


async def test_messages_are_due_at_their_end_longest_first(db: StateDb, now: datetime) -> None:
    expiring = Expiring(db)
    late, later, young = message(now, "1"), message(now - HOUR, "2"), message(now + HOUR, "3")
    for one in (late, later, young):
        assert await expiring.add(one)
    assert await expiring.due(now) == (later, late)
    assert await expiring.due(now, limit=1) == (later,)


async def test_a_deleted_message_is_due_no_more_and_deleted_once(db: StateDb, now: datetime) -> None:
    expiring = Expiring(db)
    await expiring.add(message(now))
    assert await expiring.deleted(message(now), now)
    assert not await expiring.deleted(message(now), now)
    assert await expiring.due(now) == ()


async def test_a_known_message_keeps_its_end(db: StateDb, now: datetime) -> None:
    expiring = Expiring(db)
    assert await expiring.add(message(now))
    assert not await expiring.add(message(now + HOUR))
    assert await expiring.due(now) == (message(now),)
