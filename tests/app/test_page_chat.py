from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.app.page_chat import Shelf
from bot.console.page_wire import Asked, Clicked, Told
from bot.slack.outbox import Content
from bot.slack.ports import SealedCommands
from tests.app.talking import page_chat
from tests.handlers.answering import a_bot
from tests.handlers.demo import Demo
from tests.slack.blockcheck import check_message


@pytest.fixture
async def chat(tmp_path: Path, demo: Demo) -> Any:
    async with a_bot(tmp_path, demo.lake(), directory=demo.directory()) as bot:
        yield page_chat(bot, demo)


def controls(told: Told) -> Iterator[dict[str, Any]]:
    """Every button and menu option of an answer."""
    for entry in told.entries:
        for block in entry["args"].get("blocks", ()):
            for element in block.get("elements", ()) if block["type"] == "actions" else ():
                yield from element.get("options", [element])


def a_click(told: Told, ts: str = "1.000001") -> Clicked:
    value = next(controls(told))["value"]
    return Clicked(value, ts, "member", "channel", message_ts="1700000000.000001")


async def test_the_page_gets_what_slack_would_get(chat: Any) -> None:
    told = await chat.ask(Asked("usage 7d", "member", "channel"))
    assert [entry["method"] for entry in told.entries] == [
        "ack",
        "upload",
        "chat.postMessage",
        "response_url",
    ]
    check_message(told.entries[2]["args"])
    assert told.text.startswith("Codex used ")
    data, name = chat.file(told.files[0].url.rpartition("/")[2])
    assert (data, name) == (b"png", "chart.png")


@pytest.mark.parametrize("typed", ["/codex usage 7d", "  usage 7d "])
async def test_the_slash_command_may_be_typed_too(chat: Any, typed: str) -> None:
    assert (await chat.ask(Asked(typed, "member", "channel"))).command == "usage 7d"


async def test_a_click_is_answered_once_and_under_the_message(chat: Any) -> None:
    click = a_click(await chat.ask(Asked("usage 30d", "member", "channel")))
    answered = await chat.click(click)
    assert answered is not None
    posted = next(e["args"] for e in answered.entries if e["method"] == "chat.postMessage")
    assert posted["thread_ts"] == "1700000000.000001"
    assert await chat.click(click) is None, "the same click again"
    assert await chat.click(replace_ts(click)) is not None


def replace_ts(click: Clicked) -> Clicked:
    return Clicked(click.value, "2.000001", click.who, click.where)


@pytest.mark.parametrize("value", ["", "forged", "usage 30d", SealedCommands(b"x" * 32).seal("usage 30d")])
async def test_a_forged_click_is_no_question(chat: Any, value: str) -> None:
    assert await chat.click(Clicked(value, "1.000001", "admin", "channel")) is None


async def test_a_click_is_judged_by_who_clicks_now(chat: Any) -> None:
    told = await chat.ask(Asked("top 5", "analyst", "analysts"))
    value = next(controls(told))["value"]
    answered = await chat.click(Clicked(value, "1.000001", "member", "channel"))
    assert "needs the level analyst" in answered.text
    assert not answered.files


async def test_private_answers_go_to_the_direct_message(chat: Any) -> None:
    told = await chat.ask(Asked("top 5", "analyst", "channel"))
    posted = next(e["args"] for e in told.entries if e["method"] == "chat.postMessage")
    assert posted["channel"] == "U0ANALYST"
    assert told.entries[-1]["args"]["response_type"] == "ephemeral"


async def test_a_guest_gets_a_refusal(chat: Any) -> None:
    told = await chat.ask(Asked("overview", "guest", "channel"))
    assert [entry["method"] for entry in told.entries] == ["ack", "response_url"]
    assert "members of this workspace" in told.text


def test_only_the_latest_files_are_kept() -> None:
    shelf = Shelf(room=2)
    first, *_ = [shelf.put(Content(b"%d" % n, "x", "x")) for n in range(3)]
    assert shelf.get(first) is None
