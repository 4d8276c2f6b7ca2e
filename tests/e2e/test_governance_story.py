"""One story from a token to the end of its answers; whoever has no right to a step tries it all the same."""

from __future__ import annotations

import argparse
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app.verifying import verify
from bot.console.exits import Exit
from bot.kit.recent import RecentlySeen
from bot.metrics.events.security import shortened
from bot.model.chat import Answer, Asker, Level, Refusal, Reply
from bot.model.message import Destination, Platform
from bot.schedule.trailhead import DailyHead
from bot.slack.app import Identity, Parts, SlackApp, build_app
from bot.slack.clients import without_retries
from bot.slack.deliver import Manners
from bot.slack.expiry import TOMBSTONE, SlackEnding, Sweeper
from bot.slack.incoming import Origin
from bot.slack.outbox import LiveOutbox
from bot.slack.ports import SlackConfig
from bot.slack.poster import SlackPoster
from bot.state.alerts import Alert, Alerts
from bot.state.expiring import Expiring
from bot.state.trail import Trail, TrailLine
from bot.state.trailheads import TrailHeads
from bot.watch import Watcher
from bot.watch.security_look import SecurityLook
from tests.handlers.answering import SIGNER, person
from tests.handlers.demo import Demo
from tests.handlers.live import Live, a_live_bot
from tests.slack import signed
from tests.slack.conftest import SEALER
from tests.slack.fake import FakeSlack
from tests.slack.workspace import APP_TOKEN, BOT_TOKEN

NOW = datetime(2026, 10, 16, 12, tzinfo=UTC)
"""Secrets stand in a prompt of the demo's member on 15 Oct; `release-bot` was made on the 10th."""
SECURITY = "C0000AAAA"
DAY = "2026-10-15"
CASE = 'case INC-12 "what the token was used for"'
INVESTIGATOR = person(Level.INVESTIGATOR, "U0000AAAA")
APPROVER = person(Level.APPROVER, "U0APPROVE")
BOTH = replace(INVESTIGATOR, levels=INVESTIGATOR.levels | APPROVER.levels)
GUEST = Asker("U0GUEST")
EVERYBODY = {level: person(level, f"U0{level.name}") for level in Level}


@dataclass
class Story:
    """The bot, a Slack to see what arrives, and how often somebody was turned away."""

    live: Live
    slack: FakeSlack
    app: SlackApp
    poster: SlackPoster
    turned_away: list[str] = field(default_factory=list)

    async def ask(self, text: str, asker: Asker = INVESTIGATOR) -> Answer:
        return await self.live.bot.ask(text, asker=asker)

    async def told(self, text: str, asker: Asker = INVESTIGATOR) -> Reply:
        answer = await self.ask(text, asker)
        assert isinstance(answer, Reply), answer
        return answer

    async def refused(self, text: str, *others: Asker) -> None:
        """Nobody of `others` gets anything, and each try stands in the trail."""
        for other in others:
            assert isinstance(await self.ask(text, other), Refusal), (text, other)
            newest = [line async for line in self.trail.lines()][-1]
            assert newest.actor == other.id, text
            assert json.loads(newest.subject)["outcome"] in ("refused", "nothing"), newest
            self.turned_away.append(other.id)

    @property
    def trail(self) -> Trail:
        return Trail(self.live.bot.state)

    def channel(self) -> str:
        """What stands in the security channel."""
        posted = self.slack.workspace.messages.values()
        return "\n".join(str(message.args) for message in posted if message.channel == SECURITY)


def but(*levels: Level) -> tuple[Asker, ...]:
    """One person of every level that does not include one of these, and a guest."""
    others = [asker for asker in EVERYBODY.values() if not asker.levels & set(levels)]
    return (*others, GUEST)


