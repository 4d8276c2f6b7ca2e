from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.kit.recent import RecentlySeen
from bot.model.chat import Answer, PlaceKind, Request
from bot.model.errors import Unreachable
from bot.slack.app import EVENTS_PATH, Parts, SlackApp, build_app, identify
from bot.slack.ports import SlackConfig
from bot.slack.render import ACTION_PREFIX
from tests.slack import samples, signed
from tests.slack.conftest import SEALER, Answering, Clock, PhoneBook, Sleeps
from tests.slack.fake import FakeSlack
from tests.slack.signed import Signed


async def dispatched(bot: SlackApp, request: Signed) -> BoltResponse:
    """What Bolt answers to a signed request, once the work behind it is done."""
    response = await bot.bolt.async_dispatch(
        AsyncBoltRequest(body=request.body, headers=dict(request.headers))
    )
    await bot.tasks.drain()
    return response


@pytest.fixture
async def web_url(bot: SlackApp) -> AsyncIterator[str]:
    app = web.Application()
    app.add_routes(bot.routes())
    async with TestServer(app) as server:
        yield str(server.make_url(EVENTS_PATH))


async def sent(url: str, request: Signed) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=request.body.encode(), headers=request.headers) as response,
    ):
        return response.status, await response.text()


@pytest.fixture
def stamp(clock: Clock) -> float:
    return clock().timestamp()


def spoilt(request: Signed) -> dict[str, Signed]:
    when = int(request.headers["X-Slack-Request-Timestamp"])
    return {
        "forged": request.forged(),
        "unsigned": request.with_header("X-Slack-Signature", None),
        "signature no ascii": request.with_header("X-Slack-Signature", "v0=é"),
        "no timestamp": request.with_header("X-Slack-Request-Timestamp", None),
        "words for a timestamp": request.with_header("X-Slack-Request-Timestamp", "yesterday"),
        "digits that are none": request.with_header("X-Slack-Request-Timestamp", "²"),
        "endless timestamp": request.with_header("X-Slack-Request-Timestamp", "9" * 5000),
        "other body": request.with_body(request.body + "&text=rank"),
        "other secret": signed.sign(request.body, "application/x-www-form-urlencoded", when, "other"),
        "stale": signed.command(when - 301),
        "from the future": signed.command(when + 301),
    }


async def test_a_command_is_acknowledged_answered_and_posted(
    bot: SlackApp, slack: FakeSlack, answering: Answering, web_url: str, stamp: float
) -> None:
    url = slack.workspace.issue_response_url()
    status, body = await sent(web_url, signed.command(stamp, "usage 30d by model", response_url=url))
    assert status == 200
    assert json.loads(body) == {"response_type": "ephemeral", "text": "Working on it…"}
    await bot.tasks.drain()
    (request,) = answering.requests
    assert (request.text, request.asker.id, request.place.id) == (
        "usage 30d by model",
        "U0000AAAA",
        "C0000AAAA",
    )
    assert request.now == samples.NOW
    assert slack.methods() == ["chat.postMessage", "response_url"]


async def test_the_acknowledgement_does_not_wait_for_the_work(
    config: SlackConfig, clock: Clock, sleeps: Sleeps, stamp: float, slack: FakeSlack
) -> None:
    finish = asyncio.Event()
    finished = asyncio.Event()

    async def slow(_request: Request) -> Answer:
        await finish.wait()
        finished.set()
        return samples.reply()

    bot = build_app(config, Parts(slow, PhoneBook(), RecentlySeen(), SEALER, clock, sleeps))
    request = signed.command(stamp)
    response = await bot.bolt.async_dispatch(
        AsyncBoltRequest(body=request.body, headers=dict(request.headers))
    )
    assert response.status == 200
    assert "Working on it" in response.body
    assert not finished.is_set()
    assert slack.calls == []
    finish.set()
    await bot.close()
    assert finished.is_set()
    assert "chat.postMessage" in slack.methods()


