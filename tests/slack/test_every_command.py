"""Every example of every command as Slack would get it, judged block by block."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.dispatch.policy import INCLUDES
from bot.kit.command import Command
from bot.model.chat import Answer, Level, Place, Refusal, RefusalCode, Reply
from bot.slack.payloads import payloads
from bot.state.receipts import Receipts
from handlers import COMMANDS
from tests.handlers.answering import ANALYSTS, CHANNEL, DM, SHARED, Bot, a_bot
from tests.handlers.demo import PEOPLE, Demo
from tests.slack.blockcheck import check_message
from tests.slack.conftest import SEALER

ROLES = ("guest", "member", "analyst", "investigator", "approver", "admin")
PLACES = (CHANNEL, ANALYSTS, DM, SHARED)
NEEDS_SOMETHING = {
    "ack",
    "pause",
    "resume",
    "unsubscribe",
    "explain",
    "share",
    "approve",
    "deny",
    "askowner",
    "answer",
    "hold",
}
"""Their examples name what a fresh workspace does not have: a refusal is the right answer."""
NEEDS_THE_LOG = {"investigate", "content", "pack"}
"""Their examples name subjects that this workspace does not know."""


@pytest.fixture
async def bot(tmp_path: Path, demo: Demo) -> AsyncIterator[Bot]:
    async with a_bot(tmp_path, demo.lake(), directory=demo.directory()) as bot:
        yield bot


async def judged(bot: Bot, demo: Demo, line: str, role: str, place: Place) -> Answer:
    """The answer, after Slack's rules were applied to every message of it."""
    asker = demo.asker(role)
    answer = await bot.ask(line, asker=asker, place=place)
    request = bot.request(line)
    for entry in await payloads(answer, request, SEALER):
        if "text" in entry["args"] or "blocks" in entry["args"]:
            check_message(entry["args"])
    return answer


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
        answer = await judged(bot, demo, line, able(bot, line), place)
        missing = isinstance(answer, Refusal) and answer.code is not RefusalCode.BUG
        assert isinstance(answer, Reply) or (missing and command.name in NEEDS_SOMETHING | NEEDS_THE_LOG), (
            line,
            answer,
        )


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


async def test_hostile_names_do_not_leave_the_text(bot: Bot, demo: Demo) -> None:
    """Everybody of the workspace in one table: markup, bidi marks and endless names included."""
    bot.asker = demo.asker("analyst")
    answer = await judged(bot, demo, "top 100 90d", "analyst", DM)
    assert isinstance(answer, Reply)
    assert "<!channel>" in repr(answer.table)
    told = repr(await payloads(answer, bot.request("top 100 90d"), SEALER))
    assert "markup+<!channel>" not in told


async def test_a_receipt_is_kept_for_figures_only(bot: Bot, demo: Demo) -> None:
    answer = await judged(bot, demo, "usage 7d", "member", CHANNEL)
    assert isinstance(answer, Reply)
    assert answer.footer.receipt
    assert await Receipts(bot.state).load(answer.footer.receipt)
    listed = await judged(bot, demo, "help", "member", CHANNEL)
    assert isinstance(listed, Reply)
    assert listed.footer.receipt is None
    assert PEOPLE["member"].email not in repr(listed)
