"""Who a subscription answers as, and where per-person figures may go."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.model.chat import Asker, Audience, Level, Place, PlaceLevel, Refusal, RefusalCode, Reply
from bot.settings import Policy
from bot.state.deliveries import Deliveries, DeliveryError, DeliveryStep
from bot.state.subscriptions import Subscriptions, SubscriptionState
from tests.app.posting import Scheduled
from tests.handlers.answering import ANALYSTS, CHANNEL, a_bot, person
from tests.handlers.weeks import SmallLake, Use

NOW = datetime(2026, 10, 21, 15, tzinfo=UTC)
TOMORROW = datetime(2026, 10, 22, 9, tzinfo=UTC)
OWNER = "U0000AAAA"


@pytest.fixture
async def scheduled(tmp_path: Path) -> AsyncIterator[Scheduled]:
    days = [datetime(2026, 10, n, tzinfo=UTC).date() for n in range(1, 22)]
    SmallLake(tmp_path / "lake").put({day: [Use("ada"), Use("bo", turns=3)] for day in days})
    async with a_bot(tmp_path) as bot:
        bot.asker = person(Level.ANALYST, OWNER)
        policy = Policy(channels={ANALYSTS.id: PlaceLevel.PEOPLE})
        yield Scheduled(bot, policy=policy, people={OWNER: bot.asker})


async def subscribe(scheduled: Scheduled, text: str, place: Place = CHANNEL) -> None:
    answer = await scheduled.bot.ask(text, place=place)
    assert isinstance(answer, Reply), answer


async def test_figures_of_people_are_set_up_in_a_place_for_them_only(scheduled: Scheduled) -> None:
    refused = await scheduled.bot.ask('subscribe "top" daily 09:00')
    assert isinstance(refused, Refusal)
    assert refused.code is RefusalCode.NOT_ALLOWED
    assert await Subscriptions(scheduled.bot.state).all() == ()
    await subscribe(scheduled, 'subscribe "top" daily 09:00', ANALYSTS)
    assert (await scheduled.ticker().run_due(TOMORROW)).ok
    ((place, reply),) = scheduled.wall.posts
    assert place == ANALYSTS.id
    assert reply.audience is Audience.HERE


async def test_a_place_that_loses_its_level_gets_no_figures_of_people(scheduled: Scheduled) -> None:
    await subscribe(scheduled, 'subscribe "top" daily 09:00', ANALYSTS)
    scheduled.policy = Policy()
    assert not (await scheduled.ticker().run_due(TOMORROW)).ok
    assert scheduled.wall.posts == []
    (delivery,) = await Deliveries(scheduled.bot.state).last()
    assert (delivery.step, delivery.error) == (DeliveryStep.FAILED, DeliveryError.NOT_ALLOWED)


@pytest.mark.parametrize("now_is", [person(Level.MEMBER, OWNER), Asker(OWNER)])
async def test_an_owner_who_lost_the_level_is_told_and_the_subscription_pauses(
    scheduled: Scheduled, now_is: Asker
) -> None:
    await subscribe(scheduled, 'subscribe "top" daily 09:00', ANALYSTS)
    scheduled.people[OWNER] = now_is
    await scheduled.ticker().run_due(TOMORROW)
    assert scheduled.wall.posts == []
    (held,) = await Subscriptions(scheduled.bot.state).all()
    assert (held.state, held.reason) == (SubscriptionState.PAUSED, "not_allowed")
    ((owner, told),) = scheduled.wall.told
    assert owner == OWNER
    assert "you may no longer see it" in told


async def test_an_aggregate_is_posted_for_a_plain_member_as_of_its_planned_time(
    scheduled: Scheduled,
) -> None:
    scheduled.people[OWNER] = scheduled.bot.asker = person(Level.MEMBER, OWNER)
    await subscribe(scheduled, 'subscribe "usage 7d" daily 09:00')
    scheduled.bot.now = TOMORROW
    assert (await scheduled.ticker().run_due(TOMORROW)).ok
    ((_, reply),) = scheduled.wall.posts
    assert reply.footer.window is not None
    assert reply.footer.window.last.isoformat() == "2026-10-20"


async def test_status_lists_the_post_with_its_planned_and_actual_time(scheduled: Scheduled) -> None:
    await subscribe(scheduled, 'subscribe "usage 7d" daily 09:00')
    scheduled.bot.now = datetime(2026, 10, 22, 9, 4, tzinfo=UTC)
    await scheduled.ticker().run_due(scheduled.bot.now)
    status = await scheduled.bot.ask("status")
    assert isinstance(status, Reply)
    assert "planned 22 Oct 09:00 UTC, posted 22 Oct 09:04 UTC" in status.text
