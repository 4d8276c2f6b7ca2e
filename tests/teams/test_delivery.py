from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from bot.model.chat import Audience, File, Picture, PlaceKind
from bot.teams.outbox import NotSentError, RefusedByTeamsError, UnconfirmedError
from bot.teams.ports import Address
from tests.slack import samples
from tests.teams import cardcheck as card
from tests.teams import fake
from tests.teams.conftest import Answering, Clock, Running, Time
from tests.teams.fake import FakeTeams

CONSENT = "application/vnd.microsoft.teams.card.file.consent"
Run = Callable[..., Awaitable[Running]]


@pytest.fixture
def csv(tmp_path: Path) -> File:
    path = tmp_path / "usage.csv"
    path.write_text("day,credits\n2026-10-20,1.5\n", encoding="utf-8")
    return File("usage.csv", "text/csv", path, "0" * 64)


def here(teams: FakeTeams, kind: PlaceKind = PlaceKind.CHANNEL) -> Address:
    return Address(fake.CHANNEL, teams.url, kind, fake.TENANT_ID)


async def test_a_picture_stands_inside_the_card(bot: Running, teams: FakeTeams, answering: Answering) -> None:
    answering.answer = samples.reply(pictures=(samples.picture(),))
    await bot.deliver(fake.activity(teams.url))
    (image,) = card.elements(card.content(card.check(teams.posts[0].body)), "Image")
    scheme, _, data = image["url"].partition(",")
    assert scheme == "data:image/png;base64"
    assert base64.b64decode(data) == samples.PNG


async def test_a_picture_is_linked_where_that_is_set(
    run: Run, teams: FakeTeams, answering: Answering
) -> None:
    bot = await run(link_pictures=True)
    answering.answer = samples.reply(pictures=(samples.picture(),))
    await bot.deliver(fake.activity(teams.url))
    (image,) = card.elements(card.content(card.check(teams.posts[0].body)), "Image")
    assert image["url"].startswith("https://pulse.example.com/teams/files/")
    async with bot.session.get(bot.url + urlsplit(image["url"]).path) as response:
        assert await response.read() == samples.PNG
        assert response.headers["Content-Type"] == "image/png"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("change", [{"width_px": 1_600}, {"png": bytes(1_000_001)}], ids=["wide", "heavy"])
async def test_a_picture_that_teams_would_not_show_leaves_the_table(
    change: dict[str, Any], bot: Running, teams: FakeTeams, answering: Answering
) -> None:
    picture = Picture(**{"png": samples.PNG, "alt": "x", "width_px": 900, "height_px": 500, **change})
    answering.answer = samples.reply(pictures=(picture,))
    await bot.deliver(fake.activity(teams.url))
    content = card.content(card.check(teams.posts[0].body))
    assert card.elements(content, "Image") == []
    assert len(card.elements(content, "Table")) == 1


async def test_a_message_that_is_too_large_after_all_goes_without_its_picture(
    bot: Running, teams: FakeTeams
) -> None:
    teams.failing.append((413, {}, "MessageSizeTooBig"))
    await bot.app.delivery.post(samples.reply(pictures=(samples.picture(),)), here(teams))
    assert card.elements(card.content(teams.posts[0].body), "Image") == []


async def test_a_file_in_a_channel_is_a_link_for_the_asker_alone(
    bot: Running, teams: FakeTeams, answering: Answering, csv: File
) -> None:
    answering.answer = samples.private(files=(csv,))
    await bot.deliver(fake.mention(teams.url, "export usage csv"))
    (sent,) = teams.posts
    assert sent.is_targeted
    (link,) = card.elements(card.content(card.check(sent.body)), "Action.OpenUrl")
    assert link["title"] == "usage.csv"
    async with bot.session.get(bot.url + urlsplit(link["url"]).path) as response:
        assert await response.read() == csv.path.read_bytes()
        assert response.headers["Content-Disposition"] == "attachment; filename*=UTF-8''usage.csv"


async def test_a_link_ends_and_cannot_be_changed(
    bot: Running, teams: FakeTeams, answering: Answering, csv: File, clock: Clock
) -> None:
    answering.answer = samples.private(files=(csv,))
    await bot.deliver(fake.mention(teams.url, "export usage csv"))
    (link,) = card.elements(card.content(teams.posts[0].body), "Action.OpenUrl")
    path = urlsplit(link["url"]).path
    changed = path[:-1] + ("A" if path[-1] != "A" else "B")
    for wrong in (changed, "/teams/files/x", "/teams/files/" + "A" * 60, "/teams/files/..%2F..%2Fetc"):
        async with bot.session.get(bot.url + wrong) as response:
            assert response.status == 404
    clock.advance(hours=25)
    async with bot.session.get(bot.url + path) as response:
        assert response.status == 404


