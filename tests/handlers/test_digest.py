"""The weekly digest against a twin that counts the same uses with sets."""

from __future__ import annotations

import csv
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from random import Random
from statistics import median

import pytest

from bot.analytics.directory import Directory, Member
from bot.app.drawing import DrawingThread
from bot.lake import Dataset, Lake
from bot.model.chat import Audience, Fact, Level, Refusal, RefusalCode, Reply
from bot.model.timerange import DAY, TimeRange
from tests.handlers.answering import ANALYSTS, NOW, Bot, a_bot, person
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
    reply = await digest(bot)
    facts = facts_of(reply)
    assert "Codex made 28 reviews of pull requests, with 63 comments; people engaged" in reply.text
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


async def test_teams_that_moved_are_named_and_small_ones_are_folded(tmp_path: Path, lake: SmallLake) -> None:
    teams = ["Big"] * 20 + ["Small"] * 3 + ["Mid"] * 7
    directory = Directory(tuple(Member(f"u{n}@example.com", team) for n, team in enumerate(teams)))

    def gained(team: range) -> int:
        names = {f"u{n}" for n in team}
        return len(lake.active(WEEK) & names) - len(lake.active(week_before(1)) & names)

    async with a_bot(tmp_path, lake.lake, directory=directory) as bot:
        folded = await digest(bot)
        whole = await digest(replace(bot, place=ANALYSTS))
        assert "Small" not in parts_of(folded)
        assert "Small" in parts_of(whole)
    big = f"{'+' if gained(range(20)) > 0 else '−'}{abs(gained(range(20)))}"
    assert f"Big {big} to" in folded.text


def parts_of(reply: Reply) -> str:
    (parts,) = [file for file in reply.files if file.name.endswith("-parts.csv")]
    return parts.path.read_text(encoding="utf-8")


async def test_without_a_directory_surfaces_are_what_moved(bot: Bot) -> None:
    assert "Moved most: " in (await digest(bot)).text
    assert "of the turns" in (await digest(bot)).text


async def test_the_month_is_told_with_its_band_and_against_its_budget(bot: Bot, lake: SmallLake) -> None:
    used = sum(use.credits for day in lake.days if day >= date(2026, 10, 1) for use in lake.days[day])
    without = await digest(bot)
    facts = facts_of(without)
    assert facts["month_credits"].number == used
    low, total, high = (facts[f"month_forecast{end}"].number for end in ("_low", "", "_high"))
    assert low is not None
    assert total is not None
    assert high is not None
    assert used <= low <= total <= high
    assert "October 2026 stands at" in without.text
    await bot.ask("budget set 10 credits monthly")
    assert "of 10 credits" in (await digest(bot)).text
    assert "over the budget" in (await digest(bot)).text


async def test_the_thread_gets_figures_parts_weeks_and_how_they_are_computed(bot: Bot) -> None:
    reply = await digest(bot)
    texts = {file.name.removeprefix("digest-2026-10-12"): file for file in reply.files}
    assert list(texts) == [".csv", "-parts.csv", "-weeks.csv", "-how-computed.md"]
    rows = list(csv.DictReader(StringIO(texts[".csv"].path.read_text(encoding="utf-8"))))
    assert {row["key"] for row in rows} == set(facts_of(reply))
    wau = next(row for row in rows if row["key"] == "wau")
    assert float(wau["number"]) == facts_of(reply)["wau"].number
    how = texts["-how-computed.md"].path.read_text(encoding="utf-8")
    assert "12–18 Oct 2026" in how
    assert "Active user" in how
    weeks = list(csv.reader(StringIO(texts["-weeks.csv"].path.read_text(encoding="utf-8"))))
    assert [row[0] for row in weeks[1:]][-2:] == ["2026-10-05", "2026-10-12"]
