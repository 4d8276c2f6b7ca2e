"""The life of alerts: what is found is scripted, the platform is a fake, everything between is real."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace as struct_replace
from sqlalchemy import text

from bot.kit.alerting import PostState, Told
from bot.model.chat import Answer, File, Level, Reply
from bot.model.errors import Unavailable
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
from bot.model.timerange import TimeRange
from bot.state.alerts import Alert, Alerts, AlertState
from bot.state.leases import Leases
from bot.watch import Watcher
from bot.watch.found import Finding, Found, Kind
from charts import AnomalyChart
from tests.handlers.answering import Bot, a_bot, person

NOW = datetime(2026, 10, 21, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)
PLACE = Destination(Platform.SLACK, "C1")
DAY = date(2026, 10, 20)


@dataclass
class FakePoster:
    """A platform in memory. Errors in `fails[method]` are raised one call each, before anything is sent."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    fails: dict[str, list[PosterError]] = field(default_factory=dict)
    messages: list[MessageRef] = field(default_factory=list)

    def _do(self, method: str, what: str) -> None:
        if self.fails.get(method):
            raise self.fails[method].pop(0)
        self.sent.append((method, what))

    async def post(self, place: Destination, reply: Reply) -> MessageRef:
        assert place == PLACE
        self._do("post", reply.text)
        self.messages.append(MessageRef(place.place_id, f"{len(self.sent)}.0"))
        return self.messages[-1]

    async def add_picture(self, place: Destination, message: MessageRef, reply: Reply) -> None:
        assert place == PLACE
        assert message in self.messages
        self._do("edit", reply.text)

    async def add_file(self, place: Destination, message: MessageRef, file: File) -> None:
        raise NotImplementedError

    async def tell_owner(self, owner_id: str, text: str) -> None:
        self._do("tell", f"{owner_id}: {text}")

    def all(self, method: str) -> list[str]:
        return [what for name, what in self.sent if name == method]


@dataclass
class Script:
    """What is true now, as the test says."""

    found: Found = field(default_factory=Found)
    error: Exception | None = None

    async def at(self, now: datetime) -> Found:
        assert now.tzinfo is UTC
        if self.error:
            raise self.error
        return self.found


@dataclass
class Scene:
    """A watcher on the state of a bot, which renders its alerts."""

    bot: Bot
    poster: FakePoster = field(default_factory=FakePoster)
    script: Script = field(default_factory=Script)
    slept: list[float] = field(default_factory=list)

    def watcher(self, poster: FakePoster | None = None) -> Watcher:
        async def answer(number: int) -> Answer:
            return await self.bot.ask(f"alerts AL-{number}", asker=person(Level.MEMBER))

        posters = {Platform.SLACK: poster or self.poster}
        return Watcher(self.bot.state, self.script, answer, posters, lambda: self.bot.now, sleep=self.sleep)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    async def check(self, *findings: Finding, unjudged: frozenset[str] = frozenset()) -> None:
        self.script.found = Found(findings, unjudged)
        await self.watcher().check(self.bot.now)
        await self.watcher().refresh()

    async def alerts(self) -> tuple[Alert, ...]:
        return tuple(reversed(await Alerts(self.bot.state).recent(10)))

    async def only(self) -> Alert:
        (alert,) = await self.alerts()
        return alert


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with a_bot(tmp_path) as bot:
        yield Scene(bot)


def told(words: str, group: str = "g", days: int = 1) -> Told:
    window = TimeRange(DAY, DAY + timedelta(days=days))
    return Told(group, words, (), window, place=PLACE, owner_id="U1", post=PostState.WAITING)


def finding(key: str = "k", words: str = "80% is used.", group: str = "g") -> Finding:
    return Finding(key, Kind.THRESHOLD, "workspace", told(words, group))


def spike(first: date, last: date, words: str = "A spike.") -> Finding:
    chart = AnomalyChart("t", "s", (first,), (1.0,), (None,), (None,))
    content = struct_replace(told(words), window=TimeRange(first, last + timedelta(days=1)), anomaly=chart)
    return Finding(f"anomaly/workspace/spike/{first}", Kind.SPIKE, "workspace", content)