@pytest.mark.parametrize("how", sorted(spoilt(signed.command(0.0))))
async def test_a_request_not_from_slack_is_refused_over_http_and_leaves_no_trace_of_its_body(
    web_url: str, answering: Answering, stamp: float, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as events:
        status, body = await sent(web_url, spoilt(signed.command(stamp))[how])
    assert (status, body) == (401, '{"error": "invalid request"}')
    assert answering.requests == []
    assert [e["event"] for e in events] == ["slack_request_refused"]
    assert "usage" not in caplog.text + str(events)
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("how", sorted(spoilt(signed.command(0.0))))
async def test_a_request_not_from_slack_is_refused_by_bolt_itself(
    bot: SlackApp, answering: Answering, stamp: float, how: str
) -> None:
    assert (await dispatched(bot, spoilt(signed.command(stamp))[how])).status == 401
    assert answering.requests == []


async def test_bytes_that_are_no_text_are_refused_even_with_a_fresh_timestamp(
    web_url: str, stamp: float
) -> None:
    headers = signed.command(stamp).headers
    async with (
        aiohttp.ClientSession() as session,
        session.post(web_url, data=b"\xff\xfe", headers=headers) as response,
    ):
        assert response.status == 401


async def test_signed_nonsense_is_a_bad_request(web_url: str, stamp: float) -> None:
    for body in ("{", "[]", '"x"', "null"):
        status, _ = await sent(web_url, signed.sign(body, "application/json", stamp))
        assert status == 400


ACTION = {"type": "button", "action_id": f"{ACTION_PREFIX}0.x", "value": "v"}
MALFORMED: tuple[dict[str, Any], ...] = (
    {"type": "event_callback", "event": "app_mention"},
    {"type": "event_callback", "event": {}},
    {"type": "event_callback", "event": {"type": "app_mention"}, "authorizations": {"a": 1}},
    {"type": "block_actions", "actions": []},
    {"type": "block_actions", "actions": None},
    {"type": "block_actions", "actions": ["x"]},
    {"type": "block_actions", "actions": [{**ACTION, "action_id": 5}]},
    {"type": "view_submission", "view": {"callback_id": "pulse.ask"}},
    {"type": "view_submission", "view": "x"},
)


@pytest.mark.parametrize("payload", MALFORMED, ids=str)
async def test_a_payload_without_its_parts_is_a_bad_request_and_no_fault_of_ours(
    web_url: str, answering: Answering, stamp: float, payload: dict[str, Any]
) -> None:
    with structlog.testing.capture_logs() as events:
        status, body = await sent(web_url, signed.form({"payload": json.dumps(payload)}, stamp))
        again, _ = await sent(web_url, signed.sign(json.dumps(payload), "application/json", stamp))
    assert (status, again, body) == (400, 400, "")
    assert {e["event"] for e in events} == {"slack_payload_unreadable"}
    assert answering.requests == []


@pytest.mark.parametrize(
    "changes",
    [{"container": "x", "message": "y", "channel": "C"}, {"actions": [{**ACTION, "selected_option": "x"}]}],
    ids=str,
)
async def test_a_click_with_odd_parts_is_acknowledged_and_ignored(
    bot: SlackApp, answering: Answering, stamp: float, changes: dict[str, Any]
) -> None:
    assert (await dispatched(bot, signed.click(stamp, ACTION, **changes))).status == 200
    assert answering.requests == []


async def test_slacks_check_of_the_certificate_is_answered_without_a_signature(
    web_url: str, answering: Answering
) -> None:
    check = signed.Signed("ssl_check=1&token=t", {"Content-Type": "application/x-www-form-urlencoded"})
    assert await sent(web_url, check) == (200, "")
    assert answering.requests == []


async def test_without_a_signing_secret_nothing_is_accepted_over_http(
    config: SlackConfig, answering: Answering, clock: Clock, stamp: float
) -> None:
    bot = build_app(
        replace(config, signing_secret=""), Parts(answering, PhoneBook(), RecentlySeen(), SEALER, clock)
    )
    assert (await dispatched(bot, signed.command(stamp))).status == 401
    await bot.close()


async def test_a_replayed_command_is_answered_once(
    bot: SlackApp, answering: Answering, web_url: str, stamp: float
) -> None:
    request = signed.command(stamp)
    assert [(await sent(web_url, request))[0] for _ in range(3)] == [200, 200, 200]
    await bot.tasks.drain()
    assert len(answering.requests) == 1


async def test_the_same_words_asked_again_are_answered_again(
    bot: SlackApp, answering: Answering, stamp: float
) -> None:
    await dispatched(bot, signed.command(stamp, trigger_id="1.1.a"))
    await dispatched(bot, signed.command(stamp, trigger_id="1.1.b"))
    assert len(answering.requests) == 2


async def test_commands_without_an_id_are_not_taken_for_one_another(
    bot: SlackApp, answering: Answering, stamp: float
) -> None:
    for _ in range(2):
        await dispatched(bot, signed.command(stamp, trigger_id=""))
    assert len(answering.requests) == 2


async def test_a_click_runs_its_command_as_the_person_who_clicked(
    bot: SlackApp, slack: FakeSlack, answering: Answering, phone_book: PhoneBook, stamp: float
) -> None:
    await dispatched(bot, signed.command(stamp, response_url=slack.workspace.issue_response_url()))
    menu, button = slack.args_of("chat.postMessage")[0]["blocks"][-1]["elements"]
    slack.workspace.people["U0000BOBB"] = {}
    user = {"id": "U0000BOBB", "team_id": "T0000AAAA"}
    action = {"action_id": button["action_id"], "value": button["value"]}
    response = await dispatched(bot, signed.click(stamp, action, user=user))
    assert (response.status, response.body) == (200, "")
    chosen = {"type": "static_select", "action_id": menu["action_id"], "selected_option": menu["options"][1]}
    await dispatched(bot, signed.click(stamp, chosen, user=user))
    asked = [(r.text, r.asker.id) for r in answering.requests]
    assert asked[1:] == [("explain R-7K3M9QXD", "U0000BOBB")]
    await dispatched(bot, signed.click(stamp, {**chosen, "action_ts": "1000000001.000002"}, user=user))
    assert answering.requests[-1].text == "usage 90d"
    assert phone_book.asked[-1] == ("U0000BOBB", "T0000AAAA", None)
    assert slack.args_of("chat.postMessage")[-1]["thread_ts"] == "1000000000.000001"


async def test_a_forged_or_emptied_control_does_nothing(
    bot: SlackApp, answering: Answering, stamp: float
) -> None:
    sealed = SEALER.seal("usage 30d")
    for value in ("usage 30d", "", sealed[:-4], sealed[:-1] + ("A" if sealed[-1] != "A" else "B"), "é", "A"):
        action = {"action_id": f"{ACTION_PREFIX}0.x", "value": value}
        assert (await dispatched(bot, signed.click(stamp, action))).status == 200
    assert answering.requests == []


async def test_a_click_on_a_message_never_replaces_that_message(
    bot: SlackApp, slack: FakeSlack, answering: Answering, stamp: float
) -> None:
    answering.answer = samples.private()
    url = slack.workspace.issue_response_url()
    action = {"action_id": f"{ACTION_PREFIX}0.x", "value": SEALER.seal("me")}
    await dispatched(bot, signed.click(stamp, action, response_url=url))
    (answer,) = slack.args_of("response_url")
    assert answer["replace_original"] is False


async def test_a_mention_in_a_thread_is_answered_there_once(
    bot: SlackApp, slack: FakeSlack, answering: Answering, stamp: float
) -> None:
    question = signed.mention("usage &lt;7d", thread_ts="1000000000.000001")
    slack.workspace.answer("chat.postMessage", {"channel": "C0000AAAA", "text": "parent"}, "xoxb-0-fake")
    for _ in range(4):
        assert (await dispatched(bot, signed.event(stamp, question))).status == 200
    assert [r.text for r in answering.requests] == ["usage <7d"]
    assert slack.args_of("chat.postMessage")[-1]["thread_ts"] == "1000000000.000001"


async def test_a_private_answer_to_a_mention_is_an_ephemeral_in_the_thread(
    bot: SlackApp, slack: FakeSlack, answering: Answering, stamp: float
) -> None:
    answering.answer = samples.private()
    question = signed.mention("me", thread_ts="1000000000.000001")
    slack.workspace.answer("chat.postMessage", {"channel": "C0000AAAA", "text": "parent"}, "xoxb-0-fake")
    await dispatched(bot, signed.event(stamp, question))
    (ephemeral,) = slack.workspace.ephemerals
    assert ephemeral["thread_ts"] == "1000000000.000001"


async def test_a_private_answer_outside_of_a_thread_does_not_open_one_that_slack_would_not_show(
    bot: SlackApp, slack: FakeSlack, answering: Answering, stamp: float
) -> None:
    answering.answer = samples.private()
    await dispatched(bot, signed.event(stamp, signed.mention("me")))
    (ephemeral,) = slack.workspace.ephemerals
    assert "thread_ts" not in ephemeral
    assert slack.workspace.messages == {}


@pytest.mark.parametrize("changes", [{"user": "U0000BOTT"}, {"bot_id": "B0000OTHR"}, {"user": ""}])
async def test_the_bot_does_not_talk_to_bots(
    bot: SlackApp, answering: Answering, stamp: float, changes: dict[str, str]
) -> None:
    await dispatched(bot, signed.event(stamp, signed.mention("usage", **changes)))
    assert answering.requests == []


async def test_a_place_shared_with_another_company_is_known_as_such(
    bot: SlackApp, answering: Answering, stamp: float
) -> None:
    payload = {**signed.event_payload(signed.mention("usage")), "is_ext_shared_channel": True}
    await dispatched(bot, signed.sign(json.dumps(payload), "application/json", stamp))
    assert answering.requests[0].place.kind is PlaceKind.SHARED


async def test_slacks_url_check_is_answered(web_url: str, stamp: float) -> None:
    body = '{"type": "url_verification", "challenge": "c-1"}'
    status, text = await sent(web_url, signed.sign(body, "application/json", stamp))
    assert (status, "c-1" in text) == (200, True)


async def test_what_nobody_listens_to_is_404_and_not_written_down(
    web_url: str, stamp: float, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as events:
        status, _ = await sent(web_url, signed.command(stamp, "secret words", command="/other"))
        second, _ = await sent(web_url, signed.event(stamp, {"type": "reaction_added", "user": "U0000AAAA"}))
    assert (status, second) == (404, 404)
    assert [e["event"] for e in events] == ["slack_request_unknown"] * 2
    assert "secret words" not in caplog.text + str(events)


async def test_no_log_line_tells_what_was_typed_or_by_whom(
    bot: SlackApp, slack: FakeSlack, stamp: float, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="codex_pulse")
    url = slack.workspace.issue_response_url()
    with structlog.testing.capture_logs() as events:
        await dispatched(bot, signed.command(stamp, "user ada@example.com", response_url=url))
    assert [e["event"] for e in events] == ["slack_answered"]
    written = caplog.text + str(events)
    assert not [word for word in ("ada@", "U0000AAAA", "xoxb", "Credits") if word in written]


async def test_a_person_who_cannot_be_looked_up_gets_a_polite_refusal(
    config: SlackConfig, answering: Answering, clock: Clock, slack: FakeSlack, stamp: float
) -> None:
    class Down(PhoneBook):
        async def asker(self, chat_user_id: str, team_id: str, enterprise_id: str | None) -> Any:
            await super().asker(chat_user_id, team_id, enterprise_id)
            raise Unreachable

    bot = build_app(config, Parts(answering, Down(), RecentlySeen(), SEALER, clock))
    await dispatched(bot, signed.command(stamp, response_url=slack.workspace.issue_response_url()))
    await bot.close()
    assert slack.args_of("response_url")[0]["text"].startswith("I could not look you up in Slack.")
    assert answering.requests == []


async def test_a_payload_without_person_or_place_is_acknowledged_and_ignored(
    bot: SlackApp, answering: Answering, stamp: float
) -> None:
    assert (await dispatched(bot, signed.command(stamp, user_id=""))).status == 200
    assert answering.requests == []


async def test_work_that_does_not_end_is_cancelled_at_closing(
    config: SlackConfig, clock: Clock, stamp: float
) -> None:
    async def never(_request: Request) -> Answer:
        await asyncio.Event().wait()
        raise AssertionError

    bot = build_app(config, Parts(never, PhoneBook(), RecentlySeen(), SEALER, clock))
    request = signed.command(stamp)
    await bot.bolt.async_dispatch(AsyncBoltRequest(body=request.body, headers=dict(request.headers)))
    with structlog.testing.capture_logs() as events:
        await bot.close(grace_seconds=0)
    assert {"event": "work_cancelled", "platform": "slack", "count": 1, "log_level": "warning"} in events


async def test_a_bug_in_a_task_is_logged_with_its_traceback(
    config: SlackConfig, clock: Clock, stamp: float
) -> None:
    async def broken(_request: Request) -> Answer:
        message = "bug"
        raise RuntimeError(message)

    bot = build_app(config, Parts(broken, PhoneBook(), RecentlySeen(), SEALER, clock))
    with structlog.testing.capture_logs() as events:
        await dispatched(bot, signed.command(stamp))
        await asyncio.sleep(0)
    await bot.close()
    (failed,) = [e for e in events if e["event"] == "task_failed"]
    assert isinstance(failed["exc_info"], RuntimeError)


async def test_socket_mode_carries_commands_clicks_and_mentions(
    bot: SlackApp, slack: FakeSlack, answering: Answering
) -> None:
    handler = await bot.connect()
    await slack.connected.wait()
    acked = await slack.push("slash_commands", signed.command_payload("usage 7d"))
    assert acked["payload"] == {"text": "Working on it…", "response_type": "ephemeral"}
    action = {"action_id": f"{ACTION_PREFIX}0.x", "value": SEALER.seal("usage 90d")}
    acked = await slack.push("interactive", signed.click_payload(action), "e-2")
    assert "payload" not in acked
    await slack.push("events_api", signed.event_payload(signed.mention("help")), "e-3")
    await bot.tasks.drain()
    assert [r.text for r in answering.requests] == ["usage 7d", "usage 90d", "help"]
    await handler.close_async()


async def test_a_socket_told_to_reconnect_does(bot: SlackApp, slack: FakeSlack, answering: Answering) -> None:
    handler = await bot.connect()
    await slack.connected.wait()
    await slack.refresh_socket()
    await slack.connected.wait()
    assert slack.methods().count("apps.connections.open") == 2
    await slack.push("slash_commands", signed.command_payload("usage 7d"))
    await bot.tasks.drain()
    assert len(answering.requests) == 1
    await handler.close_async()


async def test_the_bot_learns_who_it_is(bot: SlackApp) -> None:
    identity = await identify(bot.outbox)
    assert (identity.team_id, identity.bot_user_id) == ("T0000AAAA", "U0000BOTT")
