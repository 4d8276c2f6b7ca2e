"""Every example of every command says the same in Slack and in Teams: words, figures, controls, files."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.kit.command import Command
from bot.model.chat import Answer, Audience, Place, Refusal, RefusalCode, Reply, Request
from bot.slack.payloads import payloads as slack_payloads
from bot.slack.ports import SealedCommands
from bot.teams import limits
from bot.teams.consent import CONSENT_CARD
from bot.teams.payloads import payloads as teams_payloads
from handlers import COMMANDS
from tests.handlers.answering import CHANNEL, DM, Bot, a_bot
from tests.handlers.demo import Demo
from tests.teams import cardcheck

SEALER = SealedCommands(bytes(range(32)))
PREFIX = "pulse."
ROLES = ("admin", "investigator", "approver")
ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
CUT = "…"
TEAMS_COLUMNS, TEAMS_BUTTONS = 6, 24
NEED_STATE = {
    "ack",
    "answer",
    "approve",
    "askowner",
    "content",
    "deny",
    "explain",
    "hold",
    "pack",
    "pause",
} | {
    "resume",
    "share",
    "unsubscribe",
}
"""Their examples name what a fresh workspace does not have: both platforms refuse in the same words."""


@dataclass(frozen=True)
class Said:
    """What a platform shows of an answer."""

    words: str
    facts: tuple[tuple[str, str], ...]
    rows: tuple[Any, ...]
    buttons: tuple[str, ...]
    commands: frozenset[str]
    files: tuple[str, ...]


@pytest.fixture
async def bot(tmp_path: Path, demo: Demo) -> AsyncIterator[Bot]:
    async with a_bot(tmp_path, demo.lake(), directory=demo.directory()) as bot:
        yield bot


async def in_slack(answer: Answer, bot: Bot, place: Place) -> Said:
    entries = await slack_payloads(answer, request_in(bot, place), SEALER)
    shown = [entry["args"]["blocks"] for entry in entries if entry["args"].get("blocks")]
    blocks: list[dict[str, Any]] = max(shown, key=len)
    elements = [e for b in blocks if b["type"] == "actions" for e in b["elements"]]
    pressed = [e for e in elements if e["type"] == "button"]
    options = [option for e in elements for option in e.get("options", ())]
    fields = [field["text"] for b in blocks for field in b.get("fields", ())]
    said = " ".join(map(words_of, blocks))
    return Said(
        words=bare(unescaped(said)),
        facts=tuple(pair(unescaped(field)) for field in fields),
        rows=tuple(bare(line) for b in blocks for line in slack_rows(b)),
        buttons=tuple(e["action_id"].removeprefix(PREFIX) for e in pressed),
        commands=frozenset(str(SEALER.open(e["value"])) for e in [*pressed, *options]),
        files=tuple(
            e["args"]["filename"]
            for e in entries
            if e["method"] == "upload" and not e["args"]["filename"].endswith(".png")
        ),
    )


async def in_teams(answer: Answer, bot: Bot, place: Place) -> Said:
    activities = await teams_payloads(answer, request_in(bot, place))
    content = cardcheck.content(cardcheck.check(activities[0]))
    grouped = {b["id"] for row in cardcheck.elements(content, "ActionSet") for b in row["actions"]}
    grids = cardcheck.elements(content, "Table")
    texts = [e["text"] for e in content["body"] if e["type"] == "TextBlock" and not e.get("isSubtle")]
    found = cardcheck.buttons(content)
    links = [a["title"] for a in cardcheck.elements(content, "Action.OpenUrl")]
    offered = [
        a["name"] for sent in activities[1:] for a in sent["attachments"] if a["contentType"] == CONSENT_CARD
    ]
    return Said(
        words=bare(" ".join(map(cardcheck.shown, texts))),
        facts=tuple(
            (cardcheck.shown(fact["title"]), cardcheck.shown(fact["value"]))
            for facts in cardcheck.elements(content, "FactSet")
            for fact in facts["facts"]
        ),
        rows=tuple(
            tuple(bare(cardcheck.shown(cell["items"][0]["text"])) for cell in row["cells"])
            for grid in grids
            for row in grid["rows"]
        ),
        buttons=tuple(b["id"].removeprefix(PREFIX) for b in found if b["id"] not in grouped),
        commands=frozenset(b["data"]["command"] for b in found),
        files=(*links, *offered),
    )


def request_in(bot: Bot, place: Place) -> Request:
    bot.place = place
    return bot.request("x")


def words_of(block: dict[str, Any]) -> str:
    """The text of a section, or what stands above Slack's own table."""
    if block["type"] == "data_table":
        return re.sub(r" \([\d,]+ more as csv\)$", "", block["caption"])
    return str(block["text"]["text"]) if block["type"] == "section" and "text" in block else ""


