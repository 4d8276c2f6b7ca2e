from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.lake import Dataset
from bot.metrics.definitions import definitions
from bot.model.chat import Level, Refusal, Reply
from tests.handlers import small
from tests.handlers.answering import Bot, a_bot, person
from tests.handlers.small import LAST, numbers_of, rows_of


async def ask(bot: Bot, text: str) -> Reply:
    answer = await bot.ask(text, asker=person(Level.MEMBER))
    assert isinstance(answer, Reply), answer
    return answer


async def test_status_says_what_is_held_and_how_fresh_it_is(small_bot: Bot) -> None:
    reply = await ask(small_bot, "status")
    assert reply.text.startswith("Figures go through 20 Oct, the last complete day held; last synced")
    told = numbers_of(reply)
    assert (told["held_days"], told["missing_days"], told["people_seen"]) == (72, 0, 4)
    held = {row["dataset"]: (row["held_days"], row["first"], row["last"]) for row in rows_of(reply)}
    assert held["Usage by person"] == (72, "2026-08-10", "2026-10-20")
    assert held.keys() == {"Usage by person", "Workspace usage", "Code reviews", "Review responses"}


async def test_status_names_missing_days(tmp_path: Path) -> None:
    lake = small.small_lake(tmp_path).lake
    shutil.rmtree(lake.path(Dataset.USAGE, LAST.replace(day=14)).parent)
    async with a_bot(tmp_path, lake) as bot:
        reply = await ask(bot, "status")
    assert "1 day missing: 14 Oct." in reply.text
    assert reply.footer.missing_days == (LAST.replace(day=14),)
    assert numbers_of(reply)["missing_days"] == 1


async def test_status_of_an_empty_lake_is_an_answer(tmp_path: Path) -> None:
    async with a_bot(tmp_path) as bot:
        assert (await ask(bot, "status")).text.startswith("Nothing is held yet")


async def test_status_tells_nobodys_name(demo_bot: Bot) -> None:
    reply = await ask(demo_bot, "status")
    assert "@" not in repr(reply)
    assert "user-" not in repr(reply)
    assert numbers_of(reply)["compared_days"]


@pytest.mark.parametrize("words", ["active users", "Active User", "active_users", "MAU28", "Streak"])
async def test_a_figure_is_defined_however_it_is_written(small_bot: Bot, words: str) -> None:
    assert "(version" not in (await ask(small_bot, f"define {words}")).text


async def test_every_definition_can_be_asked_for(small_bot: Bot) -> None:
    for key, entry in definitions().items():
        assert entry.definition in (await ask(small_bot, f"define {key}")).text


async def test_define_alone_lists_all(small_bot: Bot) -> None:
    assert [row["name"] for row in rows_of(await ask(small_bot, "define"))] == [*definitions()]


async def test_an_unknown_figure_is_named_with_the_nearest(small_bot: Bot) -> None:
    answer = await small_bot.ask("define retenton")
    assert isinstance(answer, Refusal)
    assert "Did you mean `retention`?" in answer.message


def test_definitions_are_written_for_those_who_ask() -> None:
    """No notation that is told nowhere, no internal document, no order to whoever programs it."""
    for entry in definitions().values():
        told = f"{entry.definition} {entry.trap} {entry.source}"
        assert not [note for note in ("a(u,d)", "a = 1", "contract.md", "W28", "never ") if note in told] or (
            "never added" in told
        ), entry.key
