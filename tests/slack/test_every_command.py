"""Every example of every command as Slack would get it, judged block by block."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.dispatch.policy import INCLUDES
from bot.kit.command import Command
from bot.model.chat import Answer, Level, Place, Refusal, RefusalCode, Reply
from bot.slack.payloads import payloads
from bot.state.receipts import Receipts
from handlers import COMMANDS
from tests.handlers.answering import ANALYSTS, CHANNEL, DM, SHARED, Bot
from tests.handlers.demo import PEOPLE, Demo
from tests.handlers.live import a_live_bot
from tests.slack.blockcheck import check_message
from tests.slack.conftest import SEALER
from tests.slack.lived_in import live_in, subscribed

ROLES = ("guest", "member", "analyst", "investigator", "approver", "admin")
PLACES = (CHANNEL, ANALYSTS, DM, SHARED)
NOT_HERE = "session sess-41"
"""The one subject of examples that no log has: not found, as anything that is not one's to see."""
WRITTEN_BEFORE = "usage 7d private"
"""What `explain` and `share` are about."""


@pytest.fixture
async def bot(tmp_path: Path, demo: Demo, request: pytest.FixtureRequest) -> AsyncIterator[Bot]:
    """The demo workspace after some weeks: with approvals, alerts, holds, and the source still there."""
    async with a_live_bot(tmp_path, demo, directory=demo.directory()) as live:
        decided = "content" in request.node.name or "pack" in request.node.name
        await live_in(live.bot, demo, decided=decided)
        yield live.bot


async def judged(bot: Bot, demo: Demo, line: str, role: str, place: Place) -> Answer:
    """The answer, after Slack's rules were applied to every message of it."""
    asker = demo.asker(role)
    answer = await bot.ask(line, asker=asker, place=place)
    check(await payloads(answer, bot.request(line), SEALER))
    return answer


def check(entries: list[dict[str, Any]]) -> None:
    for entry in entries:
        if "text" in entry["args"] or "blocks" in entry["args"]:
            check_message(entry["args"])


def mrkdwn(value: object) -> Iterator[str]:
    """Every text in which markup means something, however deep."""
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield str(value["text"])
        for inner in value.values():
            yield from mrkdwn(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from mrkdwn(inner)


def able(bot: Bot, line: str) -> str:
    """A role that may run the command as the line has it."""
    roles = ("admin", "investigator", "approver")
    command = bot.dispatcher.command_of(bot.request(line))
    return next(role for role in roles if INCLUDES[Level(role)] & command.levels)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
async def test_every_example_runs_and_is_a_message_that_slack_takes(
    bot: Bot, demo: Demo, command: Command
) -> None:
    for line, place in zip(command.examples, itertools.cycle((CHANNEL, DM)), strict=False):
        role = able(bot, line)
        await subscribed(bot, demo.asker(role).id)
        await judged(bot, demo, WRITTEN_BEFORE, role, place)
        answer = await judged(bot, demo, line, role, place)
        if isinstance(answer, Refusal):
            assert NOT_HERE in line, (line, answer)
            assert answer.code is RefusalCode.NOT_ALLOWED
        else:
            check(await payloads(answer, bot.request(line), SEALER, native_charts=True))
            check(await payloads(answer.without_pictures(), bot.request(line), SEALER))


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
async def test_every_example_at_every_level_in_every_place(bot: Bot, demo: Demo, command: Command) -> None:
    for line, role, place in itertools.product(command.examples, ROLES, PLACES):
        answer = await judged(bot, demo, line, role, place)
        if isinstance(answer, Refusal):
            assert answer.code is not RefusalCode.BUG, (line, role, place)
        if not demo.asker(role).levels & command.levels:
            assert isinstance(answer, Refusal), (line, role, place)
            assert answer.code is RefusalCode.NOT_ALLOWED, (line, role, place)


@pytest.mark.parametrize(
    "line",
    [
        "overview 7d",
        "usage 7d by model",
        "activity 7d by surface",
        "adoption 12w weekly",
        "teams 30d by credits",
        "top 5",
    ],
)
async def test_what_fits_slacks_own_charts_is_one(bot: Bot, demo: Demo, line: str) -> None:
    answer = await judged(bot, demo, line, "analyst", DM)
    sent = await payloads(answer, bot.request(line), SEALER, native_charts=True)
    assert '"type": "data_visualization"' in json.dumps(sent)
    assert not [entry for entry in sent if entry["method"] == "upload"]


async def test_hostile_names_do_not_leave_the_text(bot: Bot, demo: Demo) -> None:
    """Everybody of the workspace in one table: markup, bidi marks and endless names included."""
    bot.asker = demo.asker("analyst")
    answer = await judged(bot, demo, "top 100 90d", "analyst", DM)
    assert isinstance(answer, Reply)
    assert "<!channel>" in repr(answer.table)
    sent = await payloads(answer, bot.request("top 100 90d"), SEALER)
    marked = [entry["args"].get("text", "") for entry in sent] + [*mrkdwn(sent)]
    assert not [text for text in marked if "<!channel>" in text]


async def test_a_receipt_is_kept_for_figures_only(bot: Bot, demo: Demo) -> None:
    answer = await judged(bot, demo, "usage 7d", "member", CHANNEL)
    assert isinstance(answer, Reply)
    assert answer.footer.receipt
    assert await Receipts(bot.state).load(answer.footer.receipt)
    listed = await judged(bot, demo, "help", "member", CHANNEL)
    assert isinstance(listed, Reply)
    assert listed.footer.receipt is None
    assert PEOPLE["member"].email not in repr(listed)
