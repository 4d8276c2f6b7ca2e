"""`run`: the bot. Listens first, syncs at start and hourly, ends within 20 s of SIGTERM."""

from __future__ import annotations

import argparse
import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import structlog
from aiohttp import web

from bot.app.build import Product, product
from bot.app.logs import log_events
from bot.app.slack_side import slack_side
from bot.app.watching import watching
from bot.console.exits import Exit
from bot.model.errors import BadSetting
from bot.settings import Settings
from bot.slack.app import SlackApp
from bot.watch import Watcher

log = structlog.get_logger(__name__)
SYNC_EVERY_SECONDS = 3600


async def run(_arguments: argparse.Namespace) -> Exit:
    """Run until SIGINT or SIGTERM; finish what was accepted."""
    settings = Settings.load()
    _require_slack(settings)
    log_events()
    stop = _stop_signal()
    async with AsyncExitStack() as closing:
        built = await closing.enter_async_context(product(settings))
        app = await closing.enter_async_context(slack_side(built))
        await closing.enter_async_context(_server(settings, app))
        watcher = await closing.enter_async_context(watching(built, {}))
        await closing.enter_async_context(_syncing(built, watcher))
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
async def _syncing(built: Product, watcher: Watcher) -> AsyncIterator[None]:
    task = asyncio.create_task(_sync_hourly(built, watcher))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _sync_hourly(built: Product, watcher: Watcher) -> None:
    """Failures are in the report and the log; the next hour tries again."""
    while True:
        await built.sync.run()
        await watcher.check(built.clock())
        await asyncio.sleep(SYNC_EVERY_SECONDS)


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
