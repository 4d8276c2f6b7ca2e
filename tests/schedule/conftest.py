from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.model.chat import Answer, File, Footer, Picture, PlaceKind, Reply
from bot.model.message import Destination, MessageRef, Platform
from bot.model.schedule import Schedule, ScheduleKind
from bot.schedule.ports import PosterError
from bot.schedule.ticker import Ticker
from bot.state.deliveries import Deliveries, Delivery
from bot.state.engine import StateDb
from bot.state.subscriptions import NewSubscription, Subscription, Subscriptions
from tests.remembering import new_state

NOW = datetime(2026, 10, 21, 15, tzinfo=UTC)


@dataclass
class FakePoster:
    """A platform in memory. Errors in `fails[method]` are raised one call each, before anything is sent."""

    sent: list[tuple[str, str, str]] = field(default_factory=list)
    fails: dict[str, list[PosterError | None]] = field(default_factory=dict)

    def _do(self, method: str, where: str, what: str) -> None:
        script = self.fails.get(method, [])
        error = script.pop(0) if script else None
        if error is not None:
            raise error
        self.sent.append((method, where, what))

    async def post(self, place: Destination, reply: Reply) -> MessageRef:
        self._do("post", place.place_id, reply.text)
        return MessageRef(place.place_id, f"{len(self.sent)}.0")

    async def add_picture(self, place: Destination, message: MessageRef, reply: Reply) -> None:
        assert message.place_id == place.place_id
        self._do("picture", message.message_id, reply.text)

    async def add_file(self, place: Destination, message: MessageRef, file: File) -> None:
        assert message.place_id == place.place_id
        self._do("file", message.message_id, file.name)

    async def tell_owner(self, owner_id: str, text: str) -> None:
        self._do("tell", owner_id, text)

    def all(self, method: str) -> list[str]:
        return [what for name, _, what in self.sent if name == method]


@dataclass
class FakeAnswer:
    """Answers with the instant it was asked about, a picture and files, or with what `instead` says."""

    instead: Answer | None = None
    files: tuple[str, ...] = ("a.csv", "b.json")
    asked: list[datetime] = field(default_factory=list)

    async def __call__(self, subscription: Subscription, as_of: datetime) -> Answer:
        self.asked.append(as_of)
        files = tuple(File(name, "text/csv", Path("/nowhere"), "0" * 64) for name in self.files)
        reply = Reply(
            command=subscription.wanted.command,
            text=f"312 people used Codex, as of {as_of:%d %b %H:%M}.",
            pictures=(Picture(b"png", "312 people", 800, 400),),
            files=files,
            footer=Footer(receipt="R-7K3M9QXD"),
        )
        return self.instead or reply


@dataclass
class Bot:
    """A ticker with fakes around it and a clock that only the test moves."""

    db: StateDb
    now: datetime = NOW
    poster: FakePoster = field(default_factory=FakePoster)
    answer: FakeAnswer = field(default_factory=FakeAnswer)

    def ticker(self, on_step: Callable[[Delivery], None] = lambda _delivery: None) -> Ticker:
        return Ticker(
            self.db, self.answer, {Platform.SLACK: self.poster}, clock=lambda: self.now, on_step=on_step
        )

    async def subscribe(
        self, due_at: datetime = NOW, place: str = "C1", kind: PlaceKind = PlaceKind.CHANNEL
    ) -> Subscription:
        schedule = Schedule(ScheduleKind.DAILY, time(due_at.hour, due_at.minute), "UTC")
        wanted = NewSubscription(Destination(Platform.SLACK, place, kind), "U1", "usage 7d", schedule)
        return await Subscriptions(self.db).add(wanted, due_at, NOW - timedelta(days=9))

    async def subscription(self) -> Subscription:
        (only,) = await Subscriptions(self.db).all()
        return only

    async def delivery(self) -> Delivery:
        (only,) = await Deliveries(self.db).last()
        return only


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    async with StateDb(await new_state(tmp_path)) as db:
        yield Bot(db)


@pytest.fixture
def new_bot() -> type[Bot]:
    """For a second replica on the same database."""
    return Bot
