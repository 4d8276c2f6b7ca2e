from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.model.chat import Reply
from tests.handlers.answering import Bot, a_bot
from tests.handlers.small import HELD, LAST, facts_of, numbers_of, rows_of
from tests.handlers.weeks import SmallLake, Use


async def retention(bot: Bot, text: str = "retention 8w") -> Reply:
    answer = await bot.ask(text)
    assert isinstance(answer, Reply), answer
    return answer


def two_cohorts(root: Path) -> SmallLake:
    """Twelve begin on Monday 31 Aug and nine of them come back 4 weeks later; one person is always there."""
    lake, began = SmallLake(root / "lake"), LAST - timedelta(days=50)
    days = {}
    for day in HELD.days():
        uses = [Use("always")]
        if day == began:
            uses += [Use(f"new{n}") for n in range(12)]
        if day == began + timedelta(weeks=4):
            uses += [Use(f"new{n}") for n in range(9)]
        days[day] = uses
    lake.put(days)
    return lake


async def test_those_who_began_together_are_followed(tmp_path: Path) -> None:
    async with a_bot(tmp_path, two_cohorts(tmp_path).lake) as bot:
        reply = await retention(bot)
    assert reply.text.startswith(
        "75% of 12 people were active 4 weeks after they began in the 8 weeks to 20 Oct. "
        "12 people began in 7 whole weeks."
    )
    numbers = numbers_of(reply)
    assert [numbers[f"retention_week_{age}"] for age in (1, 4, 8)] == [0, 75, None]
    first = next(row for row in rows_of(reply) if row["week"] == "2026-08-31")
    assert (first["people"], first["week_1_pct"], first["week_4_pct"]) == (12, 0, 75)


async def test_who_cannot_be_followed_yet_has_no_rate(small_bot: Bot) -> None:
    """Only cid began, in the last whole week."""
    reply = await retention(small_bot, "retention 4w")
    assert reply.text.startswith("1 person began in the 4 weeks to 20 Oct, too lately to be followed.")
    assert numbers_of(reply)["retention_week_1"] is None


async def test_nobody_new_is_said(small_bot: Bot) -> None:
    reply = await retention(small_bot, "retention 2026-09-07..2026-10-04")
    assert reply.text.startswith("Nobody began to use Codex in 7 Sep–4 Oct 2026.")
    assert facts_of(reply)["cohort_people"].number == 0


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("6d", "Who began in the 6 days to 20 Oct cannot be told: that takes a whole Monday week"),
        (
            "2026-09-03..2026-10-05",
            "Nobody began to use Codex in 3 Sep–5 Oct 2026, counting the 4 whole weeks",
        ),
    ],
)
async def test_nobody_is_said_to_have_begun_in_days_that_no_cohort_holds(
    small_bot: Bot, asked: str, said: str
) -> None:
    reply = await retention(small_bot, f"retention {asked}")
    assert reply.text.startswith(said)
    assert numbers_of(reply)["cohort_people"] == (None if asked == "6d" else 0)


async def test_a_range_that_is_over_says_to_when_people_are_followed(small_bot: Bot) -> None:
    over = (await retention(small_bot, "retention 2026-08-31..2026-09-27")).text
    said = (
        "People are followed to 27 Sep, the range's end; `retention since 2026-08-31` follows them further."
    )
    assert said in over
    assert "People are followed" not in (await retention(small_bot, "retention 8w")).text


async def test_where_the_history_starts_is_said(small_bot: Bot) -> None:
    reply = await retention(small_bot, "retention 26w")
    assert "from 10 Aug 2026, the first day held, to 20 Oct" in reply.text
    assert "in the history since 10 Aug 2026" in reply.text


async def test_the_demo_keeps_what_the_window_before_is_compared_with(demo_bot: Bot) -> None:
    fact = facts_of(await retention(demo_bot))["cohort_people"]
    assert fact.number is not None
    assert fact.change_pct == pytest.approx(fact.change_pct)
