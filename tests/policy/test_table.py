"""Every command at every level in every place, against the one table of what is expected."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from bot.dispatch import Dispatcher
from bot.dispatch.dispatcher import Outcome
from bot.dispatch.policy import INCLUDES
from bot.kit.command import Command, Shows, Words
from bot.kit.deps import Deps
from bot.kit.options import Company
from bot.model.chat import (
    Answer,
    Asker,
    Audience,
    Drawing,
    Level,
    Picture,
    Place,
    Refusal,
    RefusalCode,
    Reply,
    Request,
)
from handlers import COMMANDS
from tests.handlers.answering import ANALYSTS, CHANNEL, DM, NOW, SHARED, a_bot
from tests.handlers.small import small_lake

TABLE: Mapping[str, Mapping[str, str]] = tomllib.loads(
    Path(__file__).with_name("table.toml").read_text(encoding="utf-8")
)
PLACES = {"channel": CHANNEL, "analysts": ANALYSTS, "dm": DM, "shared": SHARED}
LEVELS = ("guest", *(level.value for level in Level))
BY_NAME = {command.name: command for command in COMMANDS}


async def answered(_request: Request, _deps: Deps) -> Reply:
    return Reply("x", "Answered.")


async def no_picture(_drawing: Drawing) -> Picture:
    raise NotImplementedError


class NoBook:
    async def remember(self, reply: Reply, command: Command, request: Request) -> str | None:
        del reply, command, request
        return None


class NoTrail:
    async def note(self, command: Command, request: Request, outcome: Outcome) -> None:
        del command, request, outcome


def dispatcher(company: Company) -> Dispatcher:
    """The real registry, grammar and policy; the commands themselves only say that they ran."""
    unused = cast("Any", None)
    deps = Deps(unused, company, unused, unused, unused)
    commands = [replace(c, run=answered) for c in COMMANDS]
    return Dispatcher(commands, deps, no_picture, NoBook(), NoTrail())


def asker(level: str) -> Asker:
    return Asker("U1", levels=INCLUDES[Level(level)] if level != "guest" else frozenset())


async def outcome(line: str, level: str, place: Place, company: Company | None = None) -> str:
    return audience(await dispatcher(company or Company()).answer(Request(line, asker(level), place, NOW)))


def audience(answer: Answer) -> str:
    if isinstance(answer, Reply):
        return answer.audience.value
    assert answer.code is RefusalCode.NOT_ALLOWED, answer
    return "no"


LINES = [line for line in TABLE if line not in BY_NAME]
CHECKED_BY_THE_COMMAND = [line for line in LINES if not BY_NAME[line.split()[0]].variant]
CASES = [
    pytest.param(name, level, words.split(), id=f"{name}-{level}")
    for name, row in TABLE.items()
    if name not in CHECKED_BY_THE_COMMAND
    for level, words in row.items()
]


def test_every_command_and_every_level_stands_in_the_table() -> None:
    assert TABLE.keys() - set(LINES) == BY_NAME.keys()
    assert {line.split()[0] for line in LINES} <= BY_NAME.keys()
    assert {frozenset(row) for row in TABLE.values()} == {frozenset(LEVELS)}
    assert {len(words.split()) for row in TABLE.values() for words in row.values()} == {len(PLACES)}


@pytest.mark.parametrize(("name", "level", "expected"), CASES)
async def test_the_table_is_what_happens(name: str, level: str, expected: list[str]) -> None:
    line = BY_NAME[name].examples[0] if name in BY_NAME else name
    assert [await outcome(line, level, place) for place in PLACES.values()] == expected


async def test_lines_that_ask_for_more_than_their_command(tmp_path: Path) -> None:
    async with a_bot(tmp_path, small_lake(tmp_path).lake) as bot:
        for line in CHECKED_BY_THE_COMMAND:
            for level, words in TABLE[line].items():
                asking = asker(level)
                found = [audience(await bot.ask(line, asker=asking, place=p)) for p in PLACES.values()]
                assert found == words.split(), (line, level)


@pytest.mark.parametrize("name", BY_NAME)
async def test_a_refusal_says_what_is_needed_and_nothing_of_the_answer(name: str) -> None:
    answer = await dispatcher(Company()).answer(
        Request(BY_NAME[name].examples[0], asker("guest"), CHANNEL, NOW)
    )
    assert isinstance(answer, Refusal)
    assert answer.message == "Sorry, I answer only members of this workspace."


@pytest.mark.parametrize("name", [c.name for c in COMMANDS if c.words is not Words.RAW])
async def test_private_is_always_for_the_asker(name: str) -> None:
    command = BY_NAME[name]
    able = next(
        role for role in ("admin", "investigator", "approver") if INCLUDES[Level(role)] & command.levels
    )
    assert await outcome(f"{command.examples[0]} private", able, DM) == Audience.ASKER.value


@pytest.mark.parametrize("level", LEVELS)
async def test_people_switched_off_means_no_command_about_people_for_anybody(level: str) -> None:
    company = Company(per_person=False)
    about_people = [c for c in COMMANDS if c.shows is Shows.PEOPLE]
    assert {"top", "user"} <= {c.name for c in about_people}
    for command in about_people:
        for place in PLACES.values():
            assert await outcome(command.examples[0], level, place, company) == "no"
