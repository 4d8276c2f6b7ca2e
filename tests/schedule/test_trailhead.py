from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.model.chat import Reply
from bot.model.signing import Signer
from bot.schedule.trailhead import DailyHead
from bot.state.engine import StateDb
from bot.state.trail import Trail
from bot.state.trailheads import TrailHeads
from tests.remembering import new_state

NOW = datetime(2026, 10, 21, 15, tzinfo=UTC)
SIGNER = Signer(bytes(32))


@dataclass
class Channel:
    works: bool = True
    posted: list[Reply] = field(default_factory=list)

    async def post(self, reply: Reply) -> bool:
        if self.works:
            self.posted.append(reply)
        return self.works


@pytest.fixture
async def state(tmp_path: Path) -> AsyncIterator[StateDb]:
    async with StateDb(await new_state(tmp_path)) as opened:
        yield opened


def head(state: StateDb, channel: Channel | None) -> DailyHead:
    return DailyHead(state, lambda: SIGNER, channel.post if channel else None)


async def look(state: StateDb) -> None:
    await Trail(state).append("U1", "look", {}, NOW)


async def test_a_head_is_posted_once_a_day_with_what_checks_it(state: StateDb) -> None:
    channel = Channel()
    await look(state)
    for hours in (0, 1, 2):
        await head(state, channel).run(NOW + timedelta(hours=hours))
    (news,) = channel.posted
    kept = await TrailHeads(state).of(NOW.date())
    assert kept is not None
    assert kept.is_by(SIGNER.public_key)
    assert f"`/codex trail verify 1:{kept.head.hash}`" in news.text
    assert kept.signature in news.text
    await look(state)
    await head(state, channel).run(NOW + timedelta(days=1))
    assert len(channel.posted) == 2
    assert [each.head.seq for each in await TrailHeads(state).all()] == [1, 2]


async def test_what_could_not_be_posted_is_posted_an_hour_later_as_it_was(state: StateDb) -> None:
    channel = Channel(works=False)
    await look(state)
    await head(state, channel).run(NOW)
    await look(state)
    channel.works = True
    await head(state, channel).run(NOW + timedelta(hours=1))
    assert "1 line, head" in channel.posted[0].text


async def test_without_a_channel_heads_are_kept_and_an_empty_trail_has_none(state: StateDb) -> None:
    await head(state, None).run(NOW)
    assert await TrailHeads(state).all() == ()
    await look(state)
    await head(state, None).run(NOW)
    assert len(await TrailHeads(state).all()) == 1