@pytest.fixture
async def story(tmp_path: Path, demo: Demo) -> AsyncIterator[Story]:
    async with a_live_bot(tmp_path, demo) as live, FakeSlack() as slack:
        live.bot.now = NOW

        def clock() -> datetime:
            return live.bot.now

        slack.workspace.seconds = lambda: clock().timestamp()
        config = SlackConfig(BOT_TOKEN, signed.SECRET, APP_TOKEN, slack.api_base_url)
        identity = Identity("T0000AAAA", "U0000BOTT", "B0000BOTT")
        unused: Any = None
        ending = SlackEnding(Expiring(live.bot.state))
        parts = Parts(unused, unused, RecentlySeen(), SEALER, clock, identity=identity, ending=ending)
        app = build_app(config, parts)
        outbox = LiveOutbox(without_retries(config, app.clients))
        yield Story(live, slack, app, SlackPoster(outbox, Manners(SEALER, clock)))
        await app.close()


async def watched(story: Story) -> Alert:
    """One look after the file was read: the alert about the new token, posted to the security channel."""
    bot = story.live.bot
    deps = bot.dispatcher.deps
    assert deps.compliance is not None
    place = Destination(Platform.SLACK, SECURITY)
    look = SecurityLook(deps.compliance, deps.analytics, shortened("sk-admin-somebody"), place)

    async def answer(number: int) -> Answer:
        return await story.ask(f"alerts AL-{number}")

    watcher = Watcher(bot.state, look, answer, {Platform.SLACK: story.poster}, lambda: bot.now)
    await watcher.check(bot.now)
    await watcher.refresh()
    found = await Alerts(bot.state).unresolved()
    return next(one for one in found if one.found.kind == "security_token_created" and one.message)


async def owner_of(story: Story, alert: Alert) -> Asker:
    """Whose token it is, with a chat account that the platform knows."""
    user_id = alert.found.scope.removeprefix("person:")
    email = (await story.live.bot.dispatcher.deps.analytics.people())[user_id].email
    assert email
    story.live.told.accounts[email] = "U0OWNER"
    return Asker("U0OWNER", email, frozenset({Level.MEMBER}), user_id)


async def exit_of(path: Path) -> Exit:
    return await verify(argparse.Namespace(file=path, key=SIGNER.public_key))


async def test_from_a_new_token_to_the_end_of_its_answers(story: Story, demo: Demo, tmp_path: Path) -> None:
    why = f"user {demo.asker('member').email} {DAY}..{DAY} {CASE}"
    await the_owner_is_asked(story)
    await somebody_looks(story, why)
    await content_needs_a_second_person(story, why)
    content = await it_is_read_redacted(story)
    await the_evidence_is_packed(story, why, tmp_path)
    await every_try_stands_in_the_trail(story)
    await the_answer_ends(story, content)


async def the_owner_is_asked(story: Story) -> None:
    alert = await watched(story)
    assert "was created on" in story.channel()
    owner = await owner_of(story, alert)
    await story.refused(f"askowner {alert.id}", *but(Level.INVESTIGATOR, Level.ADMIN))
    assert story.live.told.people == []
    assert "was asked about" in (await story.told(f"askowner {alert.id}")).text
    ((asked, question),) = story.live.told.people
    assert asked == owner.id
    assert f"answer {alert.id}" in question
    await story.refused(
        f"answer {alert.id} it is mine", *EVERYBODY.values(), replace(owner, codex_user_id="user-else")
    )
    await story.told(f"answer {alert.id} It publishes our releases", owner)
    assert "The owner said: It publishes our releases" in (await story.told(f"alerts {alert.id}")).text


async def somebody_looks(story: Story, why: str) -> None:
    for look in ("tokens 30d", "audit report 30d"):
        await story.refused(look, *but(Level.INVESTIGATOR, Level.ADMIN))
    for look in (f"investigate {why}", f"export events csv 7d {CASE}"):
        await story.refused(look, *but(Level.INVESTIGATOR))
    assert "release-bot" in str((await story.told("tokens 30d")).table)
    assert (await story.told(f"investigate {why}")).dm_only
    assert len((await story.told(f"export events csv 7d {CASE}")).files) == 2


