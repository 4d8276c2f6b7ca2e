from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.lake import Dataset
from bot.model.chat import Asker, Audience, Level, Refusal, RefusalCode, Reply
from bot.model.timerange import DAY
from tests.handlers.answering import Bot, a_bot, person
from tests.handlers.demo import PEOPLE
from tests.handlers.small import LAST, numbers_of, rows_of, small_lake

ANA = replace(person(Level.MEMBER), codex_user_id="ana")


async def ask(bot: Bot, text: str, asker: Asker | None = None) -> Reply:
    answer = await bot.ask(text, **({"asker": asker} if asker else {}))
    assert isinstance(answer, Reply), answer
    return answer


async def refused(bot: Bot, text: str, asker: Asker | None = None) -> Refusal:
    answer = await bot.ask(text, **({"asker": asker} if asker else {}))
    assert isinstance(answer, Refusal), answer
    return answer


async def test_my_own_figures_are_for_me_only(small_bot: Bot) -> None:
    reply = await ask(small_bot, "me 7d", ANA)
    assert reply.audience is Audience.ASKER
    told = numbers_of(reply)
    assert (told["credits"], told["turns"], told["active_days"]) == (28, 21, 7)
    assert (told["streak"], told["streak_working_days"]) == (72, 52)
    assert reply.text.startswith(
        "You used 28 credits in the 7 days to 20 Oct, unchanged from the 7 days before"
    )


async def test_weekends_break_only_one_of_the_two_streaks(small_bot: Bot) -> None:
    told = numbers_of(await ask(small_bot, "user ben@example.com"))
    assert (told["streak"], told["streak_working_days"]) == (2, 52)


async def test_a_streak_of_a_range_that_is_over_is_not_the_current_one(small_bot: Bot) -> None:
    text = (await ask(small_bot, "me last month", ANA)).text
    assert "Streak to 30 Sep: 38 working days; 52 days counting weekends." in text


async def test_a_day_that_is_not_held_makes_no_streak_shorter_unsaid(tmp_path: Path) -> None:
    gap = LAST - 4 * DAY
    lake = small_lake(tmp_path)
    lake.lake.path(Dataset.USAGE, gap).unlink()
    async with a_bot(tmp_path, lake.lake) as bot:
        mine = (await ask(bot, "me 2d", ANA)).text
        ranked = (await ask(bot, "top by streak 2d")).text
        lake.lake.path(Dataset.USAGE, LAST).unlink()
        unknown = await ask(bot, "me 2d", ANA)
        unranked = await ask(bot, "top by streak 2d")
    assert "Current streak: 2 working days; 4 days counting weekends; 16 Oct is not held, so it may" in mine
    assert "16 Oct is not held: streaks that reach it count from the day after" in ranked
    assert "The streak cannot be told: 20 Oct is not held." in unknown.text
    assert numbers_of(unknown)["streak"] is None
    assert numbers_of(unranked)["ranked_people"] is None
    assert unranked.text.startswith("Streaks cannot be told: 20 Oct is not held.")


async def test_the_breakdown_is_by_surface_and_by_model(small_bot: Bot) -> None:
    rows = rows_of(await ask(small_bot, "me 7d", ANA))
    assert [(row["by"], row["name"], row["credits"], row["share_pct"]) for row in rows] == [
        ("Surface", "CLI", 21, 75),
        ("Surface", "IDE extension", 7, 25),
    ]


async def test_somebody_who_did_nothing_is_told_so(small_bot: Bot) -> None:
    reply = await ask(small_bot, "user dan@example.com 7d")
    assert reply.text == "dan@example.com did not use Codex in the 7 days to 20 Oct."
    assert numbers_of(reply)["credits"] == 0


@pytest.mark.parametrize(
    ("asker", "said"),
    [
        (person(Level.MEMBER), "No Codex usage is held under the e-mail address"),
        (replace(person(Level.MEMBER), email=None), "Your chat account is not linked"),
    ],
)
async def test_an_unlinked_person_is_told_how_to_get_linked(small_bot: Bot, asker: Asker, said: str) -> None:
    refusal = await refused(small_bot, "me", asker)
    assert refusal.message.startswith(said)
    assert asker.id in refusal.hint
    assert "chat_id" in refusal.hint


@pytest.mark.parametrize("words", ["ana@example.com", "ANA@Example.COM", "ana", "<@U0ANA>", "@u0ana"])
async def test_a_person_is_named_by_address_id_or_mention(small_bot: Bot, words: str) -> None:
    assert "ana@example.com" in (await ask(small_bot, f"user {words} 7d")).text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("user", "Whose figures?"),
        ("user anna@example.com", "Did you mean `ana@example.com`?"),
        ("user <@U0NOBODY>", "No Codex usage is held for `<@U0NOBODY>`."),
        (f"user {'x' * 900}", "No Codex usage is held"),
    ],
)
async def test_an_unknown_person_is_one_clear_message(small_bot: Bot, text: str, said: str) -> None:
    refusal = await refused(small_bot, text)
    assert refusal.code is RefusalCode.WRONG_USE
    assert said in refusal.message
    assert len(refusal.message) < 200


async def test_the_range_buttons_ask_about_the_same_person(small_bot: Bot) -> None:
    reply = await ask(small_bot, "user ana@example.com 7d")
    assert "user 30d ana" in [action.command for action in reply.actions]
    again = await ask(small_bot, "user 30d ana")
    assert "ana@example.com used" in again.text


async def test_the_demo_person_is_drawn_as_a_calendar(demo_bot: Bot) -> None:
    reply = await ask(demo_bot, f"user {PEOPLE['member'].email} 90d")
    assert "turns on" in reply.pictures[0].alt
    assert {row["by"] for row in rows_of(reply)} == {"Surface", "Model"}
