from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from bot.model.chat import Answer, Audience, File, Refusal, RefusalCode, Reply
from bot.slack.app import SlackApp
from bot.slack.incoming import Origin
from bot.slack.payloads import RecordingOutbox
from bot.slack.render import Look, render
from bot.slack.whisper import Whisper
from tests.slack import samples
from tests.slack.fake import CONNECTION_LOST, HTML_PAGE, RATE_LIMITED, SERVER_FAULT, FakeSlack, Trouble

REFUSAL = Refusal(RefusalCode.WRONG_USE, "I do not know foo.", "Try `usage 30d`.")


def origin(slack: FakeSlack, **changes: Any) -> Origin:
    given = {
        "user_id": "U0000AAAA",
        "channel_id": "C0000AAAA",
        "text": "usage 30d",
        "response_url": slack.workspace.issue_response_url(),
        "working": True,
    }
    return Origin(**{**given, **changes})


def with_picture(**changes: Any) -> Reply:
    return samples.reply(pictures=(samples.picture(),), **changes)


def kinds(message: dict[str, Any]) -> list[str]:
    return [block["type"] for block in message["blocks"]]


def said(slack: FakeSlack) -> list[dict[str, Any]]:
    return [sent for url in slack.workspace.response_urls.values() for sent in url.sent]


async def test_an_aggregate_is_posted_in_the_channel_with_its_picture(
    bot: SlackApp, slack: FakeSlack
) -> None:
    await bot.delivery.deliver(with_picture(), origin(slack))
    (posted,) = slack.workspace.messages.values()
    assert posted.channel == "C0000AAAA"
    assert kinds(posted.args) == [
        "context",
        "section",
        "section",
        "image",
        "section",
        "rich_text",
        "context",
        "actions",
    ]
    assert posted.args["blocks"][0]["elements"][0]["text"] == "asked by <@U0000AAAA>: `/codex usage 30d`"
    assert posted.args["unfurl_links"] is False
    assert slack.workspace.files["F0PULSE001"].content == samples.PNG
    assert said(slack) == [{"delete_original": True}]


async def test_a_fresh_file_is_waited_for(bot: SlackApp, slack: FakeSlack, sleeps: Any) -> None:
    slack.workspace.unready_posts = 3
    await bot.delivery.deliver(with_picture(), origin(slack))
    assert sleeps.seconds == [1.0, 1.0, 1.0]
    (posted,) = slack.workspace.messages.values()
    assert "image" in kinds(posted.args)


async def test_a_picture_that_never_gets_ready_does_not_cost_the_message(
    bot: SlackApp, slack: FakeSlack, sleeps: Any
) -> None:
    slack.workspace.unready_posts = 99
    await bot.delivery.deliver(with_picture(), origin(slack))
    assert slack.methods().count("chat.postMessage") == 8 + 1
    assert sleeps.seconds == [1.0] * 7
    (posted,) = slack.workspace.messages.values()
    assert kinds(posted.args) == [
        "context",
        "section",
        "section",
        "section",
        "rich_text",
        "context",
        "actions",
    ]


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal", "upload"])
async def test_an_upload_that_fails_does_not_cost_the_message(
    bot: SlackApp, slack: FakeSlack, method: str
) -> None:
    slack.trouble(method, Trouble(answer={"ok": False, "error": "upload_disabled"}))
    await bot.delivery.deliver(with_picture(), origin(slack))
    (posted,) = slack.workspace.messages.values()
    assert "image" not in kinds(posted.args)
    assert "rich_text" in kinds(posted.args)


def text_of(message: dict[str, Any]) -> str:
    return json.dumps(message["blocks"])


@pytest.mark.parametrize("where", ["channel", "not a member", "direct message", "no direct message"])
async def test_a_picture_that_cannot_be_sent_leaves_the_table_behind_it(
    bot: SlackApp, slack: FakeSlack, where: str
) -> None:
    """PNG, else its table: an answer that has no table of its own does not lose its figures."""
    hers = Audience.ASKER if "direct" in where else Audience.HERE
    lost = samples.picture(fallback=samples.table(3))
    reply = samples.reply(pictures=(lost,), table=None, audience=hers)
    no = {
        "channel": ("files.getUploadURLExternal", "upload_disabled"),
        "not a member": ("chat.postMessage", "not_in_channel"),
        "direct message": ("upload", "upload_disabled"),
        "no direct message": ("chat.postMessage", "user_not_found"),
    }
    method, error = no[where]
    slack.trouble(method, Trouble(answer={"ok": False, "error": error}))
    await bot.delivery.deliver(reply, origin(slack))
    posted = [message.args for message in slack.workspace.messages.values()]
    shown = [m for m in (*posted, *said(slack)) if "blocks" in m and "model-2" in text_of(m)]
    assert len(shown) == 1
    assert "image" not in kinds(shown[0])