async def test_a_finding_is_posted_once_however_often_it_is_found(scene: Scene) -> None:
    for _ in range(5):
        await scene.check(finding())
        scene.bot.now += HOUR
    assert scene.poster.sent == [
        ("post", "80% is used.\nAL-1 is open since 21 Oct 15:00 UTC; `ack AL-1` acknowledges it.")
    ]
    assert (await scene.only()).message == MessageRef("C1", "1.0")


async def test_the_one_message_tells_what_becomes_of_the_alert(scene: Scene) -> None:
    await scene.check(finding())
    scene.bot.now += HOUR
    await scene.bot.ask("ack AL-1")
    await scene.watcher().refresh()
    await scene.watcher().refresh()
    scene.bot.now += HOUR
    await scene.check(finding(words="81% is used."))
    scene.bot.now += HOUR
    await scene.check()
    assert scene.poster.all("post") == [scene.poster.sent[0][1]]
    acknowledged = "AL-1, open since 21 Oct 15:00 UTC, was acknowledged on 21 Oct 16:00 UTC."
    assert scene.poster.all("edit") == [
        f"80% is used.\n{acknowledged}",
        f"81% is used.\n{acknowledged}",
        "81% is used.\nAL-1, open since 21 Oct 15:00 UTC, is resolved on 21 Oct 18:00 UTC.",
    ]
    assert (await scene.only()).state is AlertState.RESOLVED


async def test_a_resolved_finding_is_never_told_again(scene: Scene) -> None:
    await scene.check(finding())
    await scene.check()
    await scene.check(finding())
    assert len(scene.poster.all("post")) == 1
    assert (await scene.only()).state is AlertState.RESOLVED


async def test_what_cannot_be_judged_is_not_resolved(scene: Scene) -> None:
    await scene.check(finding("a", group="a"), finding("b", group="b"))
    await scene.check(unjudged=frozenset({"a"}))
    assert [alert.state for alert in await scene.alerts()] == [AlertState.OPEN, AlertState.RESOLVED]


async def test_without_figures_everything_stays_as_it_is(scene: Scene) -> None:
    await scene.check(finding())
    scene.script.error = Unavailable("source down")
    await scene.watcher().check(scene.bot.now)
    assert (await scene.only()).state is AlertState.OPEN


async def test_a_growing_run_of_unusual_days_is_one_alert(scene: Scene) -> None:
    await scene.check(spike(DAY, DAY))
    await scene.check(spike(DAY, DAY + timedelta(days=1), "Two days."))
    # late data: the first of them turns out to be usual
    await scene.check(spike(DAY + timedelta(days=1), DAY + timedelta(days=2), "Moved."))
    alert = await scene.only()
    assert Told.of(alert).text == "Moved."
    assert alert.found.dedupe_key == "anomaly/workspace/spike/2026-10-20"
    assert len(scene.poster.all("post")) == 1


async def test_a_spike_after_a_quiet_time_is_a_second_alert(scene: Scene) -> None:
    await scene.check(spike(DAY, DAY))
    await scene.check(spike(DAY + timedelta(days=9), DAY + timedelta(days=9)))
    assert [alert.state for alert in await scene.alerts()] == [AlertState.RESOLVED, AlertState.OPEN]


async def test_a_picture_follows_its_message_and_is_tried_again(scene: Scene) -> None:
    scene.poster.fails["edit"] = [PosterUnavailable()]
    await scene.check(spike(DAY, DAY))
    assert [method for method, _ in scene.poster.sent] == ["post"]
    await scene.watcher().refresh()
    await scene.watcher().refresh()
    assert [method for method, _ in scene.poster.sent] == ["post", "edit"]


