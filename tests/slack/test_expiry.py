from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.kit.recent import RecentlySeen
from bot.model.chat import Audience, File, Reply
from bot.slack.app import Identity, Parts, SlackApp, build_app
from bot.slack.expiry import TOMBSTONE, SlackEnding, Sweeper
from bot.slack.incoming import Origin
from bot.slack.payloads import payloads
from bot.slack.ports import SlackConfig
from bot.state.engine import StateDb
from bot.state.expiring import Expiring
from tests.remembering import new_state
from tests.slack import samples
from tests.slack.conftest import SEALER, Clock
from tests.slack.fake import SERVER_FAULT, FakeSlack, Trouble

LASTS = timedelta(minutes=60)
FINDING = "dana sent 205 prompts in the 30 days to 20 Oct."
REFUSED = Trouble(answer={"ok": False, "error": "channel_not_found"})


@pytest.fixture
async def expiring(tmp_path: Path) -> AsyncIterator[Expiring]:
    async with StateDb(await new_state(tmp_path)) as db:
        yield Expiring(db)


@pytest.fixture
async def app(config: SlackConfig, clock: Clock, sleeps: Any, expiring: Expiring) -> AsyncIterator[SlackApp]:
    identity = Identity("T0000AAAA", "U0000BOTT", "B0000BOTT")
    nobody: Any = None
    ending = SlackEnding(expiring)
    parts = Parts(nobody, nobody, RecentlySeen(), SEALER, clock, sleeps, identity, ending=ending)
    built = build_app(config, parts)
    yield built
    await built.close()


@pytest.fixture
def sweeper(app: SlackApp, expiring: Expiring, clock: Clock) -> Sweeper:
    return Sweeper(app.outbox, expiring, clock)


def look_up(**changes: Any) -> Reply:
    answer = samples.reply(text=FINDING, audience=Audience.ASKER, pictures=(samples.picture(),))
    return replace(answer, dm_only=True, expires_at=samples.NOW + LASTS, **changes)


def asked_in(slack: FakeSlack, channel: str = "C0000AAAA") -> Origin:
    url = slack.workspace.issue_response_url()
    return Origin("U0000AAAA", channel, "investigate user dana", url, working=True)


def whispered(slack: FakeSlack) -> str:
    return repr([sent for url in slack.workspace.response_urls.values() for sent in url.sent])


async def test_asked_in_a_channel_the_content_is_in_the_direct_message_only(
    app: SlackApp, slack: FakeSlack
) -> None:
    await app.delivery.deliver(look_up(), asked_in(slack))
    (posted,) = slack.workspace.messages.values()
    assert posted.channel.startswith("D")
    assert FINDING in posted.args["text"]
    assert "The answer is in our direct message." in whispered(slack)
    assert FINDING not in whispered(slack)
    assert "12,345.6" not in whispered(slack)
    assert slack.workspace.ephemerals == []


async def test_without_a_direct_message_nothing_is_shown_anywhere(app: SlackApp, slack: FakeSlack) -> None:
    slack.trouble("chat.postMessage", REFUSED)
    await app.delivery.deliver(look_up(), asked_in(slack))
    assert slack.workspace.messages == {}
    assert "I could not send you the answer by direct message" in whispered(slack)
    assert FINDING not in whispered(slack)


async def test_at_its_end_a_tombstone_stands_in_its_place_and_the_picture_is_gone(
    app: SlackApp, slack: FakeSlack, sweeper: Sweeper, clock: Clock
) -> None:
    await app.delivery.deliver(look_up(), asked_in(slack))
    clock.advance(minutes=59)
    assert await sweeper.sweep() == 0
    assert len(slack.workspace.files) == 1
    clock.advance(minutes=1)
    assert await sweeper.sweep() == 2
    (posted,) = slack.workspace.messages.values()
    assert posted.args["text"] == TOMBSTONE
    assert [block["type"] for block in posted.args["blocks"]] == ["section"]
    assert FINDING not in repr(posted.args)
    assert slack.workspace.files == {}
    assert await sweeper.sweep() == 0


async def test_files_of_a_look_up_go_too(
    app: SlackApp, slack: FakeSlack, sweeper: Sweeper, clock: Clock, tmp_path: Path
) -> None:
    path = tmp_path / "pack.zip"
    path.write_bytes(b"evidence")
    await app.delivery.deliver(
        look_up(files=(File("pack.zip", "application/zip", path, "0" * 64),)), asked_in(slack)
    )
    assert len(slack.workspace.files) == 2
    clock.advance(minutes=60)
    assert await sweeper.sweep() == 3
    assert slack.workspace.files == {}


async def test_what_slack_does_not_confirm_is_tried_again(
    app: SlackApp, slack: FakeSlack, sweeper: Sweeper, clock: Clock
) -> None:
    await app.delivery.deliver(look_up(pictures=()), asked_in(slack))
    clock.advance(minutes=60)
    slack.trouble("chat.update", *[SERVER_FAULT] * 5)
    assert await sweeper.sweep() == 0
    assert await sweeper.sweep() == 1


async def test_a_message_that_may_not_be_edited_is_deleted(
    app: SlackApp, slack: FakeSlack, sweeper: Sweeper, clock: Clock
) -> None:
    await app.delivery.deliver(look_up(pictures=()), asked_in(slack))
    clock.advance(minutes=60)
    slack.trouble("chat.update", Trouble(answer={"ok": False, "error": "edit_window_closed"}))
    assert await sweeper.sweep() == 1
    assert [posted.deleted for posted in slack.workspace.messages.values()] == [True]


async def test_a_message_that_somebody_deleted_is_done(
    app: SlackApp, slack: FakeSlack, sweeper: Sweeper, clock: Clock
) -> None:
    await app.delivery.deliver(look_up(pictures=()), asked_in(slack))
    next(iter(slack.workspace.messages.values())).deleted = True
    clock.advance(minutes=60)
    assert await sweeper.sweep() == 1


async def test_an_answer_outlives_the_process_that_sent_it(
    app: SlackApp, slack: FakeSlack, expiring: Expiring, clock: Clock
) -> None:
    await app.delivery.deliver(look_up(pictures=()), asked_in(slack))
    clock.advance(days=2)
    assert await Sweeper(app.outbox, Expiring(expiring.db), clock).sweep() == 1


async def test_an_answer_that_does_not_expire_is_not_noted(
    app: SlackApp, slack: FakeSlack, sweeper: Sweeper, clock: Clock
) -> None:
    await app.delivery.deliver(samples.reply(audience=Audience.ASKER), asked_in(slack))
    clock.advance(days=9)
    assert await sweeper.sweep() == 0


async def test_recorded_payloads_show_the_same_way() -> None:
    entries = await payloads(look_up(), samples.request(), SEALER)
    (post,) = [entry["args"] for entry in entries if entry["method"] == "chat.postMessage"]
    assert post["channel"].startswith("U")
    elsewhere = [entry for entry in entries if entry["method"] not in {"chat.postMessage", "upload"}]
    assert FINDING not in repr(elsewhere)
