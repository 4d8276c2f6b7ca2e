from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.model.chat import PlaceKind, Refusal, RefusalCode, Request
from bot.teams.app import Parts
from bot.teams.ports import KnownConversations
from bot.teams.render import ACTION_PREFIX
from tests.slack import samples
from tests.teams import cardcheck as card
from tests.teams import fake
from tests.teams.conftest import Answering, PhoneBook, Running
from tests.teams.fake import FakeTeams


def asked(answering: Answering) -> list[tuple[str, str, PlaceKind]]:
    return [(request.text, request.place.id, request.place.kind) for request in answering.requests]


async def test_any_text_in_a_personal_chat_is_a_command(
    bot: Running, teams: FakeTeams, answering: Answering
) -> None:
    await bot.deliver(fake.activity(teams.url, text="usage 30d by model"))
    assert asked(answering) == [("usage 30d by model", fake.CHAT, PlaceKind.DM)]
    (sent,) = teams.posts
    assert sent.path == f"conversations/{fake.CHAT}/activities"
    assert sent.authorization == "Bearer bot-token"
    card.check(sent.body)


@pytest.mark.parametrize("conversation", [fake.CHANNEL, fake.GROUP])
async def test_a_mention_in_a_channel_or_group_chat_is_answered_there(
    conversation: str, bot: Running, teams: FakeTeams, answering: Answering
) -> None:
    await bot.deliver(fake.mention(teams.url, "usage 30d", conversation))
    assert asked(answering) == [("usage 30d", conversation, PlaceKind.CHANNEL)]
    (sent,) = teams.posts
    assert not sent.is_targeted
    first = card.content(card.check(sent.body))["body"][0]["text"]
    assert first == "asked by Ada Lovelace: /codex usage 30d"


async def test_an_answer_to_a_mention_goes_into_its_thread(bot: Running, teams: FakeTeams) -> None:
    await bot.deliver(fake.mention(teams.url, "usage 30d"))
    assert teams.posts[0].path == f"conversations/{fake.CHANNEL};messageid=1700000000000/activities"


async def test_a_private_answer_in_a_channel_is_seen_by_the_asker_alone(
    bot: Running, teams: FakeTeams, answering: Answering
) -> None:
    answering.answer = samples.private()
    await bot.deliver(fake.mention(teams.url, "me"))
    (sent,) = teams.posts
    assert sent.is_targeted
    assert sent.body["recipient"] == {"id": fake.ADA, "isTargeted": True}
    assert {b["data"]["private"] for b in card.buttons(card.content(sent.body))} == {True}


async def test_a_refusal_in_a_channel_is_private(
    bot: Running, teams: FakeTeams, answering: Answering
) -> None:
    answering.answer = Refusal(RefusalCode.NOT_ALLOWED, "Only analysts may see that.")
    await bot.deliver(fake.mention(teams.url, "people"))
    assert [sent.is_targeted for sent in teams.posts] == [True]


async def test_a_slash_command_is_answered_privately_even_with_an_aggregate(
    bot: Running, teams: FakeTeams, answering: Answering
) -> None:
    recipient = {"id": fake.BOT, "isTargeted": True}
    await bot.deliver(fake.activity(teams.url, fake.GROUP, text="/usage 30d", recipient=recipient))
    assert asked(answering) == [("usage 30d", fake.GROUP, PlaceKind.CHANNEL)]
    assert [sent.is_targeted for sent in teams.posts] == [True]


async def test_a_refused_targeted_message_goes_to_the_personal_chat(
    bot: Running, teams: FakeTeams, answering: Answering
) -> None:
    teams.refusing_targeted = True
    answering.answer = samples.private()
    await bot.deliver(fake.mention(teams.url, "me"))
    opened = next(call for call in teams.calls if call.path == "conversations")
    assert opened.body["members"] == [{"id": fake.ADA}]
    assert opened.body["tenantId"] == fake.TENANT_ID
    assert [sent.path for sent in teams.posts] == [f"conversations/{fake.CHAT}/activities"]


