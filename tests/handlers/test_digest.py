"""The weekly digest against a twin that counts the same uses with sets."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median

import pytest

from bot.app.drawing import DrawingThread
from bot.lake import Dataset, Lake
from bot.model.chat import Audience, Fact, Level, Refusal, RefusalCode, Reply
from bot.model.timerange import DAY, TimeRange
from tests.handlers.answering import NOW, Bot, a_bot, person
from tests.handlers.weeks import SmallLake, Use

WEEK = TimeRange(date(2026, 10, 12), date(2026, 10, 19))
CLIENTS = ("CODEX_CLI", "CODEX_IDE_VSCODE", "CODEX_WEB", "CODEX_GITHUB")


def some_uses(day: date, people: int = 30) -> tuple[Use, ...]:
    chance = Random(day.toordinal())  # noqa: S311  # repeatable, not secret
    found = []
    for n in range(people):
        # person n starts in week n, works some days, and takes every fifth week off
        week = (day - date(2026, 8, 10)).days // 7
        if n // 3 <= week and (week + n) % 5 and chance.random() < 0.3:
            found.append(Use(f"u{n}", chance.choice(CLIENTS), chance.randint(1, 9), chance.randint(0, 40)))
    return tuple(found)


def ten_weeks(root: Path) -> SmallLake:
    lake = SmallLake(root / "lake")
    lake.put({day: some_uses(day) for day in TimeRange(date(2026, 8, 10), date(2026, 10, 21)).days()})
    return lake


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> SmallLake:
    """Only read."""
    return ten_weeks(tmp_path_factory.mktemp("weeks"))


@pytest.fixture
async def bot(tmp_path: Path, lake: SmallLake) -> AsyncIterator[Bot]:
    async with a_bot(tmp_path, lake.lake) as bot:
        yield bot


async def digest(bot: Bot, text: str = "digest") -> Reply:
    answer = await bot.ask(text)
    assert isinstance(answer, Reply), answer
    return answer


def facts_of(reply: Reply) -> dict[str, Fact]:
    return {fact.key: fact for fact in reply.facts}


def week_before(count: int) -> TimeRange:
    return TimeRange(WEEK.start - 7 * count * DAY, WEEK.end - 7 * count * DAY)


async def test_people_are_those_of_the_week_against_the_week_before_and_four_weeks(
    bot: Bot, lake: SmallLake
) -> None:
    wau = [len(lake.active(week_before(n))) for n in range(5)]
    facts = facts_of(await digest(bot))
    assert facts["wau"].number == wau[0]
    assert facts["wau"].change_pct == pytest.approx((wau[0] - wau[1]) / wau[1] * 100)
    assert facts["wau_median_4w"].number == median(wau[1:])


async def test_adoption_is_a_share_of_the_people_seen_by_the_end_of_each_week(
    bot: Bot, lake: SmallLake
) -> None:
    def rate(count: int) -> float:
        week = week_before(count)
        ever = lake.active(TimeRange(date(2026, 8, 10), week.end))
        return len(lake.active(week)) / len(ever) * 100

    facts = facts_of(await digest(bot))
    assert facts["adoption_rate"].number == pytest.approx(rate(0))
    assert facts["adoption_rate"].change_pct == pytest.approx((rate(0) - rate(1)) / rate(1) * 100)
    assert facts["adoption_rate_median_4w"].number == pytest.approx(median(map(rate, (1, 2, 3, 4))))


async def test_new_returning_and_resurrected_are_everybody_and_dormant_explains_the_change(
    bot: Bot, lake: SmallLake
) -> None:
    now, before = lake.active(WEEK), lake.active(week_before(1))
    earlier = lake.active(TimeRange(date(2026, 8, 10), week_before(1).start))
    number = {key: fact.number for key, fact in facts_of(await digest(bot)).items()}
    assert number["new"] == len(now - before - earlier) > 0
    assert number["returning"] == len(now & before) > 0
    assert number["resurrected"] == len((now - before) & earlier) > 0
    assert number["dormant"] == len(before - now) > 0
    assert number["new"] + number["returning"] + number["resurrected"] == number["wau"]
    assert number["wau"] - len(before) == number["new"] + number["resurrected"] - number["dormant"]


async def test_credits_and_cost_are_facts_of_their_own_and_never_mixed(bot: Bot, lake: SmallLake) -> None:
    used = sum(use.credits for day in WEEK.days() for use in lake.days[day])
    facts = facts_of(await digest(bot))
    assert (facts["credits"].number, facts["credits"].unit) == (used, "credits")
    assert facts["estimated_cost_usd"].number == pytest.approx(used / 25)
    assert facts["estimated_cost_usd"].unit == "estimated_usd"
    assert facts["cost_usd"].number is None
    assert facts["cost_usd"].value == "no data"


async def test_the_mix_is_told_in_shares_of_turns(bot: Bot, lake: SmallLake) -> None:
    uses = [use for day in WEEK.days() for use in lake.days[day]]
    cli = sum(use.turns for use in uses if use.client == "CODEX_CLI") / sum(use.turns for use in uses)
    text = (await digest(bot)).text
    assert f"CLI {cli * 100:.1f}"[:-1] in text


async def test_engagement_has_the_comments_of_merged_pull_requests_as_its_base(bot: Bot) -> None:
    facts = facts_of(await digest(bot))
    assert facts["review_engagement"].number == pytest.approx(6 / 8 * 100)
    assert facts["reviews"].number == 7 * 4


async def test_the_window_is_the_last_monday_to_sunday_whose_figures_are_complete(bot: Bot) -> None:
    assert (await digest(bot)).footer.window == WEEK
    bot.now = datetime(2026, 10, 19, 11, 59, tzinfo=UTC)
    assert (await digest(bot)).footer.window == week_before(1)
    bot.now = datetime(2026, 10, 19, 12, tzinfo=UTC)
    assert (await digest(bot)).footer.window == WEEK


async def test_a_week_with_a_missing_day_says_so_and_tells_no_people(tmp_path: Path, lake: SmallLake) -> None:
    copied = Lake(shutil.copytree(lake.root, tmp_path / "lake"))
    copied.path(Dataset.USAGE, date(2026, 10, 14)).unlink()
    async with a_bot(tmp_path) as bot:
        reply = await digest(bot)
    assert reply.text.startswith("It cannot be told how many people used Codex")
    assert "14 Oct is missing" in reply.text
    facts = facts_of(reply)
    assert facts["wau"].number is None
    assert facts["new"].number is None


async def test_settled_figures_are_told_apart_from_those_that_may_change(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path / "lake", fetched_at=NOW - timedelta(hours=1))
    lake.put({day: some_uses(day) for day in TimeRange(date(2026, 9, 1), date(2026, 10, 21)).days()})
    async with a_bot(tmp_path) as bot:
        text = (await digest(bot)).text
    assert text.endswith("All 7 days are held; 5 days may still change a little.")


async def test_no_day_held_is_no_history_and_not_a_week_of_nobody(tmp_path: Path) -> None:
    async with a_bot(tmp_path) as bot:
        answer = await bot.ask("digest")
    assert isinstance(answer, Refusal)
    assert answer.code is RefusalCode.UNAVAILABLE


async def test_the_first_week_there_is_has_no_changes(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path / "lake")
    lake.put({day: (Use("ada"),) for day in TimeRange(WEEK.start, date(2026, 10, 21)).days()})
    async with a_bot(tmp_path) as bot:
        reply = await digest(bot)
    assert reply.text.startswith("1 person used Codex in the week 12–18 Oct 2026.")
    assert all(fact.change_pct is None for fact in reply.facts)


async def test_seats_are_what_adoption_is_a_share_of(tmp_path: Path, lake: SmallLake) -> None:
    async with a_bot(tmp_path, lake.lake, seats=100) as bot:
        facts = facts_of(await digest(bot))
    assert facts["adoption_rate"].number == len(lake.active(WEEK))


async def test_a_preview_is_for_the_asker_and_now_is_for_admins(bot: Bot) -> None:
    assert (await digest(bot)).audience is Audience.HERE
    assert (await digest(bot, "digest preview")).audience is Audience.ASKER
    assert (await digest(bot, "digest now")).audience is Audience.HERE
    refused = await bot.ask("digest now", asker=person(Level.ANALYST))
    assert isinstance(refused, Refusal)
    assert refused.code is RefusalCode.NOT_ALLOWED
    assert "admin" in refused.message


async def test_the_picture_is_one_small_png_whose_title_is_the_finding(
    tmp_path: Path, lake: SmallLake
) -> None:
    drawing = DrawingThread()
    async with a_bot(tmp_path, lake.lake, draw=drawing.draw) as bot:
        reply = await digest(bot)
    drawing.close()
    (picture,) = reply.pictures
    assert picture.width_px <= 1000
    assert len(picture.png) < 150_000
    assert picture.alt.split(",")[0] == reply.text.split(" in the week")[0]
