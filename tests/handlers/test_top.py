from __future__ import annotations

from pathlib import Path

import pytest

from bot.model.chat import Audience, Level, Refusal, RefusalCode, Reply
from tests.handlers.answering import ANALYSTS, DM, Bot, a_bot, person
from tests.handlers.small import LAST, numbers_of, rows_of
from tests.handlers.weeks import SmallLake, Use


async def top(bot: Bot, text: str) -> Reply:
    answer = await bot.ask(text)
    assert isinstance(answer, Reply), answer
    return answer


async def people(bot: Bot, text: str) -> list[tuple[object, object]]:
    """Names with the figure that orders them."""
    return [(row["person"], [*row.values()][2]) for row in rows_of(await top(bot, text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("top 7d", [("ben@example.com", 50), ("ana@example.com", 28), ("cid@example.com", 14)]),
        ("top 7d by turns", [("cid@example.com", 35), ("ana@example.com", 21), ("ben@example.com", 20)]),
        ("7d TOP sort Turns 2", [("cid@example.com", 35), ("ana@example.com", 21)]),
        ("top 7d client vscode", [("ben@example.com", 50), ("ana@example.com", 7)]),
        ("top 7d client CODEX_IDE_VSCODE", [("ben@example.com", 50), ("ana@example.com", 7)]),
        ('top 7d client "VS Code extension"', [("ben@example.com", 50), ("ana@example.com", 7)]),
        ("top 7d client ide", [("ben@example.com", 50), ("ana@example.com", 7)]),
        ("top by streak", [("ana@example.com", 72), ("cid@example.com", 9), ("ben@example.com", 2)]),
        ("top 7d by tokens", []),
    ],
)
async def test_people_in_the_order_asked_for(
    small_bot: Bot, text: str, expected: list[tuple[str, int]]
) -> None:
    assert await people(small_bot, text) == expected


async def test_the_first_sentence_names_who_leads_and_with_what(small_bot: Bot) -> None:
    text = (await top(small_bot, "top 7d")).text
    assert text == "ben@example.com leads with 50 credits in the 7 days to 20 Oct; 3 people had any."


async def test_nobody_is_no_error(small_bot: Bot) -> None:
    reply = await top(small_bot, "top 7d by tokens")
    assert reply.text == "Nobody had any tokens in the 7 days to 20 Oct."
    assert (reply.pictures, numbers_of(reply)) == ((), {"ranked_people": 0})


async def test_a_streak_counts_also_without_use_of_the_client(small_bot: Bot) -> None:
    reply = await top(small_bot, "top by streak 7d client vscode")
    told = [(row["rank"], row["person"], row["streak_days"], row["credits"]) for row in rows_of(reply)]
    assert told == [
        (1, "ana@example.com", 72, 7),
        (2, "cid@example.com", 9, 0),
        (3, "ben@example.com", 2, 50),
    ]
    assert reply.text == "ana@example.com has the longest streak, 72 days to 20 Oct; 3 people have one."


async def test_who_shares_the_longest_streak_is_counted_beyond_the_page(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path / "lake")
    lake.put({LAST: [Use(name) for name in "abcde"]})
    async with a_bot(tmp_path, lake.lake) as bot:
        reply = await top(bot, "top 2 by streak 1d")
    assert reply.text.startswith("a@example.com and 4 others share the longest streak, 1 day to 20 Oct;")


async def test_pages_follow_one_another_and_end(small_bot: Bot) -> None:
    first = await top(small_bot, "top 2 by turns 7d")
    (more,) = [action for action in first.actions if action.id == "next"]
    second = await top(small_bot, more.command)
    assert [row["rank"] for row in rows_of(second)] == [3]
    assert [row["person"] for row in rows_of(second)] == ["ben@example.com"]
    assert [action.command for action in second.actions if action.id in {"next", "previous"}] == [
        "top 2 by turns 7d page 1"
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("top 0", "a whole number from 1 to 100"),
        ("top 1000000", "a whole number from 1 to 100"),
        ("top -5", "a whole number from 1 to 100"),
        ("top by credit", "Did you mean `credits`?"),
        ("top by lines", "`by lines` is not known"),
        ("top sort strek", "Did you mean `streak`?"),
        ("top client vscoode", "Did you mean `vscode`?"),
        ("top by turns sort credits", "keep one"),
        ("top 7d page 4", "ends with page 1"),
        ("top 5 top", "I don't know `top`"),
    ],
)
async def test_what_cannot_be_meant_is_named(small_bot: Bot, text: str, said: str) -> None:
    answer = await small_bot.ask(text)
    assert isinstance(answer, Refusal), answer
    assert answer.code is RefusalCode.WRONG_USE
    assert said in answer.message


@pytest.mark.parametrize("place", [DM, ANALYSTS])
async def test_names_go_to_the_asker_only(small_bot: Bot, place: object) -> None:
    answer = await small_bot.ask("top", place=place)
    assert isinstance(answer, Reply)
    assert answer.audience is Audience.ASKER


async def test_a_member_is_told_who_can_grant_the_level(small_bot: Bot) -> None:
    answer = await small_bot.ask("top", asker=person(Level.MEMBER))
    assert isinstance(answer, Refusal)
    assert "analyst" in answer.message
    assert "admin" in answer.hint


async def test_somebody_without_an_address_is_shown_by_id(demo_bot: Bot) -> None:
    names = [str(row["person"]) for row in rows_of(await top(demo_bot, "top 100 90d"))]
    assert any(name.startswith("user-") for name in names)
    assert sum("@" in name for name in names) > 40
