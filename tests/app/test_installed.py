"""Uninstalling the Teams app ends what was posted in that place, and its owners hear of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.app.installed import InstalledPlaces
from bot.model.chat import PlaceKind, Platform
from bot.model.message import Destination
from bot.model.posting import NotInChannel
from bot.model.schedule import Schedule, ScheduleKind
from bot.state.engine import StateDb
from bot.state.subscriptions import NewSubscription, Subscription, Subscriptions, SubscriptionState
from bot.teams.ports import Address
from tests.app.posting import Wall
from tests.remembering import new_state

NOW = datetime(2026, 10, 21, 15, tzinfo=UTC)
DAILY = Schedule(ScheduleKind.DAILY, time(9), "UTC")
GENERAL = Address("19:general@thread.tacv2;messageid=1", "https://smba.example/emea/", tenant_id="t1")


@pytest.fixture
async def state(tmp_path: Path) -> AsyncIterator[StateDb]:
    async with StateDb(await new_state(tmp_path)) as opened:
        yield opened


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def places(state: StateDb, wall: Wall) -> InstalledPlaces:
    return InstalledPlaces(state, {Platform.TEAMS: wall}, lambda: NOW)


async def subscribed(
    state: StateDb, place_id: str, platform: Platform = Platform.TEAMS, owner: str = "ada"
) -> Subscription:
    wanted = NewSubscription(Destination(platform, place_id), owner, "usage 7d", DAILY)
    return await Subscriptions(state).add(wanted, NOW + timedelta(days=1), NOW)


async def state_of(state: StateDb, one: Subscription) -> tuple[SubscriptionState, str]:
    held = await Subscriptions(state).get(one.id)
    assert held is not None
    return held.state, held.reason


async def test_a_place_is_known_after_a_restart_without_the_thread_it_was_seen_in(
    places: InstalledPlaces, tmp_path: Path
) -> None:
    await places.remember(GENERAL)
    async with StateDb(f"sqlite:///{tmp_path}/state.db") as again:
        found = await InstalledPlaces(again, {}, lambda: NOW).find(GENERAL.place_id)
    assert found == GENERAL.root
    assert found.kind is PlaceKind.CHANNEL
    assert await places.newest("t1") == GENERAL.root
    assert await places.newest("t2") is None


async def test_uninstalling_pauses_what_is_posted_there_and_tells_each_owner_once(
    places: InstalledPlaces, state: StateDb, wall: Wall
) -> None:
    await places.remember(GENERAL)
    here = await subscribed(state, GENERAL.place_id)
    elsewhere = await subscribed(state, "19:other@thread.tacv2")
    in_slack = await subscribed(state, GENERAL.place_id, Platform.SLACK)
    await places.forget(GENERAL.place_id)
    await places.forget(GENERAL.place_id)
    assert await places.find(GENERAL.place_id) is None
    assert await state_of(state, here) == (SubscriptionState.PAUSED, "not_in_channel")
    assert (await state_of(state, elsewhere))[0] is SubscriptionState.ACTIVE
    assert (await state_of(state, in_slack))[0] is SubscriptionState.ACTIVE
    ((owner, said),) = wall.told
    assert owner == "ada"
    assert f"resume {here.id}" in said


async def test_an_owner_who_cannot_be_told_does_not_keep_the_place(state: StateDb) -> None:
    class Silent(Wall):
        async def tell_owner(self, owner_id: str, text: str) -> None:
            raise NotInChannel(owner_id, text)

    places = InstalledPlaces(state, {Platform.TEAMS: Silent()}, lambda: NOW)
    await places.remember(GENERAL)
    here = await subscribed(state, GENERAL.place_id)
    await places.forget(GENERAL.place_id)
    assert await places.find(GENERAL.place_id) is None
    assert (await state_of(state, here))[0] is SubscriptionState.PAUSED
