"""Everything built once from the settings, handed on, and closed by the builder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.analytics.api import AnalyticsApi, build_http, normalise_base_url
from bot.analytics.client import AnalyticsClient
from bot.app.drawing import DrawingThread
from bot.app.receipts import ReceiptBook
from bot.dispatch import Dispatcher
from bot.dispatch.identity import Access
from bot.engine import Engine
from bot.kit.deps import Deps
from bot.kit.options import Company
from bot.lake import Lake, lake_root
from bot.model.errors import BadSetting
from bot.settings import Settings
from bot.state.engine import StateDb
from bot.sync import Sync
from handlers import COMMANDS


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


@asynccontextmanager
async def product(settings: Settings) -> AsyncIterator[Product]:
    """Build all of it; raises BadSetting when a setting is missing or cannot be used."""
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
        drawing = DrawingThread()
        closing.callback(drawing.close)
        yield _assembled(settings, api, state, drawing)


def company(settings: Settings) -> Company:
    """The choices that answers depend on."""
    return Company(
        slash=settings.command,
        timezone=settings.timezone,
        week_start=0 if settings.week_start == "monday" else 6,
        lag_hours=settings.lag_hours,
        longest_days=settings.longest_days,
        seats=settings.seats,
        usd_per_credit=settings.usd_per_credit,
        per_person=settings.policy.per_person,
        allow_emails=settings.allow_emails,
        min_team_size=settings.min_team_size,
    )


def _assembled(settings: Settings, api: AnalyticsApi, state: StateDb, drawing: DrawingThread) -> Product:
    lake = Lake(lake_root(settings.lake_url))
    sync = Sync(
        api,
        lake,
        clock=settings.clock,
        lag_hours=settings.lag_hours,
        settle_days=settings.settle_days,
        parallel=settings.sync_parallel,
    )
    analytics = AnalyticsClient(
        lake, Engine(settings.engine_url), sync, clock=settings.clock, lag_hours=settings.lag_hours, seats=settings.seats
    )
    deps = Deps(analytics, company(settings))
    dispatcher = Dispatcher(COMMANDS, deps, drawing.draw, ReceiptBook(state))
    access = Access(settings.policy, settings.admins, analytics.user_id_of)
    return Product(settings, settings.clock, dispatcher, access, analytics, sync, lake, state)


def _require(settings: Settings) -> None:
    wanted = {
        "PULSE_WORKSPACE_ID": settings.workspace_id,
        "PULSE_ANALYTICS_API_KEY": settings.analytics_api_key.get_secret_value(),
    }
    for name, value in wanted.items():
        if not value:
            raise BadSetting(f"{name} is not set.", f"Set {name}, or try the demo: codex-pulse ask \"usage 30d\" --demo")
