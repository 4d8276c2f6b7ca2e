"""A dispatcher over a small lake and a state database of its own, without network."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from bot.analytics.client import AnalyticsClient
from bot.analytics.directory import Directory
from bot.app.lookups import LookUpTrail
from bot.app.receipts import ReceiptBook
from bot.compliance.client import ComplianceClient
from bot.dispatch import Dispatcher
from bot.dispatch.dispatcher import Draw
from bot.dispatch.judging import CommandJudge
from bot.dispatch.policy import INCLUDES
from bot.kit.deps import Deps
from bot.kit.exportfiles import ExportFolder
from bot.kit.options import Company
from bot.kit.scheduling import Reach, Scheduling, everywhere
from bot.lake import Lake
from bot.model.chat import Answer, Asker, Drawing, Level, Picture, Place, PlaceKind, PlaceLevel, Request
from bot.model.signing import Signer
from bot.state.engine import StateDb
from bot.state.trail import Trail
from bot.sync import Sync
from handlers import COMMANDS
from tests.remembering import RememberingEngine, new_state

COMPANY = Company()
SIGNER = Signer(bytes(32))
NOW = datetime(2026, 10, 21, 15, tzinfo=UTC)
CHANNEL = Place("C0PULSE001", PlaceKind.CHANNEL)
ANALYSTS = Place("C0PULSE002", PlaceKind.CHANNEL, PlaceLevel.PEOPLE)
SHARED = Place("C0PULSE003", PlaceKind.SHARED)
DM = Place("D0PULSE001", PlaceKind.DM, PlaceLevel.PEOPLE)


def person(level: Level = Level.ADMIN, chat_id: str = "U0000AAAA") -> Asker:
    return Asker(chat_id, f"{chat_id.lower()}@example.com", INCLUDES[level])


async def no_picture(drawing: Drawing) -> Picture:
    """Drawing takes half a second; most tests are not about it."""
    return Picture(b"png", drawing.alt, 1000, 560, drawing.name)


@dataclass
class Bot:
    """Asks commands at `now`; tests move the clock."""

    dispatcher: Dispatcher
    state: StateDb
    now: datetime = NOW
    place: Place = CHANNEL
    asker: Asker = field(default_factory=person)

    def request(self, text: str) -> Request:
        return Request(text, self.asker, self.place, self.now, id="test")

    async def ask(self, text: str, **changes: object) -> Answer:
        return await self.dispatcher.answer(replace(self.request(text), **changes))  # type: ignore[arg-type]


@asynccontextmanager
async def a_bot(
    root: Path,
    lake: Lake | None = None,
    company: Company = COMPANY,
    *,
    draw: Draw = no_picture,
    reach: Reach = everywhere,
    seats: int | None = None,
    directory: Directory | None = None,
    sync: Sync | None = None,
    audit: bool = True,
    state_url: str = "",
) -> AsyncIterator[Bot]:
    """A bot over `lake`, or over `root / "lake"`, with its state in `root` unless `state_url` says where."""
    bot: Bot
    lake = lake or Lake(root / "lake")
    engine = RememberingEngine(lake.root)

    def clock() -> datetime:
        return bot.now

    analytics = AnalyticsClient(lake, engine, sync, clock=clock, seats=seats, directory=directory)
    async with StateDb(state_url or await new_state(root)) as state:
        exports = ExportFolder(lambda: SIGNER)
        scheduling = Scheduling(CommandJudge(COMMANDS, company), reach)
        compliance = ComplianceClient(lake, engine, None, clock) if audit else None
        deps = Deps(analytics, company, state, scheduling, exports, compliance)
        look_ups = LookUpTrail(Trail(state), bytes(32))
        bot = Bot(Dispatcher(COMMANDS, deps, draw, ReceiptBook(state), look_ups), state)
        yield bot
        exports.close()
    await engine.close()
