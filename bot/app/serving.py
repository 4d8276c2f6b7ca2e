"""The bot's own HTTP server: the platforms' routes, `/healthz`, `/readyz` and `/metrics`."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.app.meters import Meters
from bot.model.errors import BadSetting
from bot.settings import Settings

BODY_LIMIT_BYTES: Final = 2**20
_CLOSE_SECONDS: Final = 2.0


class Readiness:
    """What has to be there before answers come fast, and whether the bot is going."""

    def __init__(self, *awaited: str) -> None:
        self._awaited = set(awaited)
        self.stopping = False

    def done(self, name: str) -> None:
        """`name` is there."""
        self._awaited.discard(name)

    @property
    def awaited(self) -> tuple[str, ...]:
        """What is still missing, in order."""
        return ("stopping",) if self.stopping else tuple(sorted(self._awaited))


def application(routes: Iterable[web.RouteDef], readiness: Readiness, meters: Meters) -> web.Application:
    """Everything the server answers."""

    async def healthz(_request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def readyz(_request: web.Request) -> web.Response:
        waiting = readiness.awaited
        status = 503 if waiting else 200
        return web.json_response({"ready": not waiting, "waiting_for": list(waiting)}, status=status)

    async def metrics(request: web.Request) -> web.Response:
        body, content_type = meters.exposition(request.headers.get("Accept", ""))
        return web.Response(body=body, headers={"Content-Type": content_type})

    app = web.Application(client_max_size=BODY_LIMIT_BYTES, middlewares=[_measured(meters)])
    app.add_routes(routes)
    app.add_routes([web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics)])
    return app


@asynccontextmanager
async def serving(settings: Settings, app: web.Application) -> AsyncIterator[None]:
    """Listen, on loopback unless told otherwise; raises BadSetting when that address cannot be had."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_CLOSE_SECONDS)
    await runner.setup()
    try:
        await _listen(runner, settings)
        yield
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, settings: Settings) -> None:
    try:
        await web.TCPSite(runner, settings.http_host, settings.http_port).start()
    except OSError as error:
        raise BadSetting(
            f"Cannot listen on {settings.http_host}:{settings.http_port}: {error.strerror}.",
            "Set PULSE_HTTP_PORT to a free port.",
        ) from None


def _measured(meters: Meters) -> Middleware:
    @web.middleware
    async def measure(request: web.Request, handler: Handler) -> web.StreamResponse:
        started, status = time.perf_counter(), 500
        try:
            response = await handler(request)
            status = response.status
        except web.HTTPException as answer:
            status = answer.status
            raise
        finally:
            meters.request(request, status, time.perf_counter() - started)
        return response

    return measure
