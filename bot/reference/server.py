"""The reference server: loopback only, in the caller's event loop."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bot.reference.chance import digest
from bot.reference.costs import CostFiles
from bot.reference.cursors import Cursors
from bot.reference.gate import Gate, Handler
from bot.reference.logfiles import LogFile, Logs
from bot.reference.logquestions import ORGANIZATION, WORKSPACE
from bot.reference.options import Options
from bot.reference.pulls import Pulls
from bot.reference.routes_analytics import AnalyticsRoutes
from bot.reference.routes_compliance import DirectoryRoutes, LogRoutes, LogSource
from bot.reference.running import Running
from bot.reference.signed import SignedHost, Signer
from bot.reference.sources import Usage


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