async def content_needs_a_second_person(story: Story, why: str) -> None:
    request = f"content {why} originals"
    await story.refused(request, *but(Level.INVESTIGATOR))
    assert (await story.told(request)).text.startswith("A-1: content of ")
    assert "not redacted" in story.live.told.posted[-1].text
    await story.refused("content A-1", INVESTIGATOR, *but(Level.INVESTIGATOR))
    for word in ("approve", "deny"):
        await story.refused(f"{word} A-1", *but(Level.APPROVER))
    assert "You asked for this yourself" in (await story.told("approve A-1", BOTH)).text
    await story.refused("content A-1", BOTH)
    assert (await story.told("approve A-1", APPROVER)).text.startswith("A-1 is approved.")
    assert "decided already" in (await story.told("deny A-1", APPROVER)).text


async def it_is_read_redacted(story: Story) -> Reply:
    await story.refused("content A-1", *but(Level.INVESTIGATOR), EVERYBODY[Level.INVESTIGATOR])
    content = await story.told("content A-1")
    assert "prompt_text: " in content.text
    assert "Withheld: " in content.text
    assert "[withheld: " in content.text
    for secret in ("AK" + "IA", "gh" + "p_", "karl.berger@", "+49 30 901820", "DE89 3704"):
        assert secret not in content.text
    return content


async def the_evidence_is_packed(story: Story, why: str, folder: Path) -> None:
    pack = f"pack {why} A-1"
    await story.refused(pack, *but(Level.INVESTIGATOR), EVERYBODY[Level.INVESTIGATOR])
    (file,) = (await story.told(pack)).files
    assert await exit_of(file.path) is Exit.DONE
    changed, raw = folder / file.name, bytearray(file.path.read_bytes())
    raw[len(raw) // 2] ^= 1
    changed.write_bytes(raw)
    assert await exit_of(changed) is Exit.CHECK_FAILED


async def every_try_stands_in_the_trail(story: Story) -> None:
    """In a chain whose signed head is posted."""
    bot = story.live.bot
    await DailyHead(bot.state, lambda: SIGNER, _to(story)).run(bot.now)
    kept = await TrailHeads(bot.state).of(NOW.date())
    assert kept is not None
    typed = f"trail verify {kept.head.seq}:{kept.head.hash}"
    assert typed in story.channel()
    await story.refused(typed, *but(Level.INVESTIGATOR, Level.ADMIN))
    assert (await story.told(typed)).text.startswith("The trail is whole")
    refused = [line async for line in story.trail.lines() if _outcome(line) in ("refused", "nothing")]
    assert sorted(line.actor for line in refused) == sorted(story.turned_away)
    assert {asker.id for asker in (*EVERYBODY.values(), GUEST)} <= set(story.turned_away)


async def the_answer_ends(story: Story, content: Reply) -> None:
    """It stands in a direct message, and an hour later a tombstone does; nor can it be read again."""
    bot, messages = story.live.bot, story.slack.workspace.messages
    url = story.slack.workspace.issue_response_url()
    before = set(messages)
    await story.app.delivery.deliver(content, Origin("U0000AAAA", SECURITY, "content A-1", url, working=True))
    sent = [message for ts, message in messages.items() if ts not in before]
    assert any("prompt_text: " in str(message.args) for message in sent)
    assert all(message.channel != SECURITY for message in sent)
    sweeper = Sweeper(story.app.outbox, Expiring(bot.state), lambda: bot.now)
    assert await sweeper.sweep() == 0
    bot.now = NOW + timedelta(minutes=60)
    assert await sweeper.sweep() > 0
    left = str([message.args for message in sent])
    assert "prompt_text: " not in left
    assert TOMBSTONE in left
    await story.refused("content A-1", INVESTIGATOR)


def _to(story: Story) -> Any:
    async def post(reply: Reply) -> bool:
        return bool(await story.poster.post(Destination(Platform.SLACK, SECURITY), reply))

    return post


def _outcome(line: TrailLine) -> str:
    told: dict[str, Any] = json.loads(line.subject)
    return str(told.get("outcome"))
