"""Look-ups stand for an hour: then their message says so, in Teams as in Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.kit.sweeping import TOMBSTONE, Sweeping
from bot.model.chat import Audience, Reply
from bot.state.engine import StateDb
from bot.state.expiring import Expiring
from bot.teams.app import Parts
from bot.teams.expiry import TeamsEnding, TeamsSweeper
from bot.teams.ports import KnownConversations
from tests.remembering import new_state
from tests.slack import samples
from tests.teams import cardcheck as card
from tests.teams import fake
from tests.teams.conftest import Answering, Clock, Running
from tests.teams.fake import FakeTeams

LASTS = timedelta(minutes=60)
FINDING = "dana sent 205 prompts in the 30 days to 20 Oct."


@pytest.fixture
async def expiring(tmp_path: Path) -> AsyncIterator[Expiring]:
    async with StateDb(await new_state(tmp_path)) as db:
        yield Expiring(db)


@pytest.fixture
def parts(parts: Parts, expiring: Expiring) -> Parts:
    return replace(parts, ending=TeamsEnding(expiring))


@pytest.fixture
async def bot(run: Callable[..., Awaitable[Running]], answering: Answering) -> Running:
    answering.answer = look_up()
    return await run()


@pytest.fixture
def sweeping(bot: Running, expiring: Expiring, known: KnownConversations, clock: Clock) -> Sweeping:
    return TeamsSweeper(bot.app.outbox, expiring, known, fake.TENANT_ID, clock).sweeping()


def look_up() -> Reply:
    answer = samples.reply(text=FINDING, audience=Audience.ASKER, pictures=(samples.picture(),))
    return replace(answer, dm_only=True, expires_at=samples.NOW + LASTS)


@pytest.mark.parametrize("conversation", [fake.CHAT, fake.CHANNEL])
async def test_after_an_hour_a_look_up_is_gone_wherever_it_was_asked(
    conversation: str, bot: Running, teams: FakeTeams, sweeping: Sweeping, clock: Clock
) -> None:
    await bot.deliver(fake.activity(teams.url, conversation))
    (posted,) = [sent for sent in teams.posts if FINDING in repr(sent.body)]
    assert posted.path == f"conversations/{fake.CHAT}/activities"
    clock.advance(minutes=59)
    assert await sweeping.sweep() == 0
    clock.advance(minutes=1)
    assert await sweeping.sweep() == 1
    ended = teams.calls[-1]
    assert (ended.method, ended.path) == (
        "PUT",
        f"{posted.path}/m{1 + teams.calls.index(posted)}",
    )
    content = card.content(card.check(ended.body))
    assert [block["text"] for block in content["body"]] == TOMBSTONE.replace(". A", ".\nA").split("\n")
    assert await sweeping.sweep() == 0


async def test_what_teams_does_not_confirm_is_tried_again(
    bot: Running, teams: FakeTeams, sweeping: Sweeping, clock: Clock
) -> None:
    await bot.deliver(fake.activity(teams.url))
    clock.advance(minutes=60)
    teams.failing.append((500, {}, "ServiceError"))
    assert await sweeping.sweep() == 0
    assert await sweeping.sweep() == 1


async def test_what_somebody_deleted_already_is_gone(
    bot: Running, teams: FakeTeams, sweeping: Sweeping, clock: Clock
) -> None:
    await bot.deliver(fake.activity(teams.url))
    clock.advance(minutes=60)
    teams.failing.append((404, {}, "ActivityNotFoundInConversation"))
    assert await sweeping.sweep() == 1
