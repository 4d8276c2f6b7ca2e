"""Scheduled posts while Slack fails: posted once or told to the owner, and `status` says which."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app.scheduling import Outlet, ScheduledAnswer
from bot.model.chat import Asker, Level, Place, Platform, Reply
from bot.schedule.ticker import RunReport, Ticker
from bot.settings import Policy
from bot.slack.poster import SlackPoster
from bot.state.subscriptions import Subscriptions, SubscriptionState
from tests.app.on_slack import messages, slack_poster, told
from tests.handlers.answering import Bot, a_bot, person
from tests.handlers.weeks import SmallLake, Use
from tests.slack.fake import CONNECTION_LOST, RATE_LIMITED, SERVER_FAULT, FakeSlack
from tests.slack.workspace import Channel

DUE = datetime(2026, 10, 21, 9, tzinfo=UTC)
OWNER = "U0000AAAA"
PLACES = tuple(f"C0000{n:04}" for n in range(4))
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass
class Morning:
    """Four channels that get `usage 7d` at nine, and the hours after it."""

    bot: Bot
    slack: FakeSlack
    poster: SlackPoster
    reports: list[RunReport] = field(default_factory=list)

    async def asker_of(self, owner_id: str, _place: object) -> Asker:
        return person(Level.MEMBER, owner_id)

    def ticker(self) -> Ticker:
        outlets = {Platform.SLACK: Outlet(self.asker_of, self.poster)}
        answer = ScheduledAnswer(self.bot.dispatcher, Policy(), outlets)
        return Ticker(self.bot.state, answer, {Platform.SLACK: self.poster}, clock=lambda: self.bot.now)

    async def until(self, end: datetime, every: timedelta = 5 * MINUTE) -> None:
        while self.bot.now <= end:
            self.reports.append(await self.ticker().run_due(self.bot.now))
            self.bot.now += every

    def posts(self) -> list[int]:
        return [len(messages(self.slack, place)) for place in PLACES]

    def texts(self, place: str) -> list[str]:
        return [one.args["text"] for one in messages(self.slack, place)]

    async def status(self) -> list[str]:
        reply = await self.bot.ask("status")
        assert isinstance(reply, Reply)
        return [line for line in reply.text.splitlines() if "planned 21 Oct 09:00 UTC" in line]


@pytest.fixture
async def morning(tmp_path: Path) -> AsyncIterator[Morning]:
    days = [datetime(2026, 10, n, tzinfo=UTC).date() for n in range(1, 21)]
    SmallLake(tmp_path / "lake").put({day: [Use("ada")] for day in days}, reviews=False)
    async with a_bot(tmp_path) as bot, FakeSlack() as slack:
        slack.workspace.channels |= {place: Channel() for place in PLACES}
        bot.now, bot.asker = DUE - HOUR, person(Level.MEMBER, OWNER)
        for place in PLACES:
            assert isinstance(await bot.ask('subscribe "usage 7d" daily 09:00', place=Place(place)), Reply)
        async with slack_poster(slack, lambda: bot.now) as poster:
            bot.now = DUE
            yield Morning(bot, slack, poster)


async def test_slack_away_for_an_hour_makes_posts_late_and_labelled_but_loses_none(morning: Morning) -> None:
    away = morning.poster
    async with slack_poster(FakeSlackAway(), lambda: morning.bot.now) as morning.poster:
        await morning.until(DUE + HOUR)
    assert morning.posts() == [0, 0, 0, 0]
    morning.poster = away
    await morning.until(DUE + HOUR + 20 * MINUTE)
    assert morning.posts() == [1, 1, 1, 1]
    (late,) = [line for line in morning.texts(PLACES[0])[0].splitlines() if line.startswith("Posted late")]
    assert late == "Posted late: this is 2026-10-21, planned for 21 Oct 2026 09:00 (UTC)."
    assert told(morning.slack) == []
    assert len([line for line in await morning.status() if "posted 21 Oct 10:" in line]) == 4


async def test_a_storm_of_429_is_waited_out_without_a_second_post(morning: Morning) -> None:
    morning.slack.trouble("chat.postMessage", *[RATE_LIMITED] * 20)
    await morning.until(DUE + 2 * HOUR)
    assert morning.posts() == [1, 1, 1, 1]
    assert told(morning.slack) == []


async def test_a_slack_that_answers_faults_may_have_posted_so_the_owner_is_told_each(
    morning: Morning,
) -> None:
    morning.slack.trouble("chat.postMessage", *[SERVER_FAULT, CONNECTION_LOST] * 2)
    await morning.until(DUE + HOUR)
    assert [count <= 1 for count in morning.posts()] == [True] * 4
    assert sum("may or may not be posted" in text for text in told(morning.slack)) == 4
    assert len([line for line in await morning.status() if "may be posted: maybe sent" in line]) == 4


async def test_a_revoked_token_stops_all_and_when_it_is_back_all_is_posted(morning: Morning) -> None:
    morning.slack.workspace.revoked = True
    await morning.until(DUE + HOUR)
    assert all(report.stopped and not report.ok for report in morning.reports)
    morning.slack.workspace.revoked = False
    await morning.until(DUE + 2 * HOUR)
    assert morning.posts() == [1, 1, 1, 1]
    assert told(morning.slack) == []


async def test_a_token_revoked_past_the_grace_posts_nothing_late_and_tells_the_owner_of_each(
    morning: Morning,
) -> None:
    morning.slack.workspace.revoked = True
    await morning.until(DUE + 12 * HOUR, every=HOUR)
    morning.slack.workspace.revoked = False
    await morning.until(DUE + 14 * HOUR, every=HOUR)
    assert morning.posts() == [0, 0, 0, 0]
    assert len(told(morning.slack)) == 4
    assert all("was not posted" in text for text in told(morning.slack))
    assert len([line for line in await morning.status() if "skipped" in line]) == 4


async def test_an_archived_channel_pauses_its_subscription_and_tells_the_owner_once(morning: Morning) -> None:
    morning.slack.workspace.channels[PLACES[1]].archived = True
    await morning.until(DUE + 3 * HOUR)
    assert morning.posts() == [1, 0, 1, 1]
    (text,) = told(morning.slack)
    (paused,) = [
        one for one in await Subscriptions(morning.bot.state).all() if one.state is SubscriptionState.PAUSED
    ]
    assert paused.id in text
    assert "the channel is gone or archived" in text
    assert f"`resume {paused.id}` starts it again" in text
    (line,) = [line for line in await morning.status() if paused.id in line]
    assert line.endswith("failed: channel gone")


class FakeSlackAway(FakeSlack):
    """Nobody listens there."""

    @property
    def api_base_url(self) -> str:
        return "http://127.0.0.1:9/api/"