async def test_after_the_picture_and_its_table_the_text_is_left(bot: SlackApp, slack: FakeSlack) -> None:
    no = Trouble(answer={"ok": False, "error": "invalid_blocks", "errors": ["?"]})
    slack.trouble("chat.postMessage", no)
    slack.trouble("chat.postMessage", no)
    lost = samples.picture(fallback=samples.table(3))
    await bot.delivery.deliver(samples.reply(pictures=(lost,), table=None), origin(slack))
    (posted,) = slack.workspace.messages.values()
    assert "blocks" not in posted.args
    assert posted.args["text"].startswith("Credits rose 14.2 %")
    assert slack.methods().count("chat.postMessage") == 3


async def test_a_picture_that_was_sent_brings_no_second_table(bot: SlackApp, slack: FakeSlack) -> None:
    sent = samples.picture(fallback=samples.table(3))
    await bot.delivery.deliver(samples.reply(pictures=(sent,), table=None), origin(slack))
    (posted,) = slack.workspace.messages.values()
    assert "image" in kinds(posted.args)
    assert "model-2" not in text_of(posted.args)


async def test_an_upload_cut_off_is_sent_again(bot: SlackApp, slack: FakeSlack) -> None:
    slack.trouble("upload", CONNECTION_LOST)
    await bot.delivery.deliver(with_picture(), origin(slack))
    assert slack.methods().count("upload") == 2
    (posted,) = slack.workspace.messages.values()
    assert "image" in kinds(posted.args)


async def test_blocks_that_slack_refuses_leave_the_text(bot: SlackApp, slack: FakeSlack) -> None:
    slack.trouble(
        "chat.postMessage", Trouble(answer={"ok": False, "error": "invalid_blocks", "errors": ["?"]})
    )
    await bot.delivery.deliver(samples.reply(), origin(slack))
    (posted,) = slack.workspace.messages.values()
    assert posted.args["text"].startswith("Credits rose 14.2 %")
    assert "blocks" not in posted.args


async def test_blocks_that_are_too_long_for_slack_leave_the_text(bot: SlackApp, slack: FakeSlack) -> None:
    slack.trouble("chat.postMessage", Trouble(answer={"ok": False, "error": "msg_blocks_too_long"}))
    await bot.delivery.deliver(samples.reply(), origin(slack))
    (posted,) = slack.workspace.messages.values()
    assert posted.args["text"].startswith("Credits rose 14.2 %")


@pytest.mark.parametrize("answer", [REFUSAL, samples.private()])
async def test_a_private_answer_whose_blocks_are_refused_everywhere_is_said_as_text(
    bot: SlackApp, slack: FakeSlack, answer: Answer
) -> None:
    refused = {"ok": False, "error": "invalid_blocks"}
    slack.trouble("response_url", Trouble(400, refused))
    slack.trouble("chat.postEphemeral", Trouble(answer=refused))
    slack.trouble("chat.postMessage", Trouble(answer=refused))
    await bot.delivery.deliver(answer, origin(slack))
    last = said(slack)[-1]
    assert (last["response_type"], last["replace_original"]) == ("ephemeral", True)
    assert "blocks" not in last
    assert last["text"] == render(answer, Look(samples.NOW, seal=str)).text
    (direct,) = slack.args_of("chat.postMessage")
    assert (direct["unfurl_links"], direct["unfurl_media"]) == (False, False)


@pytest.mark.parametrize(
    ("error", "then"), [("invalid_blocks", ("in_channel", False)), ("server_error", ("ephemeral", True))]
)
async def test_an_announcement_is_made_again_as_text_only_when_the_blocks_were_refused(
    bot: SlackApp, slack: FakeSlack, error: str, then: tuple[str, bool]
) -> None:
    slack.trouble("response_url", Trouble(400, {"ok": False, "error": error}))
    await bot.delivery.deliver(samples.reply(), origin(slack, channel_id="C0000OUTS"))
    first, second = slack.args_of("response_url")[:2]
    assert first["response_type"] == "in_channel"
    assert (second["response_type"], "blocks" in second) == then


@pytest.mark.parametrize("channel", ["C0000OUTS", "C9999NONE"])
async def test_where_the_bot_is_not_a_member_all_get_text_and_table(
    bot: SlackApp, slack: FakeSlack, channel: str
) -> None:
    await bot.delivery.deliver(with_picture(), origin(slack, channel_id=channel))
    answer, cleared = said(slack)
    assert answer["response_type"] == "in_channel"
    assert "rich_text" in kinds(answer)
    assert "image" not in kinds(answer)
    assert "Invite <@U0000BOTT> to this channel for charts." in str(answer["blocks"])
    assert cleared == {"delete_original": True}


