"""The poster of scheduled posts and alerts, and clicks, against the fake Slack on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from bot.slack.clients import build_clients, open_session, without_retries
from bot.slack.deliver import Manners
from bot.slack.outbox import LiveOutbox
from bot.slack.ports import SealedCommands, SlackConfig
from bot.slack.poster import SlackPoster
from tests.slack import signed
from tests.slack.fake import FakeSlack
from tests.slack.workspace import APP_TOKEN, BOT_TOKEN, Posted

SEALER = SealedCommands(bytes(range(32)))


async def no_pause(_seconds: float) -> None:
    """The fake Slack needs no time."""


@asynccontextmanager
async def slack_poster(slack: FakeSlack, clock: Callable[[], datetime]) -> AsyncIterator[SlackPoster]:
    """As the product builds it, at the fake Slack."""
    config = SlackConfig(BOT_TOKEN, signed.SECRET, APP_TOKEN, slack.api_base_url)
    async with open_session() as session:
        clients = without_retries(config, build_clients(config, session))
        yield SlackPoster(LiveOutbox(clients), Manners(SEALER, clock, no_pause))


def messages(slack: FakeSlack, channel: str) -> list[Posted]:
    """What stands in a channel, oldest first."""
    return [one for one in slack.workspace.messages.values() if one.channel == channel]


def told(slack: FakeSlack) -> list[str]:
    """What owners were told by direct message."""
    return [one.args["text"] for one in slack.workspace.messages.values() if one.channel.startswith("D")]


def buttons(message: Posted) -> dict[str, str]:
    """What is on its buttons, and the command that each would run."""
    return {one["text"]["text"]: SEALER.open(one["value"]) or "" for one in _buttons(message.args["blocks"])}


def _buttons(blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for block in blocks:
        if block["type"] == "actions":
            yield from (one for one in block["elements"] if one["type"] == "button")
