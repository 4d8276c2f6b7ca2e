"""`demo`: the demo workspace behind a local chat page."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

from aiohttp import web

from bot.app.asking import PLACES
from bot.app.build import Product
from bot.app.demo import demo_identity, demo_people, demo_workspace
from bot.app.page_chat import PageChat
from bot.app.slack_side import SeenOnce, sealer
from bot.console.chat_page import application
from bot.console.exits import Exit
from bot.console.page_story import OPENING, PEOPLE, ROOMS, SUGGESTIONS, story
from bot.console.page_wire import Asked, Person, Room, Start, Who
from bot.model.chat import Asker
from bot.model.errors import BadSetting
from bot.settings import Settings
from bot.state.seen import Seen
from handlers import COMMANDS

HOST = "127.0.0.1"


async def demo(arguments: argparse.Namespace) -> Exit:
    """Serve the page on loopback until SIGINT or SIGTERM."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with page(arguments.port, fresh=arguments.fresh) as address:
        sys.stdout.write(f"Codex Pulse demo: {address}\nready\n")
        sys.stdout.flush()
        await stop.wait()
    return Exit.DONE


@asynccontextmanager
async def page(port: int, *, fresh: bool = False) -> AsyncIterator[str]:
    """The running page's address; raises BadSetting when the port cannot be used."""
    settings = Settings.load()
    async with demo_workspace(settings, fresh=fresh) as built:
        chat = _chat(built, settings)
        runner = web.AppRunner(application(chat, await start(chat, settings.clock().date())), access_log=None)
        await runner.setup()
        try:
            yield await _listening(runner, port)
        finally:
            await runner.cleanup()


def _chat(built: Product, settings: Settings) -> PageChat:
    async def asker_of(role: Who) -> Asker:
        return await built.access.asker(demo_identity(role))

    seen = SeenOnce(Seen(built.state), built.clock)
    return PageChat(
        built.dispatcher.answer,
        asker_of,
        seen,
        sealer(settings),
        built.clock,
        built.settings.command,
        settings.native_charts,
    )


async def _listening(runner: web.AppRunner, port: int) -> str:
    try:
        await web.TCPSite(runner, HOST, port).start()
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no such port"
        raise BadSetting(
            f"Cannot listen on {HOST}:{port}: {reason}.", "Choose another with --port; 0 takes a free one."
        ) from None
    return f"http://{HOST}:{runner.addresses[0][1]}"


async def start(chat: PageChat, today: date) -> Start:
    """What the page opens with; the first picture pays for the drawing library here, not in the browser."""
    named = demo_people()
    return Start(
        command=chat.command,
        workspace="Northwind",
        today=today.isoformat(),
        people=[
            Person(role, demo_identity(role).chat_id, named.get(role, "Robin Guest"), says)
            for role, says in PEOPLE.items()
        ],
        rooms=[Room(key, PLACES[key].id, name, topic) for key, (name, topic) in ROOMS.items()],
        suggestions=list(SUGGESTIONS),
        commands=[(command.line, command.summary) for command in COMMANDS],
        story=story({command.name for command in COMMANDS}),
        opening=await chat.ask(Asked(OPENING, "analyst", "channel")),
    )
