"""Budgets and unusual days from the figures to Slack: one message an alert, edited from open to resolved."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.lake import Lake
from bot.model.chat import Reply
from bot.model.message import Destination, Platform
from bot.slack.poster import SlackPoster
from bot.state.alerts import Alerts, AlertState
from bot.watch import Watcher
from bot.watch.look import Look
from tests.app.on_slack import buttons, messages, slack_poster, told
from tests.handlers.answering import NOW, Bot, a_bot
from tests.handlers.spending import directory, spending_lake
from tests.slack.fake import CONNECTION_LOST, RATE_LIMITED, FakeSlack
from tests.slack.workspace import Channel, Posted

HERE = "C0PULSE001"
HOUR = timedelta(hours=1)


@dataclass
class Installation:
    """A bot over half a year that ends with a burst, and its watcher's line to Slack."""

    bot: Bot
    slack: FakeSlack
    poster: SlackPoster

    def watcher(self) -> Watcher:
        async def answer(number: int) -> Reply:
            return await self.say(f"alerts AL-{number}")

        look = Look(
            self.bot.state, self.bot.dispatcher.deps.analytics, place=Destination(Platform.SLACK, HERE)
        )
        posters = {Platform.SLACK: self.poster}
        return Watcher(self.bot.state, look, answer, posters, lambda: self.bot.now)

    async def say(self, text: str) -> Reply:
        answer = await self.bot.ask(text)
        assert isinstance(answer, Reply), answer
        return answer

    async def check(self, at: datetime | None = None) -> None:
        """What a sync ends with; afterwards messages are brought up to date."""
        self.bot.now = at or self.bot.now + HOUR
        await self.watcher().check(self.bot.now)
        await self.watcher().refresh()

    def about(self, words: str) -> Posted:
        (message,) = [one for one in messages(self.slack, HERE) if words in one.args["text"]]
        return message

    async def states(self) -> dict[AlertState, int]:
        found = [alert.state for alert in await Alerts(self.bot.state).recent(20)]
        return {state: found.count(state) for state in AlertState if state in found}


@pytest.fixture(scope="module")
def spending(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return spending_lake(tmp_path_factory.mktemp("watched")).lake


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
async def watched(
    tmp_path: Path, spending: Lake, request: pytest.FixtureRequest
) -> AsyncIterator[Installation]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    team = directory()
    async with a_bot(tmp_path, spending, directory=team, state_url=url) as bot, FakeSlack() as slack:
        slack.workspace.channels[HERE] = Channel()
        async with slack_poster(slack, lambda: bot.now) as poster:
            yield Installation(bot, slack, poster)


async def test_a_budget_alert_is_one_message_from_open_to_resolved(watched: Installation) -> None:
    await watched.say("budget set 2500 credits monthly")
    await watched.check(NOW)
    posted = len(messages(watched.slack, HERE))
    message = watched.about("% of the budget of 2,500 credits is used.")
    assert "is open since 21 Oct 15:00 UTC" in message.args["text"]
    assert "image" in [block["type"] for block in message.args["blocks"]]
    command = buttons(message)["Acknowledge"]
    assert command.startswith("ack AL-")
    await watched.say(command)
    await watched.check()
    assert "was acknowledged on 21 Oct 15:00 UTC" in message.args["text"]
    assert "Acknowledge" not in buttons(message)
    await watched.say("budget remove credits")
    await watched.check()
    assert "is resolved on 21 Oct 17:00 UTC" in message.args["text"]
    assert set(buttons(message)) == {"Explain"}
    for _ in range(3):
        await watched.check()
    assert len(messages(watched.slack, HERE)) == posted
    assert watched.slack.methods().count("chat.postMessage") == posted


async def test_what_was_planned_resolves_its_alert_and_never_comes_back(watched: Installation) -> None:
    await watched.check(NOW)
    spike = watched.about("credits on Tuesday 20 Oct 2026, above the usual")
    assert buttons(spike)["This was planned"] == "planned 2026-10-20..2026-10-20"
    posted = len(messages(watched.slack, HERE))
    assert await watched.states() == {AlertState.OPEN: posted}
    await watched.say(buttons(spike)["This was planned"])
    for _ in range(3):
        await watched.check()
    assert await watched.states() == {AlertState.RESOLVED: posted}
    assert "is resolved on 21 Oct 16:00 UTC" in spike.args["text"]
    assert len(messages(watched.slack, HERE)) == posted


async def test_a_raised_budget_opens_its_own_alert_and_the_old_one_is_not_repeated(
    watched: Installation,
) -> None:
    for amount in (2500, 2600, 2500):
        await watched.say(f"budget set {amount} credits monthly")
        await watched.check()
    for amount in ("2,500", "2,600"):
        assert watched.about(f"% of the budget of {amount} credits is used.")


async def test_an_alert_in_an_archived_channel_is_told_to_who_set_the_budget(watched: Installation) -> None:
    await watched.say("budget set 2500 credits monthly")
    watched.slack.workspace.channels[HERE].archived = True
    for _ in range(3):
        await watched.check()
    budget = [text for text in told(watched.slack) if "the budget of 2,500 credits is used." in text]
    assert len(budget) == 1
    assert "I could not post AL-" in budget[0]
    assert messages(watched.slack, HERE) == []


@pytest.mark.parametrize("trouble", [RATE_LIMITED, CONNECTION_LOST])
async def test_trouble_at_slack_makes_no_second_message(watched: Installation, trouble: object) -> None:
    watched.slack.trouble("chat.postMessage", *[trouble] * 3)  # type: ignore[list-item]
    for _ in range(4):
        await watched.check()
    texts = [one.args["text"].partition("\n")[0] for one in messages(watched.slack, HERE)]
    assert len(texts) == len(set(texts)) > 0
