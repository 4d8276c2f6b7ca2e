from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.model.chat import Reply
from tests.handlers.answering import COMPANY, Bot, a_bot
from tests.handlers.demo import Demo
from tests.handlers.small import HELD, numbers_of, rows_of, uses_of
from tests.handlers.weeks import SmallLake, Use


async def distribution(bot: Bot, text: str = "distribution 7d") -> Reply:
    answer = await bot.ask(text)
    assert isinstance(answer, Reply), answer
    return answer


async def test_concentration_of_three_people_by_hand(small_bot: Bot) -> None:
    """14 to 20 Oct: cid 14 credits, ana 28, ben 50."""
    reply = await distribution(small_bot)
    numbers = numbers_of(reply)
    assert numbers["gini"] == pytest.approx(2 * (14 + 2 * 28 + 3 * 50) / (3 * 92) - 4 / 3)
    assert (numbers["top_10_share"], numbers["people"]) == (pytest.approx(100 * 50 / 92), 3)
    assert reply.text.startswith("The top 1 of 3 people used 54.3% of credits in the 7 days to 20 Oct, ")


async def test_active_people_without_credits_are_in_and_it_is_said(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path / "lake")
    lake.put({day: (*uses_of(day), Use("free", credits=0)) for day in list(HELD.days())[-14:]})
    async with a_bot(tmp_path, lake.lake) as bot:
        reply = await distribution(bot)
    assert numbers_of(reply)["people"] == 4
    assert "everyone active counts, also the 1 who used none" in reply.text


async def test_turns_and_tokens_can_be_spread_too(small_bot: Bot) -> None:
    turns = numbers_of(await distribution(small_bot, "distribution 7d turns"))
    assert turns["top_10_share"] == pytest.approx(100 * 35 / 76)
    tokens = await distribution(small_bot, "distribution 7d tokens")
    assert tokens.text.startswith("There is no data on tokens in the 7 days to 20 Oct.")
    assert "The API does not tell the tokens of 3 active people: left out." in tokens.text
    assert numbers_of(tokens)["gini"] is None


async def test_active_days_are_a_histogram_of_the_last_28(small_bot: Bot) -> None:
    """Ana 28 days, ben 20, cid 9, dan 8."""
    reply = await distribution(small_bot, "distribution l28")
    assert reply.text.startswith(
        "2 of the 4 people active in the 28 days to 20 Oct used Codex on 14 days or more."
    )
    reply = await distribution(small_bot, "distribution l7")
    assert reply.text.startswith(
        "3 of the 3 people active in the 7 days to 20 Oct used Codex on 4 days or more."
    )


async def test_segments_need_twelve_weeks_of_history(small_bot: Bot) -> None:
    reply = await distribution(small_bot, "distribution segments")
    assert reply.text.startswith("Segments need 12 whole weeks of history.")
    assert (numbers_of(reply)["segment_power"], reply.table) == (None, None)


async def test_everyone_ever_seen_is_in_one_segment(demo_bot: Bot, demo: Demo) -> None:
    reply = await distribution(demo_bot, "distribution segments")
    counts = {str(row["segment"]): row["people"] for row in rows_of(reply)}
    assert list(counts) == ["Power", "Habitual", "Novice", "Low", "Non"]
    assert sum(counts.values()) == len(demo.lake().people())  # type: ignore[arg-type]


async def test_a_company_can_say_what_makes_a_power_user(tmp_path: Path, demo: Demo) -> None:
    found = []
    for turns in (1, 10_000):
        async with a_bot(tmp_path / str(turns), demo.lake(), replace(COMPANY, power_turns=turns)) as bot:
            found.append(numbers_of(await distribution(bot))["segment_power"])
    assert found[0]
    assert found[1] == 0
