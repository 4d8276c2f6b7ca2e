from __future__ import annotations

from pathlib import Path

import pytest

from bot.model.chat import Refusal, RefusalCode, Reply
from tests.handlers.answering import Bot, a_bot
from tests.handlers.small import facts_of, numbers_of
from tests.handlers.weeks import SmallLake


async def overview(bot: Bot, text: str = "overview 7d") -> Reply:
    answer = await bot.ask(text)
    assert isinstance(answer, Reply), answer
    return answer


async def test_no_word_means_overview(small_bot: Bot) -> None:
    assert (await overview(small_bot, "")).command == "overview"


async def test_every_figure_stands_beside_the_window_before(small_bot: Bot) -> None:
    """14 to 20 Oct: ana 7 days, ben 5, cid 7; the week before: ana 7, ben 5, cid 2."""
    facts = facts_of(await overview(small_bot))
    assert (facts["active_users"].number, facts["active_users"].change_pct) == (3, 0)
    assert facts["turns"].number == 7 * 3 + 5 * 4 + 7 * 5
    assert facts["turns"].change_pct == pytest.approx((76 - 51) / 51 * 100)
    assert facts["credits"].number == 7 * 4 + 5 * 10 + 7 * 2
    assert facts["cost_usd"].number is None
    assert facts["estimated_cost_usd"].number == pytest.approx(92 / 25)
    assert (facts["reviews"].number, facts["comments"].number) == (28, 63)


async def test_the_finding_is_what_changed_clearly_more_than_the_number_of_people(small_bot: Bot) -> None:
    text = (await overview(small_bot)).text
    assert text.startswith(
        "People took 76 turns with Codex in the 7 days to 20 Oct, up 49% on the 7 days before"
    )
    assert "3 people active (no change)" in text


async def test_adoption_is_a_share_of_the_directory(small_bot: Bot) -> None:
    reply = await overview(small_bot)
    assert facts_of(reply)["adoption_rate"].number == pytest.approx(3 / 11 * 100)
    assert (
        "Adoption is 27.3%: 3 people active in the 7 days to 20 Oct, against 11 in the directory."
        in reply.text
    )


@pytest.mark.parametrize(
    ("seats", "rate_pct", "said"),
    [
        (50, 6.0, "Adoption is 6%: 3 people active in the 7 days to 20 Oct, against 50 seats."),
        (None, 75.0, "3 people active in the 7 days to 20 Oct, against 4 ever seen (no seat count"),
    ],
)
async def test_without_a_directory_adoption_says_what_it_is_a_share_of(
    tmp_path: Path, small_lake: SmallLake, seats: int | None, rate_pct: float, said: str
) -> None:
    async with a_bot(tmp_path, small_lake.lake, seats=seats) as bot:
        reply = await overview(bot)
    assert facts_of(reply)["adoption_rate"].number == pytest.approx(rate_pct)
    assert said in reply.text


async def test_without_the_days_before_there_is_no_change_and_no_zero(small_bot: Bot) -> None:
    facts = (await overview(small_bot, "overview 2026-08-10..2026-08-20")).facts
    assert {fact.change_pct for fact in facts} == {None}


async def test_an_empty_lake_is_no_overview_of_zeros(tmp_path: Path) -> None:
    async with a_bot(tmp_path) as bot:
        answer = await bot.ask("overview")
    assert isinstance(answer, Refusal)
    assert answer.code is RefusalCode.UNAVAILABLE


async def test_the_picture_tells_the_weekly_number_of_people(small_bot: Bot) -> None:
    (picture,) = (await overview(small_bot)).pictures
    assert picture.alt.startswith("3 people active in the 7 days to 20 Oct, unchanged from")


async def test_the_demo_workspace_agrees_with_itself(demo_bot: Bot) -> None:
    of_overview = numbers_of(await overview(demo_bot, "overview 30d"))
    of_usage = numbers_of(await overview(demo_bot, "usage 30d"))
    shared = of_overview.keys() & of_usage.keys()
    assert {"credits", "turns", "threads", "active_users"} <= shared
    assert {key: of_overview[key] for key in shared} == {key: of_usage[key] for key in shared}
