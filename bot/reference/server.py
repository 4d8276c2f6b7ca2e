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
from bot.reference.costs import CostFiles
from bot.reference.cursors import Cursors
from bot.reference.faults import Faults
from bot.reference.logfiles import LogFile, Logs
from bot.reference.logquestions import ORGANIZATION, WORKSPACE
from bot.reference.options import Options
from bot.reference.pulls import Pulls
from bot.reference.replies import InvalidError, RefusedError, error_reply, invalid_reply
from bot.reference.routes_analytics import AnalyticsRoutes
from bot.reference.routes_compliance import DirectoryRoutes, LogRoutes, LogSource
from bot.reference.signed import SignedHost, Signer
from bot.reference.sources import Usage

_REMEMBERED = 10_000
_ORGANIZATION = re.compile(r"org-[0-9A-Za-z]{1,80}")
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
    organization_id: str = ""
    requests: Counter[str] = field(default_factory=Counter)
    seen: deque[Seen] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    signed_host: SignedHost | None = None

    @property
    def leaked_keys(self) -> int:
        """How often a key arrived at the signed host."""
        return self.signed_host.leaked_keys if self.signed_host else 0

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
    signer = Signer(digest("signer", options.seed).encode(), running.now)
    api, files = (
        web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        for app in _applications(options, running, signer)
    )
    try:
        signer.host_url = running.signed_host_url = await _listen(files, options.host, 0)
        running.base_url = f"{await _listen(api, options.host, options.port)}/v1"
        yield running
    finally:
        await api.cleanup()
        await files.cleanup()


def _running(options: Options) -> Running:
    return Running(
        base_url="",
        workspace_id=str(uuid.UUID(digest("workspace", options.seed)[:32], version=4)),
        organization_id=f"org-{digest('organization', options.seed)[:24]}",
        analytics_key=f"sk-admin-demo-analytics-{digest('analytics', options.seed)[:24]}",
        compliance_key=f"sk-admin-demo-compliance-{digest('compliance', options.seed)[:24]}",
        signed_host_url="",
        fixed_now=options.now,
    )


async def _listen(runner: web.AppRunner, host: str, port: int) -> str:
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    return f"http://{host}:{runner.addresses[0][1]}"


def _applications(
    options: Options, running: Running, signer: Signer
) -> tuple[web.Application, web.Application]:
    """Build the API and the host of the signed addresses."""
    gate = Gate(options.misbehave, running)
    api = web.Application(middlewares=[gate.count, gate.misbehave, gate.explain])
    cursors = Cursors(digest("cursors", options.seed).encode())
    pulls = Pulls(running.compliance_key, running.workspace_id, running.now, options.misbehave)
    source = LogSource(Logs(options, running.workspace_id), WORKSPACE, pulls)
    logs = LogRoutes(source, options.misbehave, signer, running.now)
    costs = _costs(options, running, signer)
    _add_analytics(api, gate, AnalyticsRoutes(options, Usage(options), cursors, running.now))
    _add_compliance(api, gate, logs, DirectoryRoutes(options, cursors, pulls, running.now))
    _add_costs(api, gate, costs)

    def find(file_id: str) -> LogFile | None:
        return logs.find(file_id) or costs.find(file_id)

    running.signed_host = SignedHost(signer, find, options.misbehave)
    files = web.Application()
    files.router.add_get("/files/{file}", running.signed_host.file)
    return api, files


def _costs(options: Options, running: Running, signer: Signer) -> LogRoutes:
    """The organization's log files; calls for them are not told in the workspace's audit log."""
    key, organization = running.compliance_key, running.organization_id
    unread = Pulls(key, organization, running.now, options.misbehave)
    source = LogSource(CostFiles(options, organization), ORGANIZATION, unread)
    return LogRoutes(source, options.misbehave, signer, running.now)


def _add_costs(api: web.Application, gate: Gate, costs: LogRoutes) -> None:
    base = "/v1/compliance/organizations/{organization}/logs"
    handlers = {"": costs.logs, "/max_event_time": costs.max_event_time, "/{file}": costs.download}
    for path, handler in handlers.items():
        name = f"organization_{handler.__name__}"
        api.router.add_get(f"{base}{path}", gate.organization(handler), name=name)


def _add_analytics(api: web.Application, gate: Gate, routes: AnalyticsRoutes) -> None:
    base = "/v1/analytics/codex/workspaces/{workspace}"
    handlers = (routes.usage, routes.code_reviews, routes.code_review_responses)
    for handler in handlers:
        api.router.add_get(f"{base}/{handler.__name__}", gate.analytics(handler), name=handler.__name__)


def _add_compliance(api: web.Application, gate: Gate, logs: LogRoutes, directory: DirectoryRoutes) -> None:
    base = "/v1/compliance/workspaces/{workspace}"
    handlers: dict[str, Handler] = {
        "logs": logs.logs,
        "logs/max_event_time": logs.max_event_time,
        "logs/{file}": logs.download,
        "users": directory.users,
        "codex_tasks": directory.codex_tasks,
        "codex_tasks/{id}": directory.codex_task,
        "codex_environments": directory.codex_environments,
        "codex_environments/{id}": directory.codex_environment,
    }
    for path, handler in handlers.items():
        api.router.add_get(f"{base}/{path}", gate.compliance(handler), name=handler.__name__)


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

    def analytics(self, handler: Handler) -> Handler:
        """Let only the analytics key through."""
        return self._guarded(handler, self._running.analytics_key)

    def compliance(self, handler: Handler) -> Handler:
        """Let only the compliance key through."""
        return self._guarded(handler, self._running.compliance_key)

    def organization(self, handler: Handler) -> Handler:
        """Let only the compliance key through, for the organization's own files."""

        async def guard(request: web.Request) -> web.StreamResponse:
            self._check_key(request.headers.get("Authorization", ""), self._running.compliance_key)
            self._check_organization(request.match_info["organization"])
            return await handler(request)

        return guard

    def _guarded(self, handler: Handler, key: str) -> Handler:

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

    def _check_organization(self, organization: str) -> None:
        if organization == self._running.organization_id:
            return
        if _ORGANIZATION.fullmatch(organization):
            raise RefusedError(403, "The key belongs to another organization.", "organization_mismatch")
        raise RefusedError(404, "Organization not found.", "not_found")

    def _check_workspace(self, workspace: str) -> None:
        if workspace == self._running.workspace_id:
            return
        if _UUID.fullmatch(workspace):
            raise RefusedError(
                403, "The key's organization does not own this workspace.", "workspace_mismatch"
            )
        raise RefusedError(404, "Workspace not found.", "not_found")
