"""Scheduled posts against the fake Teams: what is sent, and what each refusal means."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from bot.model.chat import File, PlaceKind
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
from bot.teams.ports import Address, KnownConversations
from bot.teams.poster import TeamsPoster
from tests.slack import samples
from tests.teams import cardcheck as card
from tests.teams import fake
from tests.teams.conftest import Running
from tests.teams.fake import FakeTeams

THREAD = f"conversations/{fake.CHANNEL};messageid=m1/activities"


@pytest.fixture
def poster(bot: Running) -> TeamsPoster:
    return bot.app.poster


@pytest.fixture
def here(teams: FakeTeams) -> Destination:
    return Destination(Platform.TEAMS, fake.CHANNEL, address=teams.url)


def a_file(folder: Path) -> File:
    path = folder / "digest.csv"
    path.write_bytes(b"week\r\n")
    return File("digest.csv", "text/csv", path, hashlib.sha256(b"week\r\n").hexdigest())


async def test_the_message_comes_without_its_picture_which_an_edit_brings(
    poster: TeamsPoster, here: Destination, teams: FakeTeams
) -> None:
    reply = samples.reply(pictures=(samples.picture(),))
    message = await poster.post(here, reply)
    assert message == MessageRef(fake.CHANNEL, "m1")
    posted = card.content(card.check(teams.calls[0].body))
    assert card.elements(posted, "Image") == []
    await poster.add_picture(here, message, reply)
    edit = teams.calls[1]
    assert (edit.method, edit.path) == ("PUT", f"conversations/{fake.CHANNEL}/activities/m1")
    (picture,) = card.elements(card.content(card.check(edit.body)), "Image")
    assert picture["url"].startswith("data:image/png;base64,")


async def test_a_file_is_a_link_in_the_thread_of_its_message(
    poster: TeamsPoster, here: Destination, teams: FakeTeams, tmp_path: Path
) -> None:
    await poster.add_file(here, MessageRef(fake.CHANNEL, "m1"), a_file(tmp_path))
    (sent,) = teams.posts
    assert sent.path == THREAD
    (link,) = card.content(sent.body)["actions"]
    assert (link["type"], link["title"]) == ("Action.OpenUrl", "digest.csv")


async def test_a_file_for_a_chat_is_a_link_in_the_chat(
    poster: TeamsPoster, here: Destination, teams: FakeTeams, tmp_path: Path
) -> None:
    chat = replace(here, place_id=fake.CHAT, kind=PlaceKind.DM)
    await poster.add_file(chat, MessageRef(fake.CHAT, "m1"), a_file(tmp_path))
    assert [sent.path for sent in teams.posts] == [f"conversations/{fake.CHAT}/activities"]


async def test_a_file_that_is_gone_is_refused(
    poster: TeamsPoster, here: Destination, teams: FakeTeams, tmp_path: Path
) -> None:
    gone = replace(a_file(tmp_path), path=tmp_path / "nothing")
    with pytest.raises(Refused):
        await poster.add_file(here, MessageRef(fake.CHANNEL, "m1"), gone)
    assert teams.posts == []


async def test_a_place_is_reached_where_it_was_last_seen(
    poster: TeamsPoster, here: Destination, teams: FakeTeams, known: KnownConversations
) -> None:
    await known.remember(Address(fake.CHANNEL, teams.url))
    await poster.post(replace(here, address="http://127.0.0.1:1"), samples.reply())
    assert len(teams.posts) == 1


async def test_a_place_that_nobody_knows_is_one_the_bot_is_not_in(
    poster: TeamsPoster, here: Destination, teams: FakeTeams
) -> None:
    with pytest.raises(NotInChannel):
        await poster.post(replace(here, address=""), samples.reply())
    assert teams.calls == []


async def test_an_owner_is_told_in_a_personal_chat(
    poster: TeamsPoster, teams: FakeTeams, known: KnownConversations
) -> None:
    await known.remember(Address(fake.CHANNEL, teams.url, tenant_id=fake.TENANT_ID))
    await poster.tell_owner(fake.ADA_OBJECT_ID, "S-1 was not posted.")
    opened, told = teams.calls
    assert (opened.path, opened.body["members"]) == ("conversations", [{"id": fake.ADA_OBJECT_ID}])
    assert opened.body["tenantId"] == fake.TENANT_ID
    assert told.path == f"conversations/{fake.CHAT}/activities"
    assert card.content(card.check(told.body))["body"][0]["text"] == "S-1 was not posted."


async def test_nobody_is_told_before_anybody_has_written(poster: TeamsPoster, teams: FakeTeams) -> None:
    with pytest.raises(NotInChannel):
        await poster.tell_owner(fake.ADA_OBJECT_ID, "S-1 was not posted.")
    assert teams.calls == []


async def test_the_owner_of_a_post_is_looked_up_in_its_place(poster: TeamsPoster, here: Destination) -> None:
    profile = await poster.profile(here, fake.ADA_OBJECT_ID)
    assert profile is not None
    assert (profile.object_id, profile.email, profile.is_outsider) == (
        fake.ADA_OBJECT_ID,
        "ada@example.com",
        False,
    )
    assert await poster.profile(here, "somebody-who-left") is None


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (400, "BadSyntax", Refused),
        (401, "Unauthorized", TokenRevoked),
        (403, "BotNotInConversationRoster", NotInChannel),
        (404, "ConversationNotFound", ChannelGone),
        (404, "ActivityNotFoundInConversation", Refused),
        (413, "MessageSizeTooBig", Refused),
        (412, "PreconditionFailed", PosterUnavailable),
        (429, "TooManyRequests", PosterUnavailable),
        (500, "ServiceError", MaybeSent),
        (502, "BadGateway", MaybeSent),
        (504, "GatewayTimeout", MaybeSent),
    ],
)
async def test_every_refusal_has_a_meaning_and_a_post_is_tried_once(
    status: int,
    code: str,
    error: type[PosterError],
    poster: TeamsPoster,
    here: Destination,
    teams: FakeTeams,
) -> None:
    teams.failing.extend([(status, {"Retry-After": "9"}, code)] * 2)
    with pytest.raises(error) as raised:
        await poster.post(here, samples.reply())
    assert len(teams.failing) == 1
    assert status != 429 or getattr(raised.value, "retry_after_seconds", None) == 9


async def test_an_edit_that_may_be_done_can_be_done_again(
    poster: TeamsPoster, here: Destination, teams: FakeTeams
) -> None:
    teams.failing.append((500, {}, "ServiceError"))
    with pytest.raises(PosterUnavailable):
        await poster.add_picture(here, MessageRef(fake.CHANNEL, "m1"), samples.reply())


async def test_what_does_not_reach_teams_is_certainly_not_sent(
    poster: TeamsPoster, here: Destination
) -> None:
    with pytest.raises(PosterUnavailable):
        await poster.post(replace(here, address="http://127.0.0.1:1"), samples.reply())
    with pytest.raises(PosterUnavailable):
        await poster.profile(replace(here, address="http://127.0.0.1:1"), fake.ADA_OBJECT_ID)
