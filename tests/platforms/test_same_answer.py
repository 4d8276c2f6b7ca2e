"""The same reply says the same on every platform: facts, table cells and what can be done next."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest

from bot.model.chat import (
    Action,
    Asker,
    Column,
    Fact,
    Level,
    Place,
    PlaceKind,
    Refusal,
    RefusalCode,
    Reply,
    Request,
    Table,
    Unit,
)
from bot.slack.payloads import payloads as slack_payloads
from bot.slack.ports import SealedCommands
from bot.teams.payloads import payloads as teams_payloads
from tests.slack import samples
from tests.teams import cardcheck

SEALER = SealedCommands(bytes(range(32)))
PREFIX = "pulse."
COLUMNS = (
    Column("name", "Model"),
    Column("credits", "Credits", Unit.CREDITS),
    Column("usd", "Billed", Unit.USD),
    Column("share", "Share", Unit.PERCENT),
)
ROWS = (
    ("gpt-5", 1234567.0, 12.5, 61.2),
    ("gpt-5-mini", None, None, None),
    ("a_b *c* [d]", 0.0, 0.0, 0.0),
    ("<b> & co", -3.25, 1e9, 100.0),
)
UNITS = tuple(
    Fact(unit.value, f"In {unit.value}", f"{n},5 {unit.value}", n, unit, n - 3.5)
    for n, unit in enumerate(Unit)
)
ACTIONS = (
    Action("r7", "7 days", "usage 7d", group="Range"),
    Action("r90", "90 days", "usage 90d", group="Range"),
    Action("csv", "Export", "export usage csv 30d"),
    Action("explain", "Explain", "explain R-7K3M9QXD"),
)
REPLIES: dict[str, Reply] = {
    "sample": samples.reply(),
    "units": samples.reply(facts=UNITS, table=None),
    "cells": samples.reply(table=Table(COLUMNS, ROWS, "Credits by model"), actions=ACTIONS),
    "no data": samples.reply(
        facts=(Fact("credits", "Credits", "no data", None, Unit.CREDITS),), table=None, actions=()
    ),
    "markup": samples.reply(
        text="*Use* [x](y) _z_ `q`", facts=(Fact("x", "*L*_a_", "[v](w) ~1", None, Unit.TEXT, 2.0),)
    ),
    "private": samples.private(table=samples.table(8)),
    "bare": samples.reply(facts=(), table=None, actions=()),
}


@dataclass(frozen=True)
class Said:
    """What a platform's payload says, in the same plain form."""

    finding: str
    facts: tuple[tuple[str, str], ...]
    cells: tuple[tuple[str, ...], ...]
    buttons: frozenset[str]
    commands: frozenset[str]
    footer: str


def asked(kind: PlaceKind) -> Request:
    asker = Asker("U0PULSE001", None, frozenset({Level.MEMBER}))
    return Request("usage 30d", asker, Place("C0PULSE001", kind), samples.NOW)


async def said_in_slack(reply: Reply) -> Said:
    entries = await slack_payloads(reply, asked(PlaceKind.CHANNEL), SEALER)
    args = next(entry["args"] for entry in entries if entry["args"].get("blocks"))
    blocks: list[dict[str, Any]] = args["blocks"]
    fields = [field["text"] for block in blocks for field in block.get("fields", ())]
    aligned = [b["elements"][0]["elements"][0]["text"] for b in blocks if b["type"] == "rich_text"]
    elements = [e for block in blocks if block["type"] == "actions" for e in block["elements"]]
    options = [option for element in elements for option in element.get("options", ())]
    pressed = [element for element in elements if element["type"] == "button"]
    sections = [b["text"]["text"] for b in blocks if b["type"] == "section" and "text" in b]
    return Said(
        finding=unescaped(sections[0]),
        facts=tuple(pair(unescaped(field)) for field in fields),
        cells=tuple(tuple(re.split(r" {2,}", line.strip())) for text in aligned for line in text.split("\n")),
        buttons=frozenset(e["action_id"].removeprefix(PREFIX) for e in pressed),
        commands=frozenset(str(SEALER.open(e["value"])) for e in [*pressed, *options]),
        footer=unescaped(next(b["elements"][0]["text"] for b in blocks[::-1] if b["type"] == "context")),
    )


async def said_in_teams(reply: Reply) -> Said:
    (activity,) = await teams_payloads(reply, asked(PlaceKind.CHANNEL))
    content = cardcheck.content(cardcheck.check(activity))
    body: list[dict[str, Any]] = content["body"]
    headings = [element for element in body if element.get("size") == "Medium"]
    grids = cardcheck.elements(content, "Table")
    found = cardcheck.buttons(content)
    grouped = {b["id"] for row in cardcheck.elements(content, "ActionSet") for b in row["actions"]}
    return Said(
        finding=cardcheck.shown(headings[0]["text"]),
        facts=tuple(
            (cardcheck.shown(fact["title"]), cardcheck.shown(fact["value"]))
            for facts in cardcheck.elements(content, "FactSet")
            for fact in facts["facts"]
        ),
        cells=tuple(
            tuple(cardcheck.shown(cell["items"][0]["text"]) for cell in row["cells"])
            for grid in grids
            for row in grid["rows"]
        ),
        buttons=frozenset(b["id"].removeprefix(PREFIX) for b in found if b["id"] not in grouped),
        commands=frozenset(b["data"]["command"] for b in found),
        footer=cardcheck.shown([element for element in body if element.get("isSubtle")][-1]["text"]),
    )


def unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def pair(field: str) -> tuple[str, str]:
    label, _, value = field.partition("\n")
    return label[1:-1], value


def plain(said: Said) -> Said:
    """Cells side by side: a tag-like `<` is drawn differently in Teams, where it could open a mention."""
    cells = tuple(tuple(cell.replace("‹", "<") for cell in row) for row in said.cells)
    return Said(said.finding, said.facts, cells, said.buttons, said.commands, said.footer)


@pytest.mark.parametrize("name", REPLIES)
async def test_slack_and_teams_say_the_same(name: str) -> None:
    in_slack, in_teams = await said_in_slack(REPLIES[name]), await said_in_teams(REPLIES[name])
    assert plain(in_teams) == in_slack


@pytest.mark.parametrize("name", REPLIES)
async def test_and_it_is_what_the_reply_says(name: str) -> None:
    reply, said = REPLIES[name], await said_in_teams(REPLIES[name])
    assert said.finding == reply.text
    assert [label for label, _ in said.facts] == [fact.label for fact in reply.facts]
    assert said.commands == {action.command for action in reply.actions}
    assert len(said.cells) == (len(reply.table.rows) + 1 if reply.table else 0)


async def test_a_refusal_has_the_same_words() -> None:
    refusal = Refusal(RefusalCode.BUG, "Something *went* wrong.", "Please tell an admin.", "E-0A1B2C3D")
    entries = await slack_payloads(refusal, asked(PlaceKind.CHANNEL), SEALER)
    blocks = next(entry["args"]["blocks"] for entry in entries if entry["args"].get("blocks"))
    in_slack = [line for b in blocks[:1] for line in unescaped(b["text"]["text"]).split("\n")]
    (activity,) = await teams_payloads(refusal, asked(PlaceKind.CHANNEL))
    in_teams = [cardcheck.shown(element["text"]) for element in cardcheck.content(activity)["body"]]
    assert in_teams[:2] == in_slack == ["Something *went* wrong.", "Please tell an admin."]
    assert "E-0A1B2C3D" in in_teams[2]