async def test_nothing_private_is_posted_in_the_channel_when_no_way_is_left(
    bot: Running, teams: FakeTeams, answering: Answering
) -> None:
    answering.answer = samples.private()
    teams.refusing_targeted = teams.refusing_chats = True
    with capture_logs() as events:
        await bot.deliver(fake.mention(teams.url, "me"))
    assert teams.posts == []
    assert "teams_answer_undelivered" in [event["event"] for event in events]


async def test_a_click_asks_again_as_the_person_who_clicked(
    bot: Running, teams: FakeTeams, answering: Answering, phone_book: PhoneBook
) -> None:
    teams.members["29:bob"] = {**teams.members[fake.ADA], "id": "29:bob", "aadObjectId": "bob-object"}
    sender = {"id": "29:bob", "name": "Bob"}
    body = fake.click(teams.url, {"command": "usage 7d"}, fake.GROUP, **{"from": sender})
    assert await bot.deliver(body) == (
        200,
        {
            "statusCode": 200,
            "type": "application/vnd.microsoft.activity.message",
            "value": "Working on it…",
        },
    )
    (request,) = answering.requests
    assert (request.text, request.asker.id) == ("usage 7d", "bob-object")
    assert phone_book.profiles[0].object_id == "bob-object"


async def test_a_click_in_a_private_answer_is_answered_privately(bot: Running, teams: FakeTeams) -> None:
    await bot.deliver(fake.click(teams.url, {"command": "usage 7d", "private": True}, fake.GROUP))
    assert [sent.is_targeted for sent in teams.posts] == [True]


async def test_a_submitted_button_works_like_an_executed_one(
    bot: Running, teams: FakeTeams, answering: Answering
) -> None:
    body = fake.activity(teams.url, value={"command": "explain R-7K3M9QXD"})
    del body["text"]
    assert await bot.deliver(body) == (200, None)
    assert asked(answering) == [("explain R-7K3M9QXD", fake.CHAT, PlaceKind.DM)]


async def test_every_button_of_an_answer_can_be_clicked(
    bot: Running, teams: FakeTeams, answering: Answering
) -> None:
    await bot.deliver(fake.activity(teams.url))
    for n, button in enumerate(card.buttons(card.content(teams.posts[0].body))):
        assert button["id"].startswith(ACTION_PREFIX)
        await bot.deliver(fake.click(teams.url, button["data"], id=f"click-{n}"))
    clicked = sorted(request.text for request in answering.requests[1:])
    assert clicked == ["explain R-7K3M9QXD", "usage 7d", "usage 90d"]


@pytest.mark.parametrize("data", [{}, {"command": 7}, "usage", None, [], {"command": "x" * 3_000}], ids=str)
async def test_a_click_that_is_not_ours_is_refused_in_the_form_the_client_waits_for(
    data: object, bot: Running, teams: FakeTeams, answering: Answering
) -> None:
    status, told = await bot.deliver(fake.click(teams.url, data))
    assert status == 200
    assert told["statusCode"] == 400
    assert told["type"] == "application/vnd.microsoft.error"
    assert answering.requests == []


async def test_a_submitted_value_that_is_not_ours_is_refused(
    bot: Running, teams: FakeTeams, answering: Answering
) -> None:
    assert await bot.deliver(fake.activity(teams.url, text="", value={"action": "buy"})) == (400, None)
    assert answering.requests == []


async def test_a_place_is_remembered_without_the_thread_of_the_question(
    bot: Running, teams: FakeTeams, known: KnownConversations
) -> None:
    await bot.deliver(fake.mention(teams.url, "usage"))
    address = await known.find(fake.CHANNEL)
    assert address is not None
    assert address.conversation_id == fake.CHANNEL


async def test_a_second_delivery_of_the_same_activity_is_dropped(
    bot: Running, teams: FakeTeams, answering: Answering
) -> None:
    for _ in range(3):
        assert (await bot.deliver(fake.activity(teams.url)))[0] == 200
    await bot.deliver(fake.activity(teams.url, id="another"))
    assert len(answering.requests) == 2
    assert len(teams.posts) == 2