async def test_a_message_that_was_surely_not_sent_is_sent_later(scene: Scene) -> None:
    scene.poster.fails["post"] = [PosterUnavailable(), PosterUnavailable(30)]
    await scene.check(finding())
    await scene.watcher().refresh()
    assert scene.poster.sent == []
    await scene.watcher().refresh()
    assert len(scene.poster.all("post")) == 1


async def test_a_message_that_may_have_been_sent_is_not_sent_again(scene: Scene) -> None:
    scene.poster.fails["post"] = [MaybeSent()]
    await scene.check(finding())
    for _ in range(3):
        await scene.watcher().refresh()
    assert scene.poster.sent == []
    assert Told.of(await scene.only()).post is PostState.UNSURE


async def test_a_process_that_died_while_posting_leaves_no_second_message(scene: Scene) -> None:
    class Dies(FakePoster):
        async def post(self, place: Destination, reply: Reply) -> MessageRef:
            await super().post(place, reply)
            raise KeyboardInterrupt

    scene.script.found = Found((finding(),))
    dying = Dies()
    await scene.watcher(dying).check(NOW)
    with pytest.raises(KeyboardInterrupt):
        await scene.watcher(dying).refresh()
    assert len(dying.sent) == 1
    for _ in range(2):
        scene.bot.now += HOUR
        await scene.check(finding())
    assert scene.poster.sent == []
    assert Told.of(await scene.only()).post is PostState.UNSURE


@pytest.mark.parametrize("error", [ChannelGone(), NotInChannel(), Refused()])
async def test_an_alert_that_cannot_be_posted_is_told_to_its_owner_once(
    scene: Scene, error: PosterError
) -> None:
    scene.poster.fails["post"] = [error]
    for _ in range(3):
        await scene.check(finding())
    assert scene.poster.sent == [
        ("tell", "U1: 80% is used. I could not post AL-1 to its channel; `alerts AL-1` shows it.")
    ]
    assert (await scene.only()).state is AlertState.OPEN


async def test_a_revoked_token_stops_posting_and_keeps_the_alerts_waiting(scene: Scene) -> None:
    scene.poster.fails["post"] = [TokenRevoked()]
    await scene.check(finding("a", group="a"), finding("b", group="b"))
    assert scene.poster.sent == []
    await scene.watcher().refresh()
    assert len(scene.poster.all("post")) == 2


async def test_a_deleted_message_is_edited_no_more(scene: Scene) -> None:
    await scene.check(finding())
    scene.poster.fails["edit"] = [ChannelGone()]
    await scene.check(finding(words="81% is used."))
    await scene.watcher().refresh()
    assert len(scene.poster.sent) == 1


async def test_an_alert_without_a_place_is_listed_and_not_posted(scene: Scene) -> None:
    nowhere = struct_replace(told("A spike."), place=None, post=PostState.NOWHERE)
    await scene.check(replace(finding(), told=nowhere))
    assert scene.poster.sent == []
    listed = await scene.bot.ask("alerts")
    assert isinstance(listed, Reply)
    assert listed.text == "1 alert is open. The newest, AL-1: A spike."


async def test_an_alert_that_is_over_before_it_could_be_posted_is_not_posted(scene: Scene) -> None:
    scene.poster.fails["post"] = [PosterUnavailable()]
    await scene.check(finding())
    await scene.check()
    await scene.watcher().refresh()
    assert scene.poster.sent == []


async def test_one_replica_works_at_a_time_and_a_check_waits_for_its_turn(scene: Scene) -> None:
    assert await Leases(scene.bot.state).acquire("watch", "another", NOW)
    await scene.check(finding())
    assert await scene.alerts() == ()
    assert len(scene.slept) == 9
    scene.bot.now += HOUR
    await scene.check(finding())
    assert len(scene.poster.all("post")) == 1


async def test_a_broken_database_ends_nothing(scene: Scene) -> None:
    async with scene.bot.state.write() as connection:
        await connection.execute(text("DROP TABLE leases"))
    await scene.check(finding())
    await scene.watcher().refresh()
    assert scene.poster.sent == []
