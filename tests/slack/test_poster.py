"""Scheduled posts against the fake Slack: what is sent, and what each refusal means."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.model.chat import Asker, File, Place, PlaceKind, Reply
from bot.model.errors import Unreachable
from bot.model.message import Destination, MessageRef, Platform
from bot.model.posting import (
    ChannelGone,
    MaybeSent,
    NotInChannel,
    PosterError,
    PosterUnavailable,
    Refused,
    TokenRevoked,
)
from bot.slack.app import SlackApp
from bot.slack.clients import without_retries
from bot.slack.deliver import Manners
from bot.slack.outbox import LiveOutbox
from bot.slack.ports import SealedCommands, SlackConfig
from bot.slack.poster import SlackPoster
from bot.slack.reach import SlackReach
from tests.slack import samples
from tests.slack.fake import CONNECTION_LOST, HTML_PAGE, RATE_LIMITED, SERVER_FAULT, FakeSlack, Trouble

HERE = Destination(Platform.SLACK, "C0000AAAA")


@pytest.fixture
def poster(bot: SlackApp, config: SlackConfig, clock: Any, sleeps: Any) -> SlackPoster:
    manners = Manners(SealedCommands(bytes(range(32))), clock, sleeps)
    return SlackPoster(LiveOutbox(without_retries(config, bot.clients)), manners)


@pytest.fixture
def reach(bot: SlackApp) -> SlackReach:
    return SlackReach(bot.outbox)


def digest(**changes: Any) -> Reply:
    return samples.reply(pictures=(samples.picture(),), table=None, **changes)


def a_file(folder: Path) -> File:
    path = folder / "digest.csv"
    path.write_bytes(b"week\r\n")
    return File("digest.csv", "text/csv", path, hashlib.sha256(b"week\r\n").hexdigest())


def kinds(slack: FakeSlack) -> list[str]:
    (posted,) = slack.workspace.messages.values()
    return [block["type"] for block in posted.args["blocks"]]


async def test_the_first_post_has_the_headline_and_no_picture(poster: SlackPoster, slack: FakeSlack) -> None:
    message = await poster.post(HERE, digest())
    assert message == MessageRef("C0000AAAA", "1000000000.000001")
    assert slack.methods() == ["chat.postMessage"]
    (sent,) = slack.args_of("chat.postMessage")
    assert sent["text"].startswith("Credits rose 14.2 % to 12,345.6 in 30 days.")
    assert "image" not in kinds(slack)
    assert "asked by" not in str(sent["blocks"])


async def test_the_picture_comes_by_an_edit_that_waits_for_the_file(
    poster: SlackPoster, slack: FakeSlack, sleeps: Any
) -> None:
    message = await poster.post(HERE, digest())
    slack.workspace.unready_posts = 2
    await poster.add_picture(HERE, message, digest())
    assert "image" in kinds(slack)
    assert sleeps.seconds == [1.0, 1.0]
    assert slack.methods().count("chat.postMessage") == 1


async def test_adding_the_picture_again_changes_nothing(poster: SlackPoster, slack: FakeSlack) -> None:
    message = await poster.post(HERE, digest())
    await poster.add_picture(HERE, message, digest())
    before = kinds(slack)
    await poster.add_picture(HERE, message, digest())
    assert kinds(slack) == before


async def test_a_file_goes_into_the_thread(poster: SlackPoster, slack: FakeSlack, tmp_path: Path) -> None:
    message = await poster.post(HERE, digest())
    await poster.add_file(HERE, message, a_file(tmp_path))
    (completed,) = slack.args_of("files.completeUploadExternal")
    assert (completed["channel_id"], completed["thread_ts"]) == ("C0000AAAA", message.message_id)


async def test_a_file_that_is_gone_is_refused(poster: SlackPoster, tmp_path: Path) -> None:
    message = await poster.post(HERE, digest())
    with pytest.raises(Refused):
        await poster.add_file(HERE, message, replace(a_file(tmp_path), path=tmp_path / "gone.csv"))


async def test_an_owner_is_told_in_plain_text(poster: SlackPoster, slack: FakeSlack) -> None:
    await poster.tell_owner("U0000AAAA", "<!channel> S-AAAAAAAA was not posted.")
    (message,) = slack.workspace.messages.values()
    assert message.channel == "D0000AAAA"
    assert message.args["text"] == "&lt;!channel&gt; S-AAAAAAAA was not posted."


@pytest.mark.parametrize(
    ("trouble", "meaning"),
    [
        (CONNECTION_LOST, MaybeSent),
        (HTML_PAGE, MaybeSent),
        (SERVER_FAULT, MaybeSent),
        (RATE_LIMITED, PosterUnavailable),
        (Trouble(200, {"ok": False, "error": "channel_not_found"}), ChannelGone),
        (Trouble(200, {"ok": False, "error": "is_archived"}), ChannelGone),
        (Trouble(200, {"ok": False, "error": "not_in_channel"}), NotInChannel),
        (Trouble(200, {"ok": False, "error": "token_revoked"}), TokenRevoked),
        (Trouble(200, {"ok": False, "error": "invalid_auth"}), TokenRevoked),
        (Trouble(200, {"ok": False, "error": "account_inactive"}), TokenRevoked),
        (Trouble(200, {"ok": False, "error": "restricted_action"}), Refused),
    ],
)
async def test_what_slack_answers_has_one_meaning_and_the_post_is_sent_once(
    poster: SlackPoster, slack: FakeSlack, trouble: Trouble, meaning: type[PosterError]
) -> None:
    slack.trouble("chat.postMessage", trouble)
    with pytest.raises(meaning):
        await poster.post(HERE, digest())
    assert slack.methods() == ["chat.postMessage"]


async def test_the_wait_that_slack_asks_for_is_told(poster: SlackPoster, slack: FakeSlack) -> None:
    slack.trouble("chat.postMessage", RATE_LIMITED)
    with pytest.raises(PosterUnavailable) as waiting:
        await poster.post(HERE, digest())
    assert waiting.value.retry_after_seconds == 7


async def test_no_connection_means_certainly_not_sent(
    bot: SlackApp, config: SlackConfig, clock: Any, sleeps: Any
) -> None:
    nobody = replace(config, api_base_url="http://127.0.0.1:9/api/")
    manners = Manners(SealedCommands(bytes(range(32))), clock, sleeps)
    poster = SlackPoster(LiveOutbox(without_retries(nobody, bot.clients)), manners)
    with pytest.raises(PosterUnavailable):
        await poster.post(HERE, digest())


@pytest.mark.parametrize(
    ("method", "meaning"),
    [("files.getUploadURLExternal", PosterUnavailable), ("files.completeUploadExternal", MaybeSent)],
)
async def test_a_file_may_be_there_only_once_it_was_completed(
    poster: SlackPoster, slack: FakeSlack, tmp_path: Path, method: str, meaning: type[PosterError]
) -> None:
    message = await poster.post(HERE, digest())
    slack.trouble(method, *[HTML_PAGE] * 4)
    with pytest.raises(meaning):
        await poster.add_file(HERE, message, a_file(tmp_path))


async def test_blocks_that_slack_refuses_do_not_cost_the_message(
    poster: SlackPoster, slack: FakeSlack
) -> None:
    slack.trouble("chat.postMessage", Trouble(200, {"ok": False, "error": "invalid_blocks"}))
    await poster.post(HERE, digest())
    (message,) = slack.workspace.messages.values()
    assert "blocks" not in message.args


@pytest.mark.parametrize(
    ("channel", "reached"),
    [
        ("C0000AAAA", True),
        ("C0000OUTS", False),
        ("C0000ARCH", False),
        ("C0000GONE", False),
        ("D0000AAAA", True),
    ],
)
async def test_the_bot_finds_out_where_it_can_post(
    reach: SlackReach, slack: FakeSlack, channel: str, *, reached: bool
) -> None:
    place = Place(channel, PlaceKind.DM if channel.startswith("D") else PlaceKind.CHANNEL)
    assert await reach(place, Asker("U0000AAAA")) is reached
    assert slack.workspace.messages == {}


async def test_somebody_outside_a_channel_can_still_resume_its_posts(reach: SlackReach) -> None:
    assert await reach(Place("C0000AAAA"), Asker("U0000GONE"))


async def test_nothing_is_promised_while_slack_says_nothing(reach: SlackReach, slack: FakeSlack) -> None:
    slack.trouble("chat.postEphemeral", *[CONNECTION_LOST] * 4)
    with pytest.raises(Unreachable):
        await reach(Place("C0000AAAA"), Asker("U0000AAAA"))


@pytest.mark.parametrize("method", ["upload", "chat.update"])
async def test_a_scheduled_picture_that_slack_refuses_leaves_the_table_behind_it(
    poster: SlackPoster, slack: FakeSlack, method: str
) -> None:
    reply = samples.reply(pictures=(samples.picture(fallback=samples.table(3)),), table=None)
    message = await poster.post(HERE, reply)
    assert "rich_text" not in kinds(slack)
    slack.trouble(method, Trouble(answer={"ok": False, "error": "invalid_blocks", "errors": ["?"]}))
    with pytest.raises(Refused):
        await poster.add_picture(HERE, message, reply)
    assert "rich_text" in kinds(slack)
    assert "image" not in kinds(slack)
