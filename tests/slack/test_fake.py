"""The loopback Slack refuses what Slack refuses: each refusal is met here through the official client."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.conftest import Clock
from tests.slack.fake import RATE_LIMITED, FakeSlack
from tests.slack.workspace import APP_TOKEN, BOT_TOKEN

SECTION = {"type": "section", "text": {"type": "plain_text", "text": "x"}}
HOME = {"type": "home", "blocks": [SECTION]}
PNG = b"\x89PNG"


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def client(slack: FakeSlack, session: aiohttp.ClientSession) -> AsyncWebClient:
    return AsyncWebClient(BOT_TOKEN, base_url=slack.api_base_url, session=session, retry_handlers=[])


async def refusal(client: AsyncWebClient, method: str, **args: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        await client.api_call(method, json=args)
    return str(refused.value.response["error"])


def image(file_id: str = "F0PULSE001") -> dict[str, Any]:
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": "a"}


async def uploaded(client: AsyncWebClient, session: aiohttp.ClientSession, **share: str) -> str:
    announced = await client.files_getUploadURLExternal(filename="a.png", length=len(PNG))
    async with session.put(announced["upload_url"], data=PNG) as response:
        assert response.status == 200
    await client.files_completeUploadExternal(files=[{"id": announced["file_id"], "title": "a"}], **share)
    return str(announced["file_id"])


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("C0000OUTS", "not_in_channel"),
        ("C9999NONE", "channel_not_found"),
        ("C0000ARCH", "is_archived"),
        ("U9999NONE", "user_not_found"),
    ],
)
async def test_a_post_needs_a_conversation_the_bot_is_in(
    client: AsyncWebClient, channel: str, error: str
) -> None:
    assert await refusal(client, "chat.postMessage", channel=channel, text="t") == error


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"channel": "C0000AAAA"}, "no_text"),
        ({"channel": "C0000AAAA", "text": "t", "blocks": [SECTION] * 51}, "invalid_blocks"),
        ({"channel": "C0000AAAA", "text": "t", "blocks": [{**SECTION, "colour": "red"}]}, "invalid_blocks"),
        ({"channel": "C0000AAAA", "text": "t", "blocks": [image()]}, "invalid_blocks"),
        ({"channel": "C0000AAAA", "text": "t", "thread_ts": "1.1"}, "thread_not_found"),
    ],
)
async def test_a_post_needs_good_content(client: AsyncWebClient, args: dict[str, Any], error: str) -> None:
    assert await refusal(client, "chat.postMessage", **args) == error


async def test_tokens_are_checked(slack: FakeSlack, client: AsyncWebClient) -> None:
    assert await refusal(client, "apps.connections.open") == "invalid_auth"
    client.token = APP_TOKEN
    assert await refusal(client, "auth.test") == "invalid_auth"
    client.token = ""
    assert await refusal(client, "auth.test") == "not_authed"
    slack.workspace.revoked = True
    client.token = BOT_TOKEN
    assert await refusal(client, "auth.test") == "token_revoked"


async def test_a_file_is_not_ready_right_after_its_upload(
    slack: FakeSlack, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    slack.workspace.unready_posts = 2
    args = {"channel": "C0000AAAA", "text": "t", "blocks": [image(await uploaded(client, session))]}
    assert [await refusal(client, "chat.postMessage", **args) for _ in range(2)] == ["invalid_blocks"] * 2
    assert (await client.api_call("chat.postMessage", json=args))["ok"]


async def test_no_file_in_an_ephemeral_message(
    slack: FakeSlack, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    blocks = [image(await uploaded(client, session))]
    args = {"channel": "C0000AAAA", "user": "U0000AAAA", "text": "t", "blocks": blocks}
    assert await refusal(client, "chat.postEphemeral", **args) == "invalid_blocks"
    url = slack.workspace.issue_response_url()
    async with session.post(url, json={"text": "t", "blocks": blocks}) as response:
        assert (response.status, await response.text()) == (500, "invalid_blocks")


async def test_an_ephemeral_needs_a_person_who_is_there(client: AsyncWebClient) -> None:
    args = {"channel": "C0000AAAA", "user": "U9999NONE", "text": "t"}
    assert await refusal(client, "chat.postEphemeral", **args) == "user_not_in_channel"


async def test_a_response_url_is_good_for_five_uses(slack: FakeSlack, session: aiohttp.ClientSession) -> None:
    url = slack.workspace.issue_response_url()
    answers = []
    for _ in range(6):
        async with session.post(url, json={"text": "t"}) as response:
            answers.append((response.status, await response.text()))
    assert answers == [(200, "ok")] * 5 + [(404, "used_url")]


async def test_a_response_url_is_good_for_half_an_hour(
    slack: FakeSlack, session: aiohttp.ClientSession, clock: Clock
) -> None:
    url = slack.workspace.issue_response_url()
    clock.advance(minutes=30, seconds=1)
    async with session.post(url, json={"text": "t"}) as response:
        assert (response.status, await response.text()) == (404, "expired_url")


async def test_an_invented_response_url_is_not_there(
    slack: FakeSlack, session: aiohttp.ClientSession
) -> None:
    async with session.post(f"{slack.workspace.url}/response/99", json={"text": "t"}) as response:
        assert response.status == 404


async def test_too_many_calls_are_told_when_to_come_back(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.trouble("chat.postMessage", RATE_LIMITED)
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel="C0000AAAA", text="t")
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "7"


async def test_uploads_are_announced_sent_whole_and_completed_once(
    slack: FakeSlack, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    assert await refusal(client, "files.getUploadURLExternal", filename="a") == "invalid_form_data"
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await client.api_call("files.getUploadURLExternal", params={"filename": "a"})
    announced = await client.files_getUploadURLExternal(filename="a.png", length=99)
    async with session.post(announced["upload_url"], data=PNG) as response:
        assert response.status == 400
    files = [{"id": announced["file_id"]}]
    assert await refusal(client, "files.completeUploadExternal", files=files) == "file_not_found"
    assert await refusal(client, "files.completeUploadExternal", files=[]) == "invalid_arguments"
    done = await uploaded(client, session, channel_id="C0000AAAA")
    assert slack.workspace.files[done].shared_in == ["C0000AAAA"]
    assert await refusal(client, "files.completeUploadExternal", files=[{"id": done}]) == "file_not_found"


async def test_only_messages_that_stand_can_be_changed(client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="C0000AAAA", text="t")
    where = {"channel": "C0000AAAA", "ts": posted["ts"]}
    await client.chat_update(**where, text="u")
    await client.chat_delete(**where)
    assert await refusal(client, "chat.update", **where, text="v") == "cant_update_message"
    assert await refusal(client, "chat.delete", **where) == "message_not_found"
    with pytest.raises(SlackApiError, match="message_not_found"):
        await client.chat_getPermalink(channel="C0000AAAA", message_ts="1.1")


async def test_a_view_needs_a_fresh_trigger_and_good_blocks(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.workspace.triggers["t-1"] = False
    modal = {"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": [SECTION]}
    assert await refusal(client, "views.open", trigger_id="t-0", view=modal) == "invalid_trigger_id"
    await client.views_open(trigger_id="t-1", view=modal)
    assert await refusal(client, "views.open", trigger_id="t-1", view=modal) == "exchanged_trigger_id"
    assert await refusal(client, "views.update", view=modal) == "not_found"
    await client.views_update(view_id="V00000001", view=modal)
    assert await refusal(client, "views.publish", user_id="U9999NONE", view=HOME) == "invalid_arguments"
    assert await refusal(client, "views.publish", user_id="U0000AAAA", view={}) == "invalid_arguments"
    await client.views_publish(user_id="U0000AAAA", view=HOME)
    assert [view["type"] for view in slack.workspace.views] == ["modal", "modal", "home"]


async def test_people_groups_and_conversations_are_looked_up(client: AsyncWebClient) -> None:
    assert (await client.conversations_open(users="U0000AAAA"))["channel"]["id"] == "D0000AAAA"
    assert not (await client.conversations_info(channel="C0000AAAA"))["channel"]["is_ext_shared"]
    assert (await client.usergroups_users_list(usergroup="S0000AAAA"))["users"] == ["U0000AAAA"]
    assert (await client.team_info())["team"]["id"] == "T0000AAAA"
    for method, args in (("users.info", {"user": "U9"}), ("usergroups.users.list", {"usergroup": "S9"})):
        with pytest.raises(SlackApiError, match=r"user_not_found|no_such_subteam"):
            await client.api_call(method, params=args)
    assert await refusal(client, "conversations.list") == "unknown_method"
