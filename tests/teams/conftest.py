from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.kit.recent import RecentlySeen
from bot.model.chat import Answer, Asker, Level, Place, PlaceKind, PlaceLevel, Request
from bot.teams.app import Parts, TeamsApp, build_app
from bot.teams.ports import KnownConversations, Profile, TeamsConfig
from tests.slack import samples
from tests.teams import fake
from tests.teams.fake import FakeTeams


@dataclass
class Clock:
    now: datetime = samples.NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Time:
    """Seconds that pass only by pauses; the pauses are remembered."""

    seconds: float = 0.0
    pauses: list[float] = field(default_factory=list)

    def ticks(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.seconds += seconds


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
    """A directory: members of the organisation are analysts, outsiders are nobody."""

    profiles: list[Profile] = field(default_factory=list)

    async def asker(self, profile: Profile) -> Asker:
        self.profiles.append(profile)
        levels = frozenset[Level]() if profile.is_outsider else frozenset({Level.MEMBER, Level.ANALYST})
        return Asker(profile.object_id, profile.email, levels)

    async def place(self, place_id: str, kind: PlaceKind) -> Place:
        return Place(place_id, kind, PlaceLevel.AGGREGATE)


SIGNED = "signed as Teams does"


@dataclass
class Running:
    """The adapter on a server of its own."""

    app: TeamsApp
    url: str
    session: aiohttp.ClientSession

    async def deliver(self, body: Any, token: str | None = SIGNED, **headers: str) -> tuple[int, Any]:
        """Send an activity as Teams does and wait until its work is done."""
        if token == SIGNED:
            token = fake.token(str(body.get("serviceUrl", "")))
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        async with self.session.post(f"{self.url}/api/messages", json=body, headers=headers) as response:
            told = await response.json() if response.content_type == "application/json" else None
        # long enough for a busy machine: work that is cut off here would look like an answer never sent
        await self.app.tasks.drain(60)
        return response.status, told


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def passing() -> Time:
    return Time()


@pytest.fixture
def answering() -> Answering:
    return Answering()


@pytest.fixture
def phone_book() -> PhoneBook:
    return PhoneBook()


@pytest.fixture
def known() -> KnownConversations:
    return KnownConversations()


@pytest.fixture
async def teams() -> AsyncIterator[FakeTeams]:
    async with FakeTeams() as server:
        yield server


@pytest.fixture
def parts(
    answering: Answering,
    phone_book: PhoneBook,
    known: KnownConversations,
    clock: Clock,
    passing: Time,
    tmp_path: Path,
) -> Parts:
    async def token() -> str:
        return "bot-token"

    return Parts(
        answering,
        phone_book,
        RecentlySeen(),
        known,
        tmp_path / "links",
        clock,
        passing.sleep,
        passing.ticks,
        token,
    )


@pytest.fixture
def config(teams: FakeTeams) -> TeamsConfig:
    return TeamsConfig(
        app_id=fake.APP_ID,
        password="secret",
        tenant_id=fake.TENANT_ID,
        public_url="https://pulse.example.com",
        link_key=bytes(range(32)),
        openid_metadata_url=f"{teams.url}/metadata",
        login_url=teams.url,
    )


@pytest.fixture
async def run(config: TeamsConfig, parts: Parts) -> AsyncIterator[Callable[..., Awaitable[Running]]]:
    """Starts the adapter with changed settings."""
    closing: list[Callable[[], Awaitable[None]]] = []

    async def start(host: str = "127.0.0.1", **changes: Any) -> Running:
        app = build_app(replace(config, **changes), parts)
        closing.append(app.close)
        await app.start()
        served = web.Application()
        served.add_routes(app.routes())
        runner = web.AppRunner(served)
        await runner.setup()
        closing.append(runner.cleanup)
        await web.TCPSite(runner, host, 0).start()
        session = aiohttp.ClientSession()
        closing.append(session.close)
        return Running(app, f"http://127.0.0.1:{runner.addresses[0][1]}", session)

    yield start
    for close in reversed(closing):
        await close()


@pytest.fixture
async def bot(run: Callable[..., Awaitable[Running]]) -> Running:
    return await run()
