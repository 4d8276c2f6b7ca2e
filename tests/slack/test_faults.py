"""Whatever Slack does: nothing is posted twice, nothing is lost without a word."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.model.message import Destination, Platform
from bot.model.posting import MaybeSent, PosterUnavailable
from bot.slack.app import SlackApp
from bot.slack.clients import build_clients, without_retries
from bot.slack.deliver import Manners
from bot.slack.outbox import LiveOutbox, NotConnectedError, UnconfirmedError
from bot.slack.ports import SealedCommands, SlackConfig
from bot.slack.poster import SlackPoster
from tests.slack import samples
from tests.slack.fake import CONNECTION_LOST, HTML_PAGE, RATE_LIMITED, SERVER_FAULT, FakeSlack, Trouble
from tests.slack.test_delivery import origin, said

HERE = Destination(Platform.SLACK, "C0000AAAA")
PATIENCE_SECONDS = 0.3


async def silent(_request: web.Request, _whole: bytes) -> web.StreamResponse:
    await asyncio.sleep(2 * PATIENCE_SECONDS)  # no longer than whoever waits for it
    return web.Response()


async def truncated(request: web.Request, whole: bytes) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    response.content_length = len(whole)
    await response.prepare(request)
    await response.write(whole[:-10])
    assert request.transport is not None
    request.transport.close()
    return response


async def drip(request: web.Request, whole: bytes) -> web.StreamResponse:
    """A byte now and then: no single read ever times out."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    with contextlib.suppress(ConnectionError):  # who asked has hung up
        for place in range(len(whole)):
            await response.write(whole[place : place + 1])
            await asyncio.sleep(0.02)
    return response


async def garbage(_request: web.Request, _whole: bytes) -> web.StreamResponse:
    return web.Response(body=b"\x00\xff{not json", content_type="application/json")


async def another_shape(_request: web.Request, _whole: bytes) -> web.StreamResponse:
    return web.json_response(["ok"])


UNSURE = {
    "500": Trouble(500, {"ok": False, "error": "fatal_error"}),
    "503": SERVER_FAULT,
    "a proxy's page": HTML_PAGE,
    "hung up": CONNECTION_LOST,
    "no answer": Trouble(instead=silent),
    "truncated": Trouble(instead=truncated),
    "slow drip": Trouble(instead=drip),
    "garbage": Trouble(instead=garbage),
    "another shape": Trouble(instead=another_shape),
}
SLOW = {"no answer", "slow drip"}


@pytest.fixture(autouse=True)
def _little_patience(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if hasattr(request.node, "callspec") and request.node.callspec.params.get("name") in SLOW:
        monkeypatch.setattr("bot.slack.clients._TIMEOUT", aiohttp.ClientTimeout(total=PATIENCE_SECONDS))


@pytest.fixture
def poster(bot: SlackApp, config: SlackConfig, clock: Any, sleeps: Any) -> SlackPoster:
    manners = Manners(SealedCommands(bytes(range(32))), clock, sleeps)
    return SlackPoster(LiveOutbox(without_retries(config, bot.clients)), manners)


@pytest.mark.parametrize("name", UNSURE)
async def test_an_answer_nobody_confirmed_is_posted_once_and_the_asker_is_told(
    bot: SlackApp, slack: FakeSlack, name: str
) -> None:
    slack.trouble("chat.postMessage", UNSURE[name])
    await bot.delivery.deliver(samples.reply(), origin(slack))
    assert slack.methods().count("chat.postMessage") == 1
    (answer,) = said(slack)
    assert answer["response_type"] == "ephemeral"
    assert answer["text"].startswith("Slack did not confirm the answer.")


@pytest.mark.parametrize("name", UNSURE)
async def test_a_scheduled_post_nobody_confirmed_is_posted_once_and_its_fate_is_known_as_unknown(
    poster: SlackPoster, slack: FakeSlack, name: str
) -> None:
    slack.trouble("chat.postMessage", UNSURE[name])
    with pytest.raises(MaybeSent):
        await poster.post(HERE, samples.reply())
    assert slack.methods() == ["chat.postMessage"]


@pytest.mark.parametrize("name", UNSURE)
async def test_a_picture_that_could_not_be_sent_does_not_cost_the_answer(
    bot: SlackApp, slack: FakeSlack, name: str
) -> None:
    slack.trouble("files.completeUploadExternal", UNSURE[name])
    await bot.delivery.deliver(samples.reply(pictures=(samples.picture(),)), origin(slack))
    (posted,) = slack.workspace.messages.values()
    assert "rich_text" in [block["type"] for block in posted.args["blocks"]]
    assert said(slack) == [{"delete_original": True}]


@pytest.mark.parametrize("name", ["500", "503", "a proxy's page", "hung up", "truncated"])
async def test_a_short_fault_of_what_may_be_repeated_is_not_even_noticed(
    bot: SlackApp, slack: FakeSlack, name: str
) -> None:
    slack.trouble("users.info", UNSURE[name])
    answer = await bot.outbox.call("users.info", {"user": "U0000AAAA"})
    assert answer["user"]["profile"]["email"] == "ada@example.com"


async def test_a_rate_limited_scheduled_post_was_not_sent_and_waits_as_long_as_slack_says(
    poster: SlackPoster, slack: FakeSlack
) -> None:
    slack.trouble("chat.postMessage", RATE_LIMITED)
    with pytest.raises(PosterUnavailable) as told:
        await poster.post(HERE, samples.reply())
    assert told.value.retry_after_seconds == 7
    assert slack.workspace.messages == {}


@pytest.mark.parametrize("kind", ["no TLS there", "nobody there"])
async def test_a_slack_that_cannot_be_spoken_to_certainly_got_nothing(
    bot: SlackApp, config: SlackConfig, clock: Any, sleeps: Any, kind: str
) -> None:
    secure = config.api_base_url.replace("http://", "https://")
    other = replace(config, api_base_url=secure if kind == "no TLS there" else "http://127.0.0.1:9/api/")
    outbox = LiveOutbox(build_clients(other, bot.clients.session, sleeps))
    with pytest.raises(NotConnectedError):
        await outbox.call("chat.postMessage", {"channel": "C0000AAAA", "text": "x"})
    manners = Manners(SealedCommands(bytes(range(32))), clock, sleeps)
    poster = SlackPoster(LiveOutbox(without_retries(other, bot.clients)), manners)
    with pytest.raises(PosterUnavailable):
        await poster.post(HERE, samples.reply())


async def test_a_slack_that_fails_for_good_ends_in_a_known_error(bot: SlackApp, slack: FakeSlack) -> None:
    slack.trouble("users.info", *[SERVER_FAULT] * 20)
    with pytest.raises(UnconfirmedError):
        await bot.outbox.call("users.info", {"user": "U0000AAAA"})
    assert len(slack.calls) <= 8
