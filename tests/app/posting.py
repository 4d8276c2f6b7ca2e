"""A platform in memory for whole answers, and a ticker over a bot of the handlers' tests."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.app.scheduling import Outlet, ScheduledAnswer
from bot.model.chat import Asker, File, Platform, Reply
from bot.model.message import Destination, MessageRef
from bot.model.posting import PosterError
from bot.schedule.corrections import Corrections
from bot.schedule.ticker import Ticker
from bot.settings import Policy
from tests.handlers.answering import Bot


@dataclass
class Wall:
    """Everything that was posted, edited, attached and told. An error in `trouble` is raised once."""

    posts: list[tuple[str, Reply]] = field(default_factory=list)
    edits: list[tuple[str, Reply]] = field(default_factory=list)
    files: list[tuple[str, str, str]] = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)
    trouble: list[PosterError] = field(default_factory=list)

    async def post(self, place: Destination, reply: Reply) -> MessageRef:
        self._fail()
        self.posts.append((place.place_id, reply))
        return MessageRef(place.place_id, f"{len(self.posts)}.0")

    async def add_picture(self, place: Destination, message: MessageRef, reply: Reply) -> None:
        self._fail()
        assert place.place_id == message.place_id
        self.edits.append((message.message_id, reply))

    async def add_file(self, place: Destination, message: MessageRef, file: File) -> None:
        assert place.place_id == message.place_id
        self.files.append((message.message_id, file.name, file.path.read_text(encoding="utf-8")))

    async def tell_owner(self, owner_id: str, text: str) -> None:
        self.told.append((owner_id, text))

    def _fail(self) -> None:
        if self.trouble:
            raise self.trouble.pop(0)


@dataclass
class Scheduled:
    """The bot, the wall it posts to, and who its people are today."""

    bot: Bot
    wall: Wall = field(default_factory=Wall)
    policy: Policy = field(default_factory=Policy)
    people: dict[str, Asker] = field(default_factory=dict)

    async def asker_of(self, owner_id: str, place: Destination) -> Asker:
        assert place.place_id
        return self.people.get(owner_id, self.bot.asker)

    def answer(self) -> ScheduledAnswer:
        outlets = {Platform.SLACK: Outlet(self.asker_of, self.wall)}
        return ScheduledAnswer(self.bot.dispatcher, self.policy, outlets)

    def ticker(self) -> Ticker:
        return Ticker(self.bot.state, self.answer(), {Platform.SLACK: self.wall}, clock=lambda: self.bot.now)

    def corrections(self, threshold_pct: float = 5.0) -> Corrections:
        posters = {Platform.SLACK: self.wall}
        return Corrections(
            self.bot.state, self.answer(), posters, lambda: self.bot.now, threshold_pct=threshold_pct
        )
