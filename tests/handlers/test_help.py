from __future__ import annotations

from pathlib import Path

import pytest

from bot.kit.command import Shows
from bot.kit.options import Company
from bot.model.chat import Asker, Level, Refusal, Reply
from handlers import COMMANDS
from handlers.help import FIRST
from tests.handlers.answering import DM, a_bot, person
from tests.handlers.demo import Demo
from tests.handlers.small import rows_of

EVERYTHING, NOBODY = Company(), Company(per_person=False)


@pytest.mark.parametrize(
    ("level", "company", "listed"),
    [
        (Level.MEMBER, EVERYTHING, {"me"}),
        (Level.ANALYST, EVERYTHING, {"me", "top", "user"}),
        (Level.ADMIN, EVERYTHING, {"me", "top", "user", "forget"}),
        (Level.ADMIN, NOBODY, {"me", "forget"}),
    ],
)
async def test_help_lists_what_the_asker_may_run(
    tmp_path: Path, level: Level, company: Company, listed: set[str]
) -> None:
    async with a_bot(tmp_path, company=company) as bot:
        reply = await bot.ask("help all", asker=person(level))
        hidden = await bot.ask("help top", asker=person(level))
    assert isinstance(reply, Reply)
    named = {str(row["command"]).split()[1] for row in rows_of(reply)}
    assert named & {"me", "top", "user", "forget"} == listed
    assert isinstance(hidden, Refusal) is ("top" not in listed)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("top", "This needs the level analyst."),
        ("tools", "This needs the level analyst."),
        ("forget", "This needs the level admin."),
        ("content", "I don't know `content`."),
        ("trail", "I don't know `trail`."),
    ],
)
async def test_help_says_which_level_a_command_needs_but_hides_look_ups(
    tmp_path: Path, name: str, says: str
) -> None:
    async with a_bot(tmp_path) as bot:
        refused = await bot.ask(f"help {name}", asker=person(Level.MEMBER))
    assert isinstance(refused, Refusal)
    assert refused.message.startswith(says)


async def test_help_says_that_figures_of_people_are_switched_off(tmp_path: Path) -> None:
    async with a_bot(tmp_path, company=NOBODY) as bot:
        refused = await bot.ask("help top", asker=person(Level.ANALYST))
    assert isinstance(refused, Refusal)
    assert "switched off for this workspace" in refused.message


@pytest.mark.parametrize("company", [EVERYTHING, NOBODY])
@pytest.mark.parametrize("level", list(Level))
async def test_help_begins_with_three_things_that_the_asker_can_do_at_a_click(
    tmp_path: Path, demo: Demo, level: Level, company: Company
) -> None:
    asker = demo.asker(level.value)
    async with a_bot(tmp_path, demo.lake(), company, directory=demo.directory()) as bot:
        reply = await bot.ask("help", asker=asker)
        assert isinstance(reply, Reply)
        tried = [action.command for action in reply.actions]
        assert (len(tried), tried.pop()) == (4, "help all")
        assert all(f"• `/codex {line}`: " in reply.text for line in tried)
        answers = [await bot.ask(line, asker=asker, place=DM) for line in tried]
    assert not [answer for answer in answers if isinstance(answer, Refusal)]


def test_what_is_tried_first_differs_by_level() -> None:
    assert {level for level, _ in FIRST} == set(Level)
    assert len({lines for _, lines in FIRST}) == len(FIRST)


@pytest.mark.parametrize("name", [c.name for c in COMMANDS])
async def test_help_never_changes_anything_at_a_click(tmp_path: Path, name: str) -> None:
    """`approve A-12` as a button would decide on whatever has that number."""
    everyone = Asker("U1", levels=frozenset(Level))
    async with a_bot(tmp_path) as bot:
        reply = await bot.ask(f"help {name}", asker=everyone)
    assert isinstance(reply, Reply)
    command = next(c for c in COMMANDS if c.name == name)
    offered = [action.command for action in reply.actions]
    assert set(offered) <= set(command.examples)
    if command.repeatable and not command.changes_with:
        assert offered == list(command.examples)
    if command.shows is Shows.AUDIT or name in {"budget", "forget", "ack", "planned", "unsubscribe"}:
        assert not [line for line in offered if line != "budget"]