async def test_what_was_linked_is_removed_when_it_is_too_old(
    bot: Running, teams: FakeTeams, answering: Answering, csv: File, clock: Clock, tmp_path: Path
) -> None:
    answering.answer = samples.private(files=(csv,))
    await bot.deliver(fake.mention(teams.url, "export usage csv"))
    clock.advance(hours=25)
    await bot.deliver(fake.mention(teams.url, "export usage csv", id="later"))
    assert len(list((tmp_path / "links").glob("*.bin"))) == 1


async def test_without_a_public_address_the_asker_learns_where_files_work(
    run: Run, teams: FakeTeams, answering: Answering, csv: File
) -> None:
    bot = await run(public_url="")
    answering.answer = samples.private(files=(csv,))
    await bot.deliver(fake.mention(teams.url, "export usage csv"))
    blocks = card.elements(card.content(card.check(teams.posts[0].body)), "TextBlock")
    assert blocks[-1]["text"] == "Files cannot be sent here: ask again in a personal chat with me."


async def offered(bot: Running, teams: FakeTeams, answering: Answering, csv: File) -> dict[str, Any]:
    answering.answer = samples.private(files=(csv,))
    await bot.deliver(fake.activity(teams.url))
    (attachment,) = teams.posts[-1].body["attachments"]
    assert attachment["contentType"] == CONSENT
    assert attachment["name"] == "usage.csv"
    assert attachment["content"]["sizeInBytes"] == csv.path.stat().st_size
    found: dict[str, Any] = attachment["content"]
    return found


def consent(teams: FakeTeams, context: Any, action: str = "accept", **more: Any) -> dict[str, Any]:
    upload = {
        "uploadUrl": f"{teams.url}/upload",
        "contentUrl": "https://example.sharepoint.com/usage.csv",
        "uniqueId": "u1",
        "fileType": "csv",
        "name": "usage.csv",
    }
    value = {"type": "fileUpload", "action": action, "context": context, "uploadInfo": upload}
    given = {"type": "invoke", "name": "fileConsent/invoke", "value": value, "replyToId": "m2", "id": "c1"}
    return fake.activity(teams.url, **{**given, **more})


UNAUTHENTICATED: dict[str, Any] = {"app_id": "", "password": "", "tenant_id": "", "unauthenticated": True}


async def test_an_accepted_file_is_put_into_the_persons_own_drive(
    run: Run, teams: FakeTeams, answering: Answering, csv: File, tmp_path: Path
) -> None:
    bot = await run(**UNAUTHENTICATED)
    content = await offered(bot, teams, answering, csv)
    data = csv.path.read_bytes()
    assert await bot.deliver(consent(teams, content["acceptContext"])) == (200, None)
    ((headers, uploaded),) = teams.uploads
    assert uploaded == data
    assert headers["Content-Range"] == f"bytes 0-{len(data) - 1}/{len(data)}"
    assert "Authorization" not in headers
    (info,) = teams.posts[-1].body["attachments"]
    assert info["contentType"] == "application/vnd.microsoft.teams.card.file.info"
    assert info["contentUrl"] == "https://example.sharepoint.com/usage.csv"
    assert info["content"] == {"uniqueId": "u1", "fileType": "csv"}
    assert teams.calls[-1].method == "DELETE"
    assert list((tmp_path / "links").iterdir()) == []


async def test_a_file_goes_over_tls_only(
    bot: Running, teams: FakeTeams, answering: Answering, csv: File
) -> None:
    content = await offered(bot, teams, answering, csv)
    await bot.deliver(consent(teams, content["acceptContext"]))
    assert teams.uploads == []
    assert teams.posts[-1].body["summary"] == "The file could not be put into your OneDrive."


async def test_a_declined_file_is_removed(
    bot: Running, teams: FakeTeams, answering: Answering, csv: File, tmp_path: Path
) -> None:
    content = await offered(bot, teams, answering, csv)
    await bot.deliver(consent(teams, content["declineContext"], "decline"))
    assert teams.uploads == []
    assert list((tmp_path / "links").iterdir()) == []


