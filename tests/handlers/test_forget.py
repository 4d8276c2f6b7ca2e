from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.model.chat import Audience, Level, Refusal, Reply
from bot.state.trail import Trail
from tests.handlers import small
from tests.handlers.answering import Bot, a_bot, person
from tests.handlers.small import numbers_of, rows_of


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    lake = small.small_lake(tmp_path).lake
    async with a_bot(tmp_path, lake, directory=small.directory()) as bot:
        yield bot


async def ask(bot: Bot, text: str) -> Reply:
    answer = await bot.ask(text)
    assert isinstance(answer, Reply), answer
    return answer


async def test_without_the_word_yes_nothing_happens(bot: Bot) -> None:
    reply = await ask(bot, "forget Ben@example.com")
    assert reply.text.startswith("This would take ben@example.com out of the list of people")
    assert "52 days" in reply.text
    assert [action.command for action in reply.actions] == ["forget ben@example.com yes"]
    assert "ben@example.com" in repr(rows_of(await ask(bot, "top")))


async def test_a_forgotten_person_is_nowhere_and_figures_stay(bot: Bot) -> None:
    before = numbers_of(await ask(bot, "usage 30d"))
    await ask(bot, "user ben@example.com")
    reply = await ask(bot, "forget ben@example.com yes")
    assert reply.audience is Audience.ASKER
    assert "a pseudonym stands on 52 days" in reply.text
    assert "1 receipt," in reply.text
    assert "ben" not in repr(rows_of(await ask(bot, "top")))
    assert numbers_of(await ask(bot, "usage 30d")) == before
    assert isinstance(await bot.ask("user ben@example.com"), Refusal)


async def test_it_is_written_down_without_the_name(bot: Bot) -> None:
    await ask(bot, "forget ben@example.com yes")
    (line,) = [line async for line in Trail(bot.state).lines()]
    assert (line.actor, line.action) == (bot.asker.id, "forget")
    assert "forgotten-" in line.subject
    assert "ben" not in line.subject


async def test_nothing_held_is_said_and_not_written_down(bot: Bot) -> None:
    reply = await ask(bot, "forget nobody@example.com yes")
    assert reply.text == "Nothing is held about nobody@example.com; nothing was changed."
    assert [line async for line in Trail(bot.state).lines()] == []


async def test_what_they_asked_themselves_goes_too(bot: Bot) -> None:
    _ = await bot.ask("usage 7d", asker=person(Level.MEMBER, "U0ANA"))
    assert "1 receipt," in (await ask(bot, "forget ana@example.com")).text


@pytest.mark.parametrize("text", ["forget", "forget ben", "forget yes"])
async def test_an_address_is_needed(bot: Bot, text: str) -> None:
    answer = await bot.ask(text)
    assert isinstance(answer, Refusal)
    assert "e-mail address" in answer.message


async def test_only_an_admin_may(bot: Bot) -> None:
    answer = await bot.ask("forget ben@example.com yes", asker=person(Level.ANALYST))
    assert isinstance(answer, Refusal)
    assert "admin" in answer.message
