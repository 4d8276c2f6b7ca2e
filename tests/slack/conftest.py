from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bot.kit.recent import RecentlySeen
from bot.model.chat import Answer, Asker, Level, Place, PlaceKind, Request
from bot.slack.app import Identity, Parts, SlackApp, build_app
from bot.slack.ports import SealedCommands, SlackConfig
from tests.slack import samples, signed
from tests.slack.fake import FakeSlack
from tests.slack.workspace import APP_TOKEN, BOT_TOKEN

SEALER = SealedCommands(bytes(range(32)))


@dataclass
class Clock:
    now: datetime = samples.NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Sleeps:
    """Pauses that take no time and are remembered."""

    seconds: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


@dataclass
class Answering:
    """An answerer that gives what the test put in."""

    answer: Answer = field(default_factory=samples.reply)
    requests: list[Request] = field(default_factory=list)

    async def __call__(self, request: Request) -> Answer:
        self.requests.append(request)
        return self.answer


@dataclass
class PhoneBook:
    """A directory in which everybody is an analyst."""

    asked: list[tuple[str, str, str | None]] = field(default_factory=list)

    async def asker(self, chat_user_id: str, team_id: str, enterprise_id: str | None) -> Asker:
        self.asked.append((chat_user_id, team_id, enterprise_id))
        return Asker(chat_user_id, levels=frozenset({Level.MEMBER, Level.ANALYST}))

    async def place(self, channel_id: str, channel_name: str = "", *, is_shared: bool = False) -> Place:
        del channel_name
        kind = PlaceKind.SHARED if is_shared else PlaceKind.CHANNEL
        return Place(channel_id, PlaceKind.DM if channel_id.startswith("D") else kind)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sleeps() -> Sleeps:
    return Sleeps()


@pytest.fixture
def answering() -> Answering:
    return Answering()


@pytest.fixture
def phone_book() -> PhoneBook:
    return PhoneBook()


@pytest.fixture
async def slack(clock: Clock) -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as fake:
        fake.workspace.seconds = lambda: clock().timestamp()
        yield fake


@pytest.fixture
def config(slack: FakeSlack) -> SlackConfig:
    return SlackConfig(BOT_TOKEN, signed.SECRET, APP_TOKEN, slack.api_base_url)


@pytest.fixture
async def bot(
    config: SlackConfig, answering: Answering, phone_book: PhoneBook, clock: Clock, sleeps: Sleeps
) -> AsyncIterator[SlackApp]:
    identity = Identity("T0000AAAA", "U0000BOTT", "B0000BOTT")
    parts = Parts(answering, phone_book, RecentlySeen(), SEALER, clock, sleeps, identity)
    app = build_app(config, parts)
    yield app
    await app.close()
