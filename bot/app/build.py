"""Everything built once from the settings, handed on, and closed by the builder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.analytics.api import AnalyticsApi, build_http, normalise_base_url
from bot.analytics.client import AnalyticsClient
from bot.analytics.directory import read_directory
from bot.app.drawing import DrawingThread
from bot.app.meters import Meters
from bot.app.reach import Reaches
from bot.app.receipts import ReceiptBook
from bot.dispatch import Dispatcher
from bot.dispatch.identity import Access, unlinked
from bot.dispatch.judging import CommandJudge
from bot.dispatch.lanes import Lanes
from bot.engine.engine import Engine
from bot.engine.options import engine_options
from bot.kit.deps import Deps
from bot.kit.options import Company
from bot.kit.scheduling import Scheduling
from bot.lake import Lake, lake_root
from bot.model.errors import BadSetting
from bot.settings import Settings
from bot.state.engine import StateDb
from bot.sync import Rules, Sync
from handlers import COMMANDS

Warm = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Product:
    """What the platforms and the command line work with."""

    settings: Settings
    clock: Callable[[], datetime]
    dispatcher: Dispatcher
    access: Access
    analytics: AnalyticsClient
    sync: Sync
    lake: Lake
    state: StateDb
    reach: Reaches
    warm_drawing: Warm
    warm_engine: Warm


@asynccontextmanager
async def product(settings: Settings, meters: Meters | None = None) -> AsyncIterator[Product]:
    """Build all of it, with answers counted by `meters`.

    Raises BadSetting when a setting is missing or cannot be used.
    """
    _require(settings)
    async with AsyncExitStack() as closing:
        http = await closing.enter_async_context(build_http())
        api = AnalyticsApi(
            http,
            base_url=normalise_base_url(settings.api_base_url),
            workspace_id=settings.workspace_id,
            key=settings.analytics_api_key,
            limit=settings.page_limit,
            clock=settings.clock,
        )
        state = await closing.enter_async_context(StateDb(settings.state_url))
        lake = Lake(lake_root(settings.lake_url))
        engine = Engine(lake.root, engine_options(settings.engine_url))
        closing.push_async_callback(engine.close)
        drawing = DrawingThread()
        closing.callback(drawing.close)
        yield _assembled(settings, api, lake, engine, state, drawing, meters or Meters())


@dataclass(frozen=True, slots=True)
class PeopleByEmail:
    """Finds the Codex person of a profile e-mail."""

    analytics: AnalyticsClient

    async def find(self, email: str) -> str | None:
        """The user id, None for somebody never seen."""
        wanted = email.casefold()
        people = await self.analytics.people()
        return next((p.user_id for p in people.values() if p.email and p.email.casefold() == wanted), None)


def company(settings: Settings) -> Company:
    """The choices that answers depend on."""
    return Company(
        slash=settings.command,
        timezone=settings.timezone,
        week_start=0 if settings.week_start == "monday" else 6,
        lag_hours=settings.lag_hours,
        longest_days=settings.longest_days,
        seats=settings.seats,
        power_turns=settings.power_turns,
        usd_per_credit=settings.usd_per_credit,
        per_person=settings.policy.per_person,
        allow_emails=settings.allow_emails,
        min_team_size=settings.min_team_size,
    )


def _assembled(
    settings: Settings,
    api: AnalyticsApi,
    lake: Lake,
    engine: Engine,
    state: StateDb,
    drawing: DrawingThread,
    meters: Meters,
) -> Product:
    rules = Rules(settings.lag_hours, settings.settle_days, settings.refresh_minutes)
    sync = Sync(api, lake, clock=settings.clock, rules=rules, parallel=settings.sync_parallel)
    directory = read_directory(settings.directory_file) if settings.directory_file else None
    analytics = AnalyticsClient(
        lake, engine, sync, clock=settings.clock, seats=settings.seats, directory=directory
    )
    chosen, reach = company(settings), Reaches()
    deps = Deps(analytics, chosen, state, Scheduling(CommandJudge(COMMANDS, chosen), reach))
    lanes = Lanes(on_busy=meters.turned_away)
    meters.watch(lanes)
    dispatcher = Dispatcher(COMMANDS, deps, drawing.draw, ReceiptBook(state), lanes, meters)
    by_chat = directory.email_of_chat if directory else unlinked
    access = Access(settings.policy, settings.admins, PeopleByEmail(analytics).find, by_chat)
    return Product(
        settings,
        settings.clock,
        dispatcher,
        access,
        analytics,
        sync,
        lake,
        state,
        reach,
        drawing.warm,
        engine.warm,
    )


def _require(settings: Settings) -> None:
    wanted = {
        "PULSE_WORKSPACE_ID": settings.workspace_id,
        "PULSE_ANALYTICS_API_KEY": settings.analytics_api_key.get_secret_value(),
    }
    for name, value in wanted.items():
        if not value:
            raise BadSetting(
                f"{name} is not set.", f'Set {name}, or try the demo: codex-pulse ask "usage 30d" --demo'
            )
