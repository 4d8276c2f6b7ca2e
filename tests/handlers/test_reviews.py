"""Each day of the small lake: 4 reviews with 9 comments (1 P0, 2 P1, 3 P2), and on merged pull requests
8 comments, 2 replies, 5 reactions, 6 comments answered, 2 with a reply, 4 rated up and 1 rated down."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.model.chat import Refusal, RefusalCode, Reply
from tests.handlers.answering import Bot, a_bot
from tests.handlers.small import HELD, facts_of, numbers_of, rows_of, uses_of
from tests.handlers.weeks import SmallLake


async def reviews(bot: Bot, text: str = "reviews 7d") -> Reply:
    answer = await bot.ask(text)
    assert isinstance(answer, Reply), answer
    return answer


async def test_what_codex_did_is_counted_with_other_for_comments_without_priority(small_bot: Bot) -> None:
    numbers = numbers_of(await reviews(small_bot))
    assert (numbers["reviews"], numbers["comments"]) == (28, 63)
    priorities = [numbers[f"comments_{name}"] for name in ("p0", "p1", "p2", "other")]
    assert priorities == [7, 14, 21, 21]
    assert numbers["review_density"] == pytest.approx(9 / 4)
    assert numbers["review_severity"] == pytest.approx(3 / 6)


async def test_answers_stand_on_merged_pull_requests_alone(small_bot: Bot) -> None:
    numbers = numbers_of(await reviews(small_bot))
    assert (numbers["merged_comments"], numbers["replies"], numbers["reactions"]) == (56, 14, 35)
    assert numbers["review_engagement"] == pytest.approx(100 * 6 / 8)
    assert numbers["reply_rate"] == pytest.approx(100 * 2 / 8)
    assert numbers["positive_reaction_rate"] == pytest.approx(80)


async def test_both_bases_are_named(small_bot: Bot) -> None:
    text = (await reviews(small_bot)).text
    assert text.startswith(
        "Codex made 28 reviews in the 7 days to 20 Oct, unchanged from the 7 days before, with 63"
    )
    assert "75% of 56 comments on merged PRs got a reaction or reply. 25% got a reply." in text
    assert "pull requests (PRs) merged in the window, reviews on the day they were made." in text


async def test_sentiment_comes_with_its_interval(small_bot: Bot) -> None:
    """Wilson 1927 for 28 of 35: 64.1 % to 90.0 %."""
    text = (await reviews(small_bot, "reviews 7d sentiment")).text
    assert text.startswith("80% of 35 rated comments on merged PRs were rated up in the 7 days to 20 Oct.")
    assert "The 95% interval is 64% to 90%." in text


async def test_under_ten_rated_comments_are_too_few_to_tell(small_bot: Bot) -> None:
    reply = await reviews(small_bot, "reviews 1d sentiment")
    fact = facts_of(reply)["positive_reaction_rate"]
    assert (fact.number, fact.value) == (None, "too few to tell")
    assert reply.text.startswith("Too few to tell the sentiment on 20 Oct 2026: 5 comments rated")


async def test_weeks_are_rows_newest_first(small_bot: Bot) -> None:
    rows = rows_of(await reviews(small_bot, "reviews 2026-09-28..2026-10-20 weekly"))
    assert [(row["day"], row["reviews"], row["merged_replies"]) for row in rows] == [
        ("2026-10-12", 28, 14),
        ("2026-10-05", 28, 14),
        ("2026-09-28", 28, 14),
    ]


async def test_days_with_usage_but_without_reviews_held_are_unavailable(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path / "lake")
    lake.put({day: uses_of(day) for day in HELD.days()}, reviews=False)
    async with a_bot(tmp_path, lake.lake) as bot:
        answer = await bot.ask("reviews 7d")
    assert isinstance(answer, Refusal)
    assert answer.code is RefusalCode.UNAVAILABLE