async def test_where_there_is_no_chart_nobody_is_asked_for_an_invitation(
    bot: SlackApp, slack: FakeSlack
) -> None:
    await bot.delivery.deliver(samples.reply(), origin(slack, channel_id="C0000OUTS"))
    assert "Invite" not in str(said(slack))


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(answer={"ok": False, "error": "restricted_action"}),
        Trouble(answer={"ok": False, "error": "token_revoked"}),
    ],
)
async def test_a_post_refused_for_another_reason_is_shown_to_the_asker(
    bot: SlackApp, slack: FakeSlack, trouble: Trouble
) -> None:
    slack.trouble("chat.postMessage", trouble)
    await bot.delivery.deliver(samples.reply(), origin(slack))
    (answer,) = said(slack)
    assert answer["response_type"] == "ephemeral"
    assert answer["text"].startswith("Credits rose 14.2 %")


async def test_an_archived_channel_answers_the_asker_only(bot: SlackApp, slack: FakeSlack) -> None:
    await bot.delivery.deliver(samples.reply(), origin(slack, channel_id="C0000ARCH"))
    assert [s["response_type"] for s in said(slack)] == ["ephemeral"]


@pytest.mark.parametrize("trouble", [CONNECTION_LOST, SERVER_FAULT, HTML_PAGE])
async def test_a_post_nobody_confirmed_is_never_sent_twice(
    bot: SlackApp, slack: FakeSlack, trouble: Trouble
) -> None:
    slack.trouble("chat.postMessage", trouble)
    await bot.delivery.deliver(samples.reply(), origin(slack))
    assert slack.methods().count("chat.postMessage") == 1
    (answer,) = said(slack)
    assert answer["text"].startswith("Slack did not confirm the answer.")


async def test_a_rate_limited_post_waits_as_long_as_slack_says(
    bot: SlackApp, slack: FakeSlack, sleeps: Any
) -> None:
    slack.trouble("chat.postMessage", RATE_LIMITED)
    await bot.delivery.deliver(samples.reply(), origin(slack))
    assert len(slack.workspace.messages) == 1
    (waited,) = sleeps.seconds
    assert 7 <= waited < 8


async def test_what_may_be_repeated_is_repeated(bot: SlackApp, slack: FakeSlack) -> None:
    slack.trouble("users.info", SERVER_FAULT, CONNECTION_LOST)
    answer = await bot.outbox.call("users.info", {"user": "U0000AAAA"})
    assert answer["user"]["profile"]["email"] == "ada@example.com"
    assert slack.methods() == ["users.info"] * 3


async def test_a_private_answer_replaces_the_working_message(bot: SlackApp, slack: FakeSlack) -> None:
    await bot.delivery.deliver(samples.private(), origin(slack))
    (answer,) = said(slack)
    assert (answer["response_type"], answer["replace_original"]) == ("ephemeral", True)
    assert "asked by" not in str(answer["blocks"])
    assert slack.workspace.messages == {}


async def test_a_private_picture_goes_to_the_direct_message_and_the_channel_sees_nothing(
    bot: SlackApp, slack: FakeSlack
) -> None:
    await bot.delivery.deliver(with_picture(audience=Audience.ASKER), origin(slack))
    (posted,) = slack.workspace.messages.values()
    assert posted.channel == "D0000AAAA"
    assert "image" in kinds(posted.args)
    (answer,) = said(slack)
    assert answer["response_type"] == "ephemeral"
    assert "image" not in kinds(answer)
    link = "https://fake.slack.example/archives/D0000AAAA/p1000000000.000001"
    assert f"<{link}|our direct message>" in str(answer["blocks"])


async def test_asked_in_the_direct_message_it_is_said_once(bot: SlackApp, slack: FakeSlack) -> None:
    await bot.delivery.deliver(with_picture(audience=Audience.ASKER), origin(slack, channel_id="D0000AAAA"))
    assert said(slack) == [{"delete_original": True}]
    assert len(slack.workspace.messages) == 1


async def test_without_a_link_the_direct_message_is_named(bot: SlackApp, slack: FakeSlack) -> None:
    slack.trouble("chat.getPermalink", Trouble(answer={"ok": False, "error": "message_not_found"}))
    await bot.delivery.deliver(with_picture(audience=Audience.ASKER), origin(slack))
    assert "More in our direct message." in str(said(slack))


async def test_where_direct_messages_fail_the_table_is_shown_instead(bot: SlackApp, slack: FakeSlack) -> None:
    slack.trouble("chat.postMessage", Trouble(answer={"ok": False, "error": "cannot_dm_bot"}))
    await bot.delivery.deliver(with_picture(audience=Audience.ASKER), origin(slack))
    (answer,) = said(slack)
    assert "rich_text" in kinds(answer)
    assert "I could not send you the chart" in str(answer["blocks"])


