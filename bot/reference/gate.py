"""What happens to every request before and after its handler: keys, ids, switches and error bodies."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.reference.faults import Faults
from bot.reference.replies import InvalidError, RefusedError, error_reply, invalid_reply
from bot.reference.running import Running, Seen

_ORGANIZATION = re.compile(r"org-[0-9A-Za-z]{1,80}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HTML = "<!doctype html><title>Attention</title><h1>One moment, please</h1>"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


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
            allow = error.headers.get("Allow")
            return error_reply(RefusedError(error.status, error.reason), {"Allow": allow} if allow else None)

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