async def test_the_request_is_answered_before_the_work_is_done(
    run: Callable[..., Awaitable[Running]], parts: Parts, teams: FakeTeams, answering: Answering
) -> None:
    release = asyncio.Event()
    given = answering.answer

    class Slow:
        async def __call__(self, request: Request) -> Any:
            answering.requests.append(request)
            await release.wait()
            return given

    object.__setattr__(parts, "answerer", Slow())
    bot = await run()
    body, token = fake.activity(teams.url), fake.token(teams.url)
    async with bot.session.post(
        f"{bot.url}/api/messages", json=body, headers={"Authorization": f"Bearer {token}"}
    ) as response:
        assert response.status == 200
    assert teams.posts == []
    release.set()
    await bot.app.tasks.drain(5)
    assert len(teams.posts) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"userRole": "guest"},
        {"tenantId": "99999999-0000-4000-8000-000000000000"},
        {"aadObjectId": None},
        {"userRole": "anonymous"},
    ],
    ids=str,
)
async def test_guests_and_strangers_are_nobody(
    change: dict[str, Any], bot: Running, teams: FakeTeams, answering: Answering
) -> None:
    teams.members[fake.ADA].update(change)
    await bot.deliver(fake.activity(teams.url))
    assert [request.asker.levels for request in answering.requests] == [frozenset()]


async def test_a_message_of_another_tenant_comes_from_a_stranger(
    bot: Running, teams: FakeTeams, answering: Answering
) -> None:
    del teams.members[fake.ADA]["tenantId"]
    elsewhere = {"tenant": {"id": "99999999-0000-4000-8000-000000000000"}}
    await bot.deliver(fake.activity(teams.url, channelData=elsewhere))
    assert answering.requests[0].asker.levels == frozenset()


async def test_a_member_is_known_by_object_id_and_e_mail(
    bot: Running, teams: FakeTeams, answering: Answering
) -> None:
    await bot.deliver(fake.activity(teams.url))
    asker = answering.requests[0].asker
    assert (asker.id, asker.email) == (fake.ADA_OBJECT_ID, "ada@example.com")


async def test_somebody_who_cannot_be_looked_up_is_told(
    bot: Running, teams: FakeTeams, answering: Answering
) -> None:
    teams.members.clear()
    await bot.deliver(fake.activity(teams.url))
    assert answering.requests == []
    assert teams.posts[0].body["summary"] == "I could not look you up in Teams."


async def test_a_shared_channel_is_told_apart(bot: Running, teams: FakeTeams, answering: Answering) -> None:
    shared = {"tenant": {"id": fake.TENANT_ID}, "channel": {"id": fake.CHANNEL, "type": "shared"}}
    await bot.deliver(fake.mention(teams.url, "usage", channelData=shared))
    assert asked(answering)[0][2] is PlaceKind.SHARED


async def test_the_place_of_an_installed_app_is_remembered_and_forgotten(
    bot: Running, teams: FakeTeams, known: KnownConversations
) -> None:
    await bot.deliver(fake.activity(teams.url, fake.CHANNEL, type="installationUpdate", action="add"))
    address = await known.find(fake.CHANNEL)
    assert address is not None
    assert (address.service_url, address.tenant_id) == (teams.url, fake.TENANT_ID)
    await bot.deliver(fake.activity(teams.url, fake.CHANNEL, type="installationUpdate", action="remove"))
    assert await known.find(fake.CHANNEL) is None


async def test_the_bots_own_coming_and_going_is_noticed(
    bot: Running, teams: FakeTeams, known: KnownConversations
) -> None:
    added = {"type": "conversationUpdate", "membersAdded": [{"id": fake.BOT}]}
    await bot.deliver(fake.activity(teams.url, fake.GROUP, **added))
    assert await known.find(fake.GROUP) is not None
    removed = {"type": "conversationUpdate", "membersRemoved": [{"id": fake.BOT}]}
    await bot.deliver(fake.activity(teams.url, fake.GROUP, **removed))
    assert await known.find(fake.GROUP) is None


async def test_other_members_coming_and_going_changes_nothing(
    bot: Running, teams: FakeTeams, known: KnownConversations
) -> None:
    await bot.deliver(fake.activity(teams.url, fake.GROUP, type="installationUpdate", action="add"))
    removed = {"type": "conversationUpdate", "membersRemoved": [{"id": fake.ADA}]}
    await bot.deliver(fake.activity(teams.url, fake.GROUP, **removed))
    assert await known.find(fake.GROUP) is not None


