"""The reference server: loopback only, in the caller's event loop."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import web

from bot.reference.chance import digest
from bot.reference.cursors import Cursors
from bot.reference.faults import Faults
from bot.reference.options import Options
from bot.reference.replies import InvalidError, RefusedError, error_reply, invalid_reply
from bot.reference.routes_analytics import AnalyticsRoutes
from bot.reference.sources import Usage

_REMEMBERED = 10_000
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HTML = "<!doctype html><title>Attention</title><h1>One moment, please</h1>"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as the server saw it."""

    route: str
    query: tuple[tuple[str, str], ...]
    status: int


@dataclass(slots=True)
class Running:
    """A server that answers: where, with which keys, and what it has seen.

    ``requests`` counts by route name (`usage`, `code_reviews`, `code_review_responses`, ...);
    ``leaked_keys`` counts requests that carried a key to the signed host.
    """

    base_url: str
    workspace_id: str
    analytics_key: str
    compliance_key: str
    signed_host_url: str
    fixed_now: datetime | None
    requests: Counter[str] = field(default_factory=Counter)
    seen: deque[Seen] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    leaked_keys: int = 0

    def now(self) -> datetime:
        """Return the server's clock, in UTC."""
        return (self.fixed_now or datetime.now(UTC)).astimezone(UTC)

    def set_now(self, now: datetime) -> None:
        """Move the clock, also backwards; answers depend on nothing else that happened before."""
        self.fixed_now = now


@asynccontextmanager
async def serve(options: Options) -> AsyncIterator[Running]:
    """Serve a workspace until the block ends."""
    running = _running(options)
    api = web.AppRunner(_api(options, running), access_log=None, shutdown_timeout=1.0)
    try:
        running.base_url = f"{await _listen(api, options.host, options.port)}/v1"
        yield running
    finally:
        await api.cleanup()


def _running(options: Options) -> Running:
    return Running(
        base_url="",
        workspace_id=str(uuid.UUID(digest("workspace", options.seed)[:32], version=4)),
        analytics_key=f"sk-admin-demo-analytics-{digest('analytics', options.seed)[:24]}",
        compliance_key=f"sk-admin-demo-compliance-{digest('compliance', options.seed)[:24]}",
        signed_host_url="",
        fixed_now=options.now,
    )


async def _listen(runner: web.AppRunner, host: str, port: int) -> str:
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    return f"http://{host}:{runner.addresses[0][1]}"


def _api(options: Options, running: Running) -> web.Application:
    usage = Usage(options)
    cursors = Cursors(digest("cursors", options.seed).encode())
    analytics = AnalyticsRoutes(options, usage, cursors, running.now)
    gate = Gate(options.misbehave, running)
    app = web.Application(middlewares=[gate.count, gate.misbehave, gate.explain])
    base = "/v1/analytics/codex/workspaces/{workspace}"
    for name in ("usage", "code_reviews", "code_review_responses"):
        handler = gate.guarded(getattr(analytics, name), running.analytics_key)
        app.router.add_get(f"{base}/{name}", handler, name=name)
    return app


class Gate:
    """What happens to every request before and after its handler."""

    def __init__(self, faults: Faults, running: Running) -> None:
        self._faults, self._running = faults, running
        self._left = Counter(
            {name: getattr(faults, name) for name in ("burst_429", "server_errors", "html", "truncated")}
        )

    @web.middleware
    async def count(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Remember the request under its route's name."""
        response = await handler(request)
        name = request.match_info.route.name or "unknown"
        self._running.requests[name] += 1
        self._running.seen.append(Seen(name, tuple(request.query.items()), response.status))
        return response

    @web.middleware
    async def misbehave(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Apply the switches that hit any request."""
        await asyncio.sleep(self._faults.slow_seconds)
        if self._take("burst_429"):
            wait = {"Retry-After": str(self._faults.retry_after_seconds)}
            return error_reply(RefusedError(429, "Rate limit reached.", "rate_limit_exceeded"), wait)
        if self._take("server_errors"):
            return error_reply(RefusedError(503, "The server is overloaded.", "overloaded"))
        if self._take("html"):
            return web.Response(text=_HTML, content_type="text/html")
        response = await handler(request)
        if (
            isinstance(response, web.Response)
            and isinstance(response.body, bytes)
            and self._take("truncated")
        ):
            response.body = response.body[: len(response.body) // 2]
        return response

    @web.middleware
    async def explain(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Turn refusals into the contract's error bodies."""
        try:
            return await handler(request)
        except InvalidError as error:
            return invalid_reply(error)
        except RefusedError as error:
            return error_reply(error)
        except web.HTTPException as error:
            return error_reply(RefusedError(error.status, error.reason))

    def guarded(self, handler: Handler, key: str) -> Handler:
        """Check the bearer key, then the workspace."""

        async def guard(request: web.Request) -> web.StreamResponse:
            self._check_key(request.headers.get("Authorization", ""), key)
            self._check_workspace(request.match_info["workspace"])
            return await handler(request)

        return guard

    def _take(self, name: str) -> bool:
        self._left[name] -= 1
        return self._left[name] >= 0

    def _check_key(self, header: str, key: str) -> None:
        scheme, _, given = header.partition(" ")
        known = {self._running.analytics_key, self._running.compliance_key}
        if scheme.lower() != "bearer" or given.strip() not in known:
            raise RefusedError(401, "Missing or invalid API key.", "invalid_api_key")
        if given.strip() != key:
            raise RefusedError(403, "The API key lacks the scope for this endpoint.", "missing_scope")

    def _check_workspace(self, workspace: str) -> None:
        if workspace == self._running.workspace_id:
            return
        if _UUID.fullmatch(workspace):
            raise RefusedError(
                403, "The key's organization does not own this workspace.", "workspace_mismatch"
            )
        raise RefusedError(404, "Workspace not found.", "not_found")
