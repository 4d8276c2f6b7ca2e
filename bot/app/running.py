"""`run`: the bot. Listens first, then warms up; one replica syncs hourly; it ends within 20 s of SIGTERM."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.app.build import Product, product
from bot.app.leading import Leader
from bot.app.logs import log_events
from bot.app.meters import Meters
from bot.app.platforms import connected, require_platform, sides
from bot.app.scheduling import Outlet, corrections, daily_head, ticker
from bot.app.serving import Readiness, application, serving
from bot.app.stopping import Stop, on_signals
from bot.app.watching import watcher
from bot.console.exits import Exit
from bot.model.chat import Platform
from bot.model.errors import StateAway
from bot.model.message import destination_named
from bot.schedule.corrections import Corrections
from bot.schedule.trailhead import DailyHead
from bot.settings import Settings
from bot.watch import Watcher

log = structlog.get_logger(__name__)
SYNC_EVERY_SECONDS = 3600
WARMED = ("drawing", "engine")


async def run(_arguments: argparse.Namespace) -> Exit:
    """Run until SIGINT or SIGTERM; finish what was accepted."""
    settings = Settings.load()
    require_platform(settings)
    log_events()
    meters, readiness = Meters(), Readiness(*WARMED)
    async with AsyncExitStack() as closing:
        stop = closing.enter_context(on_signals())
        built = await closing.enter_async_context(product(settings, meters))
        opened = await closing.enter_async_context(sides(built, stop.grace_seconds))
        for upkeep in opened.upkeep:
            await closing.enter_async_context(_in_background(upkeep()))
        for work, may_finish in _background(built, opened.outlets, meters, stop):
            grace = stop.grace_seconds if may_finish else _at_once
            await closing.enter_async_context(_in_background(work, grace))
        await closing.enter_async_context(serving(settings, application(opened.routes, readiness, meters)))
        await closing.enter_async_context(connected(opened))
        log.info("listening", mode=opened.mode, platforms=sorted(opened.outlets))
        await closing.enter_async_context(_in_background(_warm(built, readiness)))
        await stop.wait()
        log.info("stopping")
        readiness.stopping = True
    return Exit.DONE


def _background(
    built: Product, outlets: Mapping[Platform, Outlet], meters: Meters, stop: Stop
) -> Iterator[tuple[Coroutine[Any, Any, None], bool]]:
    """What runs beside the answers, and whether it may finish what it is at when the bot stops."""
    correcting = corrections(built, outlets)
    posters = {platform: outlet.poster for platform, outlet in outlets.items()}
    built.notices.posters.update(posters)
    watch = watcher(built, posters, destination_named(built.settings.alert_channel))

    async def lead() -> None:
        await asyncio.gather(
            _sync_hourly(built, watch, meters),
            _correct_hourly(correcting),
            _keep_trail_head_hourly(daily_head(built), built.clock),
            _read_audit_log_hourly(built, watch),
        )

    leader = Leader(built.state, "sync", lead, built.clock, lambda leads: meters.leads(leading=leads))
    yield leader.run(), False
    yield replace(watch, sleep=_until(stop)).keep_fresh(), True
    yield replace(ticker(built, outlets), sleep=_until(stop)).run(), True


async def _warm(built: Product, readiness: Readiness) -> None:
    """Import what answers need, now that the server listens (performance.md)."""
    for name, warm in zip(WARMED, (built.warm_drawing, built.warm_engine), strict=True):
        await warm()
        readiness.done(name)
    log.info("ready")


def _at_once() -> float:
    return 0.0


@asynccontextmanager
async def _in_background(
    work: Coroutine[Any, Any, None], grace_seconds: Callable[[], float] = _at_once
) -> AsyncIterator[None]:
    """Run beside everything else; at the end it has the grace to finish what it is at."""
    task = asyncio.create_task(work)
    task.add_done_callback(_log_failure)
    try:
        yield
    finally:
        await asyncio.wait({task}, timeout=grace_seconds())
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("background_work_failed", exc_info=error)


async def _sync_hourly(built: Product, watch: Watcher, meters: Meters) -> None:
    """Failures are in the report and the log; the next hour tries again."""
    while True:
        meters.synced(await built.sync.run(), built.clock())
        await watch.check(built.clock())
        await asyncio.sleep(SYNC_EVERY_SECONDS)


async def _read_audit_log_hourly(built: Product, watch: Watcher) -> None:
    """What cannot be read is logged; the next hour tries again."""
    while built.audit is not None:
        await built.audit.read()
        await watch.check(built.clock())
        await asyncio.sleep(SYNC_EVERY_SECONDS)


async def _correct_hourly(correcting: Corrections) -> None:
    """A state database that is away is back an hour later; each digest is looked at once a day anyway."""
    while True:
        try:
            await correcting.run(correcting.clock())
        except (StateAway, SQLAlchemyError) as error:
            log.warning("state_unavailable", error=type(error).__name__)
        await asyncio.sleep(SYNC_EVERY_SECONDS)


async def _keep_trail_head_hourly(head: DailyHead, clock: Callable[[], datetime]) -> None:
    """Without state the next hour tries again; one head a day is kept and posted."""
    while True:
        try:
            await head.run(clock())
        except (StateAway, SQLAlchemyError) as error:
            log.warning("state_unavailable", error=type(error).__name__)
        await asyncio.sleep(SYNC_EVERY_SECONDS)


def _until(stop: Stop) -> Callable[[float], Awaitable[None]]:
    """A pause that ends its task when the bot stops: between two posts, never within one."""

    async def pause(seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)
            raise asyncio.CancelledError

    return pause