async def test_a_post_that_nobody_asked_for_goes_to_the_remembered_place(
    bot: Running, teams: FakeTeams, known: KnownConversations
) -> None:
    await bot.deliver(fake.activity(teams.url, fake.CHANNEL, type="installationUpdate", action="add"))
    address = await known.find(fake.CHANNEL)
    assert address is not None
    posted = await bot.app.delivery.post(samples.reply(), address)
    assert posted.activity_id == "m1"
    await bot.app.delivery.update(posted, samples.reply(text="Credits rose after all."))
    changed = teams.calls[-1]
    assert (changed.method, changed.path) == ("PUT", f"conversations/{fake.CHANNEL}/activities/m1")
    assert changed.body["summary"] == "Credits rose after all."


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b'"x"', 400),
        (b"[" * 100_000, 400),
        (b"\xff\xfe", 400),
        (b'{"type": 1}', 400),
        (b'{"a": "' + b"x" * 300_000 + b'"}', 413),
    ],
)
async def test_what_is_no_activity_is_refused_silently(
    raw: bytes, status: int, bot: Running, teams: FakeTeams
) -> None:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {fake.token(teams.url)}"}
    async with bot.session.post(f"{bot.url}/api/messages", data=raw, headers=headers) as response:
        assert response.status == status
        assert await response.read() == b""


@pytest.mark.parametrize("name", ["from", "conversation", "id", "type"])
async def test_an_activity_without_the_necessary_is_refused(
    name: str, bot: Running, teams: FakeTeams, answering: Answering
) -> None:
    body = fake.activity(teams.url)
    del body[name]
    assert await bot.deliver(body) == (400, None)
    assert answering.requests == []


@pytest.mark.parametrize("name", ["from", "conversation"])
async def test_an_id_that_no_address_can_carry_is_refused(name: str, bot: Running, teams: FakeTeams) -> None:
    body = fake.activity(teams.url)
    assert await bot.deliver({**body, name: {**body[name], "id": "\ud800"}}) == (400, None)


@pytest.mark.parametrize("wrong", [None, 7, [], "x", {}], ids=str)
@pytest.mark.parametrize("name", ["from", "recipient", "channelData", "entities", "value", "text"])
async def test_fields_of_another_shape_never_fail(
    name: str, wrong: object, bot: Running, teams: FakeTeams
) -> None:
    with capture_logs() as events:
        status, _ = await bot.deliver({**fake.activity(teams.url), name: wrong})
    assert status in {200, 400}
    assert [event for event in events if event["log_level"] == "error"] == []


async def test_a_form_is_no_activity(bot: Running) -> None:
    async with bot.session.post(f"{bot.url}/api/messages", data={"type": "message"}) as response:
        assert response.status == 415


@pytest.mark.parametrize("kind", ["typing", "messageReaction", "messageUpdate", "event", "endOfConversation"])
async def test_other_activities_are_taken_and_need_no_answer(
    kind: str, bot: Running, teams: FakeTeams, answering: Answering
) -> None:
    assert await bot.deliver(fake.activity(teams.url, type=kind)) == (200, None)
    assert answering.requests == []
    assert teams.posts == []


async def test_an_unknown_invoke_is_told_so(bot: Running, teams: FakeTeams) -> None:
    assert await bot.deliver(fake.activity(teams.url, type="invoke", name="task/fetch")) == (501, None)


async def test_logs_hold_no_personal_data(
    bot: Running, teams: FakeTeams, caplog: pytest.LogCaptureFixture
) -> None:
    with capture_logs() as events:
        await bot.deliver(fake.mention(teams.url, "user ada@example.com secret-words"))
        await bot.deliver(fake.activity(teams.url), "a.secret.token")
        await bot.deliver(fake.click(teams.url, {"command": 1}))
    written = json.dumps(events, default=str) + caplog.text
    for private in ("Ada", "ada@", "secret", fake.ADA, fake.ADA_OBJECT_ID, "bot-token"):
        assert private not in written