def slack_rows(block: dict[str, Any]) -> list[str]:
    """The rows of a table: text aligned in columns, or Slack's own, whose cells may be longer than Teams'."""
    if block["type"] == "data_table":
        return [" ".join(limits.cut(cell["text"], limits.CELL_TEXT) for cell in row) for row in block["rows"]]
    if block["type"] != "rich_text":
        return []
    lines = block["elements"][0]["elements"][0]["text"].split("\n")
    return [line for line in lines if not re.match(rf"{CUT} [\d,]+ more(: |$)", line)]


def unescaped(text: str) -> str:
    for entity, sign in ENTITIES.items():
        text = text.replace(entity, sign)
    return text


def bare(text: str) -> str:
    """Words alone: neither spacing nor what each platform writes in its own way.

    That are marks, times that Slack localises, and the slash command in front of what to type: in Teams it is
    typed without.
    """
    text = re.sub(r"<!date\^[^|>]*\|([^>]*)>", r"\1", text)
    return " ".join(re.sub(r"[`*]|/codex ", "", text.replace("‹", "<")).split())


def pair(field: str) -> tuple[str, str]:
    label, _, value = field.partition("\n")
    return label[1:-1], value


def rest_of(slack: str, cells: tuple[str, ...]) -> str | None:
    """What stands in Slack's row after these cells, which its aligned text may cut; None when they differ."""
    for cell in cells:
        if not slack.startswith(cell):
            shown, cut, slack = slack.partition(CUT)
            if not cut or not cell.startswith(shown):
                return None
            slack = slack.lstrip()
        else:
            slack = slack[len(cell) :].lstrip()
    return slack


def assert_same(slack: Said, teams: Said, answer: Answer) -> None:
    table = answer.table if isinstance(answer, Reply) else None
    assert teams.words == slack.words
    assert teams.facts == slack.facts
    is_wide = table is not None and len(table.columns) > TEAMS_COLUMNS
    assert bool(slack.rows) == bool(teams.rows) == (table is not None and bool(table.columns))
    for row_in_slack, row_in_teams in zip(slack.rows, teams.rows, strict=False):
        rest = rest_of(row_in_slack, row_in_teams)
        assert rest is not None, (row_in_slack, row_in_teams)
        assert bool(rest) == is_wide, (row_in_slack, row_in_teams)
    assert len(answer.actions) <= TEAMS_BUTTONS
    assert teams.buttons == slack.buttons
    assert teams.commands == slack.commands == {action.command for action in answer.actions}
    assert teams.files == slack.files


async def asked(bot: Bot, demo: Demo, line: str) -> Answer:
    """The answer in a direct message, to somebody who may ask."""
    command = bot.dispatcher.command_of(bot.request(line))
    roles = [demo.asker(role) for role in ROLES if demo.asker(role).levels & command.levels]
    return await bot.ask(line, asker=roles[0], place=DM)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
async def test_an_answer_is_the_same_in_slack_and_in_teams(bot: Bot, demo: Demo, command: Command) -> None:
    for line in command.examples:
        answer = await asked(bot, demo, line)
        if isinstance(answer, Refusal):
            assert command.name in NEED_STATE, (line, answer)
            assert answer.code is not RefusalCode.BUG
        assert_same(await in_slack(answer, bot, DM), await in_teams(answer, bot, DM), answer)
        if isinstance(answer, Reply) and answer.audience is Audience.HERE and not answer.files:
            assert_same(await in_slack(answer, bot, CHANNEL), await in_teams(answer, bot, CHANNEL), answer)


async def test_what_was_probably_meant_is_the_same_button(bot: Bot, demo: Demo) -> None:
    answer = await bot.ask("usge 30d", asker=demo.asker("member"), place=DM)
    assert isinstance(answer, Refusal)
    assert answer.actions
    assert_same(await in_slack(answer, bot, DM), await in_teams(answer, bot, DM), answer)
