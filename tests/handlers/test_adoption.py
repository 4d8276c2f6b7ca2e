from __future__ import annotations

from pathlib import Path

import pytest

from bot.model.chat import Reply
from tests.handlers.answering import Bot, a_bot
from tests.handlers.small import HELD, facts_of, numbers_of, rows_of, uses_of
from tests.handlers.weeks import SmallLake, Use


async def adoption(bot: Bot, text: str = "adoption 7d") -> Reply:
    answer = await bot.ask(text)
    assert isinstance(answer, Reply), answer
    return answer


async def test_people_on_two_surfaces_count_on_both_and_the_answer_says_so(small_bot: Bot) -> None:
    reply = await adoption(small_bot)
    found = {row["surface"]: row["active_users"] for row in rows_of(reply)}
    assert found == {"CLI": 2, "IDE extension": 2, "Code Review (not reported by the API)": None}
    assert facts_of(reply)["active_users"].number == 3
    assert "People on two surfaces count on both, so surfaces do not add up." in reply.text


async def test_code_review_is_a_row_with_people_once_the_api_reports_some(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path / "lake")
    lake.put({day: (*uses_of(day), Use("rev", "CODEX_GITHUB")) for day in list(HELD.days())[-14:]})
    async with a_bot(tmp_path, lake.lake) as bot:
        reply = await adoption(bot)
    assert {row["surface"]: row["active_users"] for row in rows_of(reply)}["Code Review"] == 1
    assert "CODEX_GITHUB" in reply.text


async def test_the_first_sentence_names_people_window_change_and_leading_surface(small_bot: Bot) -> None:
    assert (await adoption(small_bot)).text.startswith(
        "3 people used Codex in the 7 days to 20 Oct, unchanged from the 7 days before; "
        "CLI reached the most, 2."
    )


async def test_figures_at_the_end_of_the_window_are_those_of_7_and_28_days(small_bot: Bot) -> None:
    """Of the 28 days to 20 Oct ana acted on 28, ben on 20, cid on 9 and dan on 8 (to 30 Sep)."""
    numbers = numbers_of(await adoption(small_bot, "adoption 30d"))
    assert (numbers["wau"], numbers["mau28"], numbers["dau"]) == (3, 4, 3)
    assert numbers["stickiness"] == pytest.approx((28 + 20 + 9 + 8) / 28 / 4)
    assert numbers["stickiness_working_days"] == pytest.approx((20 + 20 + 7 + 6) / 20 / 4)


@pytest.mark.parametrize(
    ("seats", "rate_pct", "said"),
    [(50, 6.0, "That is 6% of 50 seats."), (None, 75.0, "75% of the 4 people ever seen: no seat count")],
)
async def test_the_adoption_rate_says_what_it_is_a_share_of(
    tmp_path: Path, small_lake: SmallLake, seats: int | None, rate_pct: float, said: str
) -> None:
    async with a_bot(tmp_path, small_lake.lake, seats=seats) as bot:
        reply = await adoption(bot)
    assert facts_of(reply)["adoption_rate"].number == pytest.approx(rate_pct)
    assert said in reply.text


@pytest.mark.parametrize("text", ["adoption 7d", "overview 7d", "digest"])
async def test_more_people_than_seats_is_no_rate_above_all_of_them(
    tmp_path: Path, small_lake: SmallLake, text: str
) -> None:
    async with a_bot(tmp_path, small_lake.lake, seats=2) as bot:
        reply = await adoption(bot, text)
    assert facts_of(reply)["adoption_rate"].number is None
    assert "More people were active than the 2 seats that are set" in reply.text


async def test_a_directory_is_the_base_of_the_adoption_rate(small_bot: Bot) -> None:
    assert "That is 27.3% of the 11 people in the directory." in (await adoption(small_bot)).text


async def test_the_lifecycle_tells_who_began_stayed_and_paused(small_bot: Bot) -> None:
    """Cid began on 12 Oct; dan paused after 30 Sep."""
    reply = await adoption(small_bot, "adoption 4w lifecycle")
    steps = {
        row["week"]: [row[k] for k in ("new", "returning", "resurrected", "dormant")]
        for row in rows_of(reply)
    }
    assert steps == {
        "12–18 Oct 2026": [1, 2, 0, 0],
        "5–11 Oct 2026": [0, 2, 0, 1],
        "28 Sep–4 Oct 2026": [0, 3, 0, 0],
    }
    assert reply.text.startswith("1 began, 2 stayed, 0 came back and 0 paused in the week 12–18 Oct 2026.")
    assert (numbers_of(reply)["new"], facts_of(reply)["returning"].change_pct) == (1, 0)


async def test_new_people_are_new_to_the_history_which_is_said(small_bot: Bot) -> None:
    text = (await adoption(small_bot, "adoption 4w lifecycle")).text
    assert "never active before in the history, which starts 10 Aug 2026" in text


async def test_a_weekly_trend_has_the_last_days_of_whole_weeks(small_bot: Bot) -> None:
    reply = await adoption(small_bot, "adoption 2026-09-30..2026-10-20 trend weekly")
    assert [row["day"] for row in rows_of(reply)] == ["2026-10-18", "2026-10-11"]
    assert "30 Sep–4 Oct 2026 and 19–20 Oct 2026 are part weeks and left out of it." in reply.text


async def test_a_weekly_series_of_surfaces_counts_people_once_a_week(small_bot: Bot) -> None:
    reply = await adoption(small_bot, "adoption 2w weekly")
    assert "The series goes by Monday weeks" in reply.text
    assert facts_of(reply)["active_users"].number == 3


async def test_weekly_people_are_not_told_when_a_day_of_the_week_is_missing(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path / "lake")
    lake.put({day: uses_of(day) for day in HELD.days() if day.day != 17})
    async with a_bot(tmp_path, lake.lake) as bot:
        reply = await adoption(bot)
    assert (numbers_of(reply)["wau"], numbers_of(reply)["mau28"]) == (None, None)
    assert "Not all of the 7 days to 20 Oct are held" in reply.text
