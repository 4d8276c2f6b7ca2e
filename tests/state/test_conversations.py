from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.model.chat import PlaceKind
from bot.state.conversations import Conversation, KnownPlaces
from bot.state.engine import StateDb

GENERAL = Conversation("19:general@thread.tacv2", PlaceKind.CHANNEL, "https://smba.example/emea/", "t1")
CHAT = Conversation("a:chat", PlaceKind.DM, "https://smba.example/amer/", "t2")


async def test_what_one_replica_remembers_another_finds(
    db: StateDb, other_db: StateDb, now: datetime
) -> None:
    await KnownPlaces(db).remember(GENERAL, now)
    assert await KnownPlaces(other_db).find(GENERAL.place_id) == GENERAL


async def test_a_conversation_that_moved_is_found_where_it_is_now(db: StateDb, now: datetime) -> None:
    moved = replace(GENERAL, service_url="https://smba.example/de/")
    await KnownPlaces(db).remember(GENERAL, now)
    await KnownPlaces(db).remember(moved, now)
    assert await KnownPlaces(db).find(GENERAL.place_id) == moved


async def test_what_is_forgotten_is_not_found(db: StateDb, now: datetime) -> None:
    places = KnownPlaces(db)
    await places.remember(GENERAL, now)
    await places.forget(GENERAL.place_id)
    await places.forget(GENERAL.place_id)
    assert await places.find(GENERAL.place_id) is None
    assert await places.newest("") is None


async def test_the_newest_of_an_organisation_is_not_anothers(db: StateDb, now: datetime) -> None:
    places = KnownPlaces(db)
    await places.remember(GENERAL, now)
    await places.remember(CHAT, now + timedelta(hours=1))
    assert await places.newest("t1") == GENERAL
    assert await places.newest("t3") is None
    assert await places.newest("") == CHAT