@pytest.mark.parametrize("how", ["another person", "forged", "late", "nothing"])
async def test_only_the_person_who_was_asked_can_accept_in_time(
    how: str, run: Run, teams: FakeTeams, answering: Answering, csv: File, clock: Clock
) -> None:
    bot = await run(**UNAUTHENTICATED)
    context: Any = (await offered(bot, teams, answering, csv))["acceptContext"]
    more: dict[str, Any] = {}
    match how:
        case "another person":
            more["from"] = {"id": "29:mallory"}
        case "forged":
            context = {"file": "AAAA" + context["file"][4:]}
        case "late":
            clock.advance(hours=25)
        case _:
            context = None
    await bot.deliver(consent(teams, context, **more))
    assert teams.uploads == []
    assert teams.posts[-1].body["summary"] == "That file is not here any more."


async def test_a_consent_delivered_twice_uploads_once(
    run: Run, teams: FakeTeams, answering: Answering, csv: File
) -> None:
    bot = await run(**UNAUTHENTICATED)
    content = await offered(bot, teams, answering, csv)
    for _ in range(2):
        await bot.deliver(consent(teams, content["acceptContext"]))
    assert len(teams.uploads) == 1


@pytest.mark.parametrize("status", [412, 429, 502, 504])
async def test_what_teams_asks_to_repeat_is_repeated(
    status: int, bot: Running, teams: FakeTeams, passing: Time
) -> None:
    teams.failing.extend([(status, {}, "again")] * 2)
    await bot.app.delivery.post(samples.reply(), here(teams))
    assert len(teams.posts) == 1
    assert len(passing.pauses) == 2


async def test_retry_after_is_honoured(bot: Running, teams: FakeTeams, passing: Time) -> None:
    teams.failing.append((429, {"Retry-After": "17"}, "TooManyRequests"))
    await bot.app.delivery.post(samples.reply(), here(teams))
    assert 17 <= passing.pauses[0] <= 18


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (429, NotSentError),
        (412, NotSentError),
        (502, UnconfirmedError),
        (500, UnconfirmedError),
        (400, RefusedByTeamsError),
        (403, RefusedByTeamsError),
        (301, RefusedByTeamsError),
    ],
)
async def test_a_failure_that_stays_says_whether_something_was_sent(
    status: int, error: type[Exception], bot: Running, teams: FakeTeams
) -> None:
    teams.failing.extend([(status, {}, "Code")] * 9)
    with pytest.raises(error):
        await bot.app.delivery.post(samples.reply(), here(teams))
    tries = 9 - len(teams.failing)
    assert tries == (5 if status in {412, 429, 502, 504} else 1)


async def test_a_caller_that_retries_itself_gets_the_first_failure(bot: Running, teams: FakeTeams) -> None:
    teams.failing.extend([(429, {"Retry-After": "9"}, "TooManyRequests")] * 2)
    with pytest.raises(NotSentError) as failed:
        await bot.app.once.post(samples.reply(), here(teams))
    assert failed.value.retry_after_seconds == 9
    assert len(teams.failing) == 1


async def test_an_unreachable_service_was_certainly_not_sent_to(bot: Running) -> None:
    nowhere = Address(fake.CHANNEL, "http://127.0.0.1:1")
    with pytest.raises(NotSentError):
        await bot.app.delivery.post(samples.reply(), nowhere)


async def test_at_most_seven_sends_a_second_go_to_one_conversation(
    bot: Running, teams: FakeTeams, passing: Time
) -> None:
    for _ in range(15):
        await bot.app.delivery.post(samples.reply(), here(teams))
    assert passing.pauses == [1.0, 1.0]


async def test_other_conversations_do_not_wait(bot: Running, teams: FakeTeams, passing: Time) -> None:
    for n in range(15):
        await bot.app.delivery.post(samples.reply(), Address(f"19:{n}", teams.url))
    assert passing.pauses == []


async def test_the_page_named_in_the_manifest_is_there(bot: Running) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{bot.url}/teams/about") as response:
        text = await response.text()
    assert response.status == 200
    assert 'id="privacy"' in text
    assert 'id="terms"' in text


async def test_a_look_up_goes_to_the_personal_chat_and_nowhere_else(
    bot: Running, teams: FakeTeams, answering: Answering
) -> None:
    answering.answer = samples.reply(text="dana sent 205 prompts.", audience=Audience.ASKER, dm_only=True)
    await bot.deliver(fake.activity(teams.url))
    told = [post for post in teams.posts if "205 prompts" in repr(post.body)]
    assert told
    assert all(fake.CHANNEL not in repr(post) for post in told)
