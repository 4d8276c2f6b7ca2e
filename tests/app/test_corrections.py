"""Late data against a digest that is posted already."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.model.chat import Asker, Refusal, Reply
from bot.model.posting import PosterUnavailable, Refused, TokenRevoked
from bot.model.timerange import TimeRange
from bot.schedule.corrections import changed
from bot.state.deliveries import Deliveries, Delivery
from tests.app.posting import Scheduled
from tests.handlers.answering import Bot, a_bot
from tests.handlers.weeks import SmallLake, Use

TUESDAY = datetime.fromisoformat("2026-10-20T09:00:00+00:00")
DAYS = TimeRange(date(2026, 9, 1), date(2026, 10, 20))
SUNDAY = date(2026, 10, 18)


def everybody(count: int, each: int = 10) -> list[Use]:
    return [Use(f"u{n}", credits=each) for n in range(count)]


@pytest.fixture
def lake(tmp_path: Path) -> SmallLake:
    lake = SmallLake(tmp_path / "lake", fetched_at=TUESDAY - timedelta(hours=1))
    lake.put({day: everybody(20) for day in DAYS.days()}, reviews=False)
    return lake


@pytest.fixture
async def posted(tmp_path: Path, lake: SmallLake) -> AsyncIterator[Scheduled]:
    """A digest of 20 people and 1,400 credits, posted on Tuesday at nine."""
    assert lake.days
    async with a_bot(tmp_path) as bot:
        bot.now = TUESDAY - timedelta(hours=1)
        assert isinstance(await bot.ask("subscribe weekly"), Reply)
        bot.now = TUESDAY
        scheduled = Scheduled(bot)
        assert (await scheduled.ticker().run_due(bot.now)).ok
        scheduled.wall.edits.clear()
        yield scheduled


def late(lake: SmallLake, people: int, each: int = 10) -> None:
    lake.put({SUNDAY: everybody(people, each)}, reviews=False)


async def correct(scheduled: Scheduled, days: float = 1) -> tuple[Delivery, ...]:
    scheduled.bot.now = TUESDAY + timedelta(days=days)
    return await scheduled.corrections().run(scheduled.bot.now)


async def test_a_change_beyond_the_threshold_edits_the_post_and_shows_what_changed(
    posted: Scheduled, lake: SmallLake
) -> None:
    late(lake, people=25)
    (corrected,) = await correct(posted)
    assert corrected.period == "2026-W42"
    ((message, reply),) = posted.wall.edits
    assert message == "1.0"
    first, second, *_ = reply.text.split("\n")
    assert first.startswith("25 people used Codex in the week 12–18 Oct 2026, up 25% on the week before;")
    assert second == "Corrected on 21 Oct: weekly active users 20 → 25."
    assert len(reply.pictures) == 1
    assert len(posted.wall.posts) == 1
    assert len(posted.wall.files) == 4


async def test_a_small_change_leaves_the_post_as_it_is(posted: Scheduled, lake: SmallLake) -> None:
    late(lake, people=20, each=13)  # 1,460 credits instead of 1,400: 4.3 %
    assert await correct(posted) == ()
    assert posted.wall.edits == []


async def test_a_correction_is_made_once_and_then_stands(posted: Scheduled, lake: SmallLake) -> None:
    late(lake, people=25)
    assert len(await correct(posted, days=1)) == 1
    assert await correct(posted, days=2) == ()
    late(lake, people=30)
    (_,) = await correct(posted, days=3)
    assert "weekly active users 25 → 30" in posted.wall.edits[-1][1].text


async def test_each_digest_is_looked_at_once_a_day_whoever_asks(posted: Scheduled, lake: SmallLake) -> None:
    assert await correct(posted, days=1) == ()
    late(lake, people=25)
    assert await correct(posted, days=1.5) == ()
    assert len(await correct(posted, days=2)) == 1


async def test_after_two_weeks_nothing_is_edited_any_more(posted: Scheduled, lake: SmallLake) -> None:
    late(lake, people=25)
    assert await correct(posted, days=14.1) == ()


async def test_a_platform_that_is_away_is_tried_again_in_the_next_pass(
    posted: Scheduled, lake: SmallLake
) -> None:
    late(lake, people=25)
    posted.wall.trouble.append(PosterUnavailable())
    assert await correct(posted, days=1) == ()
    assert len(await correct(posted, days=1.01)) == 1


@pytest.mark.parametrize("trouble", [Refused(), TokenRevoked()])
async def test_a_message_that_cannot_be_edited_stays(
    posted: Scheduled, lake: SmallLake, trouble: Refused | TokenRevoked
) -> None:
    late(lake, people=25)
    posted.wall.trouble.append(trouble)
    assert await correct(posted) == ()
    (delivery,) = await Deliveries(posted.bot.state).last()
    assert delivery.error == ""


async def test_an_owner_without_a_level_corrects_nothing(posted: Scheduled, lake: SmallLake) -> None:
    late(lake, people=25)
    posted.people["U0000AAAA"] = Asker("U0000AAAA")
    assert await correct(posted) == ()
    assert posted.wall.edits == []


async def test_figures_that_came_later_count_and_figures_that_went_away_do_not(bot: Bot) -> None:
    reply = await bot.ask("digest")
    assert not isinstance(reply, Refusal)
    known = {fact.key: fact.number for fact in reply.facts}
    unknown: dict[str, int | None] = dict.fromkeys(known)
    found = list(changed(unknown, reply, 5))
    assert {one.fact.key for one in found} == {"wau", "turns", "credits", "estimated_cost_usd"}
    assert all(one.was is None for one in found)


@pytest.fixture
async def bot(tmp_path: Path, lake: SmallLake) -> AsyncIterator[Bot]:
    assert lake.days
    async with a_bot(tmp_path) as bot:
        bot.now = TUESDAY
        yield bot
