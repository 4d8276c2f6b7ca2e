"""`run`: the bot. Listens first, syncs at start and hourly, ends within 20 s of SIGTERM."""

from __future__ import annotations

import argparse
import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from typing import Any

import structlog
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.app.build import Product, product
from bot.app.logs import log_events
from bot.app.scheduling import corrections, ticker
from bot.app.slack_side import slack_line, slack_outlet, slack_side, slack_sweeper
from bot.app.watching import watcher
from bot.console.exits import Exit
from bot.model.chat import Platform
from bot.model.errors import BadSetting
from bot.model.message import Destination
from bot.schedule.corrections import Corrections
from bot.settings import Settings
from bot.slack.app import SlackApp
from bot.watch import Watcher

log = structlog.get_logger(__name__)
SYNC_EVERY_SECONDS = 3600
POST_GRACE_SECONDS = 15.0


async def run(_arguments: argparse.Namespace) -> Exit:
    """Run until SIGINT or SIGTERM; finish what was accepted."""
    settings = Settings.load()
    _require_slack(settings)
    log_events()
    stop = _stop_signal()
    async with AsyncExitStack() as closing:
        built = await closing.enter_async_context(product(settings))
        line = await closing.enter_async_context(slack_line(built))
        app = await closing.enter_async_context(slack_side(built, line))
        await closing.enter_async_context(_server(settings, app))
        outlets = {Platform.SLACK: slack_outlet(built, line)}
        ticking = replace(ticker(built, outlets), sleep=_until(stop))
        await closing.enter_async_context(_in_background(slack_sweeper(built, app).run()))
        correcting = _correct_hourly(corrections(built, outlets))
        posters = {platform: outlet.poster for platform, outlet in outlets.items()}
        built.notices.posters.update(posters)
        channel = settings.alert_channel
        watch = watcher(built, posters, Destination(Platform.SLACK, channel) if channel else None)
        refreshing = replace(watch, sleep=_until(stop)).keep_fresh()
        await closing.enter_async_context(_in_background(_sync_hourly(built, watch)))
        await closing.enter_async_context(_in_background(refreshing, POST_GRACE_SECONDS))
        await closing.enter_async_context(_in_background(correcting))
        await closing.enter_async_context(_in_background(ticking.run(), POST_GRACE_SECONDS))
        log.info("ready", mode="socket" if app.config.app_token else "http")
        await stop.wait()
        log.info("stopping")
    return Exit.DONE


@asynccontextmanager
async def _server(settings: Settings, app: SlackApp) -> AsyncIterator[None]:
    """The bot's own HTTP server, on loopback unless told otherwise."""
    application = web.Application(client_max_size=2**20)
    application.add_routes(app.routes())
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.http_host, settings.http_port).start()
        yield
    except OSError as error:
        raise BadSetting(
            f"Cannot listen on {settings.http_host}:{settings.http_port}: {error.strerror}.",
            "Set PULSE_HTTP_PORT to a free port.",
        ) from None
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _in_background(work: Coroutine[Any, Any, None], grace_seconds: float = 0) -> AsyncIterator[None]:
    """Run beside everything else; at the end it has the grace to finish what it is at."""
    task = asyncio.create_task(work)
    task.add_done_callback(_log_failure)
    try:
        yield
    finally:
        await asyncio.wait({task}, timeout=grace_seconds)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("background_work_failed", exc_info=error)


async def _sync_hourly(built: Product, watch: Watcher) -> None:
    """Failures are in the report and the log; the next hour tries again."""
    while True:
        await built.sync.run()
        if built.audit:
            await built.audit.read()
        await watch.check(built.clock())
        await asyncio.sleep(SYNC_EVERY_SECONDS)


async def _correct_hourly(correcting: Corrections) -> None:
    """A state database that is away is back an hour later; each digest is looked at once a day anyway."""
    while True:
        try:
            await correcting.run(correcting.clock())
        except (SQLAlchemyError, OSError) as error:
            log.warning("state_unavailable", error=type(error).__name__)
        await asyncio.sleep(SYNC_EVERY_SECONDS)


def _until(stop: asyncio.Event) -> Callable[[float], Awaitable[None]]:
    """A pause that ends its task when the bot stops: between two posts, never within one."""

    async def pause(seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)
            raise asyncio.CancelledError

    return pause


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def _require_slack(settings: Settings) -> None:
    if not settings.slack_bot_token.get_secret_value():
        raise BadSetting(
            "PULSE_SLACK_BOT_TOKEN is not set.", "Run `codex-pulse doctor`: it names the next step."
        )
    tokens = (settings.slack_app_token, settings.slack_signing_secret)
    if not any(token.get_secret_value() for token in tokens):
        raise BadSetting(
            "Neither PULSE_SLACK_APP_TOKEN (Socket Mode) nor PULSE_SLACK_SIGNING_SECRET (HTTP) is set.",
            "Run `codex-pulse doctor`: it names the next step.",
        )
