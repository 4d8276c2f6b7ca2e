from __future__ import annotations

from pathlib import Path

import pytest

from bot.kit.options import Company
from bot.model.chat import Level, Place, Refusal, RefusalCode, Reply
from tests.handlers.answering import ANALYSTS, CHANNEL, Bot, a_bot, person
from tests.handlers.small import directory, numbers_of, rows_of
from tests.handlers.weeks import SmallLake


async def teams(
    bot: Bot, text: str = "teams 7d", place: Place = CHANNEL, level: Level = Level.ANALYST
) -> Reply:
    answer = await bot.ask(text, place=place, asker=person(level))
    assert isinstance(answer, Reply), answer
    return answer


async def test_teams_of_fewer_than_five_people_are_one_row(small_bot: Bot) -> None:
    reply = await teams(small_bot)
    assert [(row["team"], row["people"], row["active_users"], row["credits"]) for row in rows_of(reply)] == [
        ("Web", 5, 2, 78),
        ("Other", 6, 1, 14),
    ]
    assert "Other holds 2 teams" in reply.text
    assert "Data" not in reply.text


async def test_where_people_may_be_seen_an_analyst_sees_every_team(small_bot: Bot) -> None:
    shown = [row["team"] for row in rows_of(await teams(small_bot, place=ANALYSTS))]
    assert shown == ["Web", "Data", "Ops"]


@pytest.mark.parametrize(("place", "level"), [(ANALYSTS, Level.MEMBER), (CHANNEL, Level.ADMIN)])
async def test_neither_the_place_nor_the_level_alone_suffices(
    small_bot: Bot, place: Place, level: Level
) -> None:
    shown = [row["team"] for row in rows_of(await teams(small_bot, place=place, level=level))]
    assert shown == ["Web", "Other"]


async def test_teams_add_up_to_usage(small_bot: Bot) -> None:
    reply = await teams(small_bot, "teams 30d")
    usage = await small_bot.ask("usage 30d")
    assert isinstance(usage, Reply)
    told, expected = numbers_of(reply), numbers_of(usage)
    assert {key: told[key] for key in ("credits", "turns", "threads", "active_users")} == {
        key: expected[key] for key in ("credits", "turns", "threads", "active_users")
    }
    assert sum(float(str(row["credits"])) for row in rows_of(reply)) == told["credits"]


async def test_the_order_is_a_choice(small_bot: Bot) -> None:
    reply = await teams(small_bot, "teams 7d by turns", place=ANALYSTS)
    assert [(row["team"], row["turns"]) for row in rows_of(reply)][:2] == [("Web", 41), ("Data", 35)]
    assert reply.text.startswith("Web leads with 41 turns")


async def test_without_a_directory_the_answer_says_how_to_get_one(
    tmp_path: Path, small_lake: SmallLake
) -> None:
    async with a_bot(tmp_path, small_lake.lake) as bot:
        answer = await bot.ask("teams")
    assert isinstance(answer, Refusal)
    assert answer.code is RefusalCode.WRONG_USE
    assert "codex-pulse directory --from-users" in answer.hint


async def test_where_people_are_switched_off_small_teams_are_never_shown(
    tmp_path: Path, small_lake: SmallLake
) -> None:
    company = Company(per_person=False)
    async with a_bot(tmp_path, small_lake.lake, company, directory=directory()) as bot:
        reply = await teams(bot, place=ANALYSTS, level=Level.ADMIN)
    assert [row["team"] for row in rows_of(reply)] == ["Web", "Other"]


async def test_people_without_a_team_are_a_row_of_their_own(demo_bot: Bot) -> None:
    shown = {row["team"]: row for row in rows_of(await teams(demo_bot, "teams 90d", ANALYSTS))}
    assert shown["No team"]["active_users"]
    assert int(str(shown["No team"]["people"])) >= int(str(shown["No team"]["active_users"]))
