"""Everything built once from the settings, handed on, and closed by the builder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib.util import find_spec

import httpx

from bot.analytics.api import AnalyticsApi, build_http, normalise_base_url
from bot.analytics.client import AnalyticsClient
from bot.analytics.directory import read_directory
from bot.app.auditlog import AuditLog, audit_log
from bot.app.drawing import DrawingThread
from bot.app.lookups import LookUpTrail
from bot.app.meters import Meters
from bot.app.notices import PostedNotices
from bot.app.reach import Reaches
from bot.app.receipts import ReceiptBook
from bot.app.signingkey import signer
from bot.dispatch import Dispatcher
from bot.dispatch.identity import Access, unlinked
from bot.dispatch.judging import CommandJudge
from bot.dispatch.lanes import Lanes
from bot.engine.engine import Engine
from bot.engine.options import engine_options
from bot.kit.deps import Deps
from bot.kit.exportfiles import ExportFolder
from bot.kit.options import Company
from bot.kit.scheduling import Scheduling
from bot.lake import Lake, lake_root
from bot.model.errors import BadSetting
from bot.model.redaction import Redactor
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
    audit: AuditLog | None = None
    notices: PostedNotices = field(default_factory=lambda: PostedNotices(""))


@asynccontextmanager
async def product(
    settings: Settings, meters: Meters | None = None, *, events_on_demand: bool = False
) -> AsyncIterator[Product]:
    """Build all of it; raises BadSetting when a setting is missing or cannot be used.

    Answers are counted by `meters`. With `events_on_demand` a question about the audit log first reads what
    is new.
    """
    _require(settings)
    async with AsyncExitStack() as closing:
        http = await closing.enter_async_context(build_http())
        api = _api(settings, http)
        state = await closing.enter_async_context(StateDb(settings.state_url))
        lake = Lake(lake_root(settings.lake_url))
        engine = Engine(lake.root, engine_options(settings.engine_url))
        closing.push_async_callback(engine.close)
        drawing = DrawingThread()
        closing.callback(drawing.close)
        exports = ExportFolder(lambda: signer(settings))
        closing.callback(exports.close)
        audit = audit_log(settings, http, lake, engine, state, on_demand=events_on_demand)
        yield _assembled(
            settings, _Parts(api, lake, engine, state, drawing, exports, audit), meters or Meters()
        )


@dataclass(frozen=True, slots=True)
class PeopleByEmail:
    """Finds the Codex person of a profile e-mail."""

    analytics: AnalyticsClient

    async def find(self, email: str) -> str | None:
        """The user id, None for somebody never seen."""
        wanted = email.casefold()
        people = await self.analytics.people()
        return next((p.user_id for p in people.values() if p.email and p.email.casefold() == wanted), None)


def library_redactor() -> Callable[[], Redactor] | None:
    """Makes the redactor at its first use; None when the extra `redaction` is not installed."""
    if (
        find_spec("detect_secrets") is None
        or find_spec("phonenumbers") is None
        or find_spec("stdnum") is None
    ):
        return None
    return _redactor


@cache
def _redactor() -> Redactor:
    from bot.redaction import LibraryRedactor  # noqa: PLC0415  # the extra is optional and takes a while

    return LibraryRedactor()


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
        answer_expires_minutes=settings.answer_expires_minutes,
        models_allowed=settings.policy.models_allowed,
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    """What has to be opened and closed, before it is put together."""

    api: AnalyticsApi
    lake: Lake
    engine: Engine
    state: StateDb
    drawing: DrawingThread
    exports: ExportFolder
    audit: AuditLog | None


def _api(settings: Settings, http: httpx.AsyncClient) -> AnalyticsApi:
    return AnalyticsApi(
        http,
        base_url=normalise_base_url(settings.api_base_url),
        workspace_id=settings.workspace_id,
        key=settings.analytics_api_key,
        limit=settings.page_limit,
        clock=settings.clock,
    )


def _assembled(settings: Settings, parts: _Parts, meters: Meters) -> Product:
    sync = _sync(settings, parts)
    directory = read_directory(settings.directory_file) if settings.directory_file else None
    analytics = AnalyticsClient(
        parts.lake, parts.engine, sync, clock=settings.clock, seats=settings.seats, directory=directory
    )
    reach, notices = Reaches(), PostedNotices(settings.security_channel)
    deps = _deps(settings, parts, analytics, reach, notices)
    by_chat = directory.email_of_chat if directory else unlinked
    return Product(
        settings,
        settings.clock,
        _dispatcher(settings, parts, deps, meters),
        Access(settings.policy, settings.admins, PeopleByEmail(analytics).find, by_chat),
        analytics,
        sync,
        parts.lake,
        parts.state,
        reach,
        parts.drawing.warm,
        parts.engine.warm,
        parts.audit,
        notices,
    )


def _sync(settings: Settings, parts: _Parts) -> Sync:
    rules = Rules(settings.lag_hours, settings.settle_days, settings.refresh_minutes, settings.retention_days)
    return Sync(parts.api, parts.lake, clock=settings.clock, rules=rules, parallel=settings.sync_parallel)


def _deps(
    settings: Settings, parts: _Parts, analytics: AnalyticsClient, reach: Reaches, notices: PostedNotices
) -> Deps:
    chosen = company(settings)
    return Deps(
        analytics,
        chosen,
        parts.state,
        Scheduling(CommandJudge(COMMANDS, chosen), reach),
        parts.exports,
        parts.audit.client if parts.audit else None,
        notices,
        library_redactor(),
    )


def _dispatcher(settings: Settings, parts: _Parts, deps: Deps, meters: Meters) -> Dispatcher:
    lanes = Lanes(on_busy=meters.turned_away)
    meters.watch(lanes)
    book, look_ups = ReceiptBook(parts.state), LookUpTrail.of(settings, parts.state)
    return Dispatcher(COMMANDS, deps, parts.drawing.draw, book, look_ups, lanes, meters)


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