async def test_a_private_answer_is_never_announced(bot: SlackApp, slack: FakeSlack) -> None:
    for channel in ("C0000OUTS", "C9999NONE", "C0000ARCH"):
        await bot.delivery.deliver(with_picture(audience=Audience.ASKER), origin(slack, channel_id=channel))
        await bot.delivery.deliver(samples.private(), origin(slack, channel_id=channel))
    assert {s["response_type"] for s in said(slack)} == {"ephemeral"}
    assert {p.channel for p in slack.workspace.messages.values()} == {"D0000AAAA"}


async def test_a_refusal_is_for_the_asker(bot: SlackApp, slack: FakeSlack) -> None:
    await bot.delivery.deliver(REFUSAL, origin(slack))
    (answer,) = said(slack)
    assert (answer["response_type"], answer["replace_original"]) == ("ephemeral", True)
    assert answer["text"] == "I do not know foo.\nTry `/codex usage 30d`."


async def test_a_refused_response_url_falls_back_to_an_ephemeral_post(
    bot: SlackApp, slack: FakeSlack
) -> None:
    slack.trouble("response_url", Trouble(500, {"ok": False, "error": "internal"}))
    await bot.delivery.deliver(REFUSAL, origin(slack))
    (ephemeral,) = slack.workspace.ephemerals
    assert (ephemeral["channel"], ephemeral["user"]) == ("C0000AAAA", "U0000AAAA")


async def test_where_no_ephemeral_can_be_posted_a_direct_message_is_sent(
    bot: SlackApp, slack: FakeSlack
) -> None:
    await bot.delivery.deliver(
        REFUSAL, origin(slack, response_url=None, working=False, channel_id="C0000OUTS")
    )
    (posted,) = slack.workspace.messages.values()
    assert posted.channel == "D0000AAAA"


async def test_an_answer_nobody_can_get_is_logged_and_not_raised(bot: SlackApp, slack: FakeSlack) -> None:
    slack.workspace.revoked = True
    await bot.delivery.deliver(REFUSAL, origin(slack, response_url=None, working=False))
    assert slack.methods() == ["chat.postEphemeral", "chat.postMessage"]


async def test_a_response_url_older_than_half_an_hour_is_not_used(slack: FakeSlack, clock: Any) -> None:
    outbox = RecordingOutbox()
    whisper = Whisper(outbox, origin(slack), clock)
    clock.advance(minutes=30)
    await whisper.say(render(REFUSAL, Look(clock(), seal=str)))
    assert [entry["method"] for entry in outbox.entries] == ["chat.postEphemeral"]


async def test_a_response_url_is_used_five_times_at_most(slack: FakeSlack, clock: Any) -> None:
    outbox = RecordingOutbox()
    whisper = Whisper(outbox, origin(slack), clock)
    for _ in range(6):
        await whisper.say(render(REFUSAL, Look(clock(), seal=str)))
    assert [entry["method"] for entry in outbox.entries] == ["response_url"] * 5 + ["chat.postEphemeral"]
    replacing = [entry["args"].get("replace_original") for entry in outbox.entries]
    assert replacing == [True, False, False, False, False, None]


async def test_files_follow_the_message_into_its_thread(
    bot: SlackApp, slack: FakeSlack, tmp_path: Path
) -> None:
    await bot.delivery.deliver(samples.reply(files=(written(tmp_path),)), origin(slack))
    (completed,) = slack.args_of("files.completeUploadExternal")
    assert (completed["channel_id"], completed["thread_ts"]) == ("C0000AAAA", "1000000000.000001")


async def test_a_private_file_goes_to_the_direct_message(
    bot: SlackApp, slack: FakeSlack, tmp_path: Path
) -> None:
    await bot.delivery.deliver(samples.private(files=(written(tmp_path),)), origin(slack))
    assert slack.workspace.files["F0PULSE001"].shared_in == ["D0000AAAA"]


async def test_a_file_that_is_gone_is_said_and_the_others_are_sent(
    bot: SlackApp, slack: FakeSlack, tmp_path: Path
) -> None:
    gone = File("b.csv", "text/csv", tmp_path / "b.csv", "0" * 64)
    await bot.delivery.deliver(samples.private(files=(gone, written(tmp_path))), origin(slack))
    assert [f.name for f in slack.workspace.files.values()] == ["a.csv"]
    assert "One file could not be sent" in said(slack)[-1]["text"]


def written(folder: Path) -> File:
    path = folder / "a.csv"
    path.write_bytes(b"day,credits\n")
    return File("a.csv", "text/csv", path, hashlib.sha256(b"day,credits\n").hexdigest())
