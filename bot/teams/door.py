"""The HTTP side: Microsoft's server on the bot's own aiohttp server, and who may come in."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from bot.teams.limits import BODY_BYTES
from bot.teams.ports import TeamsConfig, is_loopback
from bot.teams.sdk import (
    ActivityEvent,
    ClientCredentials,
    HttpMethod,
    HttpRequest,
    HttpResponse,
    HttpRouteHandler,
    HttpServer,
    InvokeResponse,
)
from bot.teams.tokens import TokenCheck

log = structlog.get_logger(__name__)

MESSAGES_PATH = "/api/messages"
# The SDK writes bodies and claims into its messages.
logging.getLogger("microsoft_teams").setLevel(logging.CRITICAL)

Body = Mapping[str, Any]
Receive = Callable[[Body], Awaitable["Verdict"]]

_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the sender of an activity is told."""

    status: int = 200
    body: dict[str, Any] | None = None


@dataclass(slots=True)
class AiohttpAdapter:
    """The SDK's `HttpServerAdapter` on aiohttp; the bot's own server starts and stops."""

    config: TeamsConfig
    routes: list[web.RouteDef] = field(default_factory=list)

    def register_route(self, method: HttpMethod, path: str, handler: HttpRouteHandler) -> None:
        """Add a route of the SDK's server."""
        del method  # the protocol knows POST only

        async def serve(request: web.Request) -> web.Response:
            return await self._served(request, handler)

        self.routes.append(web.post(path, serve))

    def serve_static(self, path: str, directory: str) -> None:
        """Do nothing: this bot has no static files."""

    async def start(self, port: int) -> None:
        """Do nothing: the bot's own server listens."""

    async def stop(self) -> None:
        """Do nothing: the bot's own server stops."""

    async def _served(self, request: web.Request, handler: HttpRouteHandler) -> web.Response:
        if self.config.unauthenticated and not _is_local(request):
            log.warning("teams_request_refused", reason="not from this machine")
            return web.Response(status=403)
        body = await _body(request)
        if isinstance(body, int):
            log.warning("teams_request_refused", status=body)
            return web.Response(status=body)
        if not _is_allowed_service(body.get("serviceUrl"), local=self.config.unauthenticated):
            log.warning("teams_request_refused", reason="service URL")
            return web.Response(status=400)
        answer = await handler(
            HttpRequest(body=body, headers={k.lower(): v for k, v in request.headers.items()})
        )
        if answer["status"] >= 400:  # noqa: PLR2004  (where HTTP's refusals begin)
            log.warning("teams_request_refused", status=answer["status"])
        content = answer.get("body")
        return web.json_response(content, status=answer["status"]) if content else _empty(answer)


class Door(HttpServer):
    """The SDK's server, with our check of tokens and our reading of activities."""

    def __init__(self, adapter: AiohttpAdapter, receive: Receive) -> None:
        super().__init__(adapter, MESSAGES_PATH)
        self._receive = receive
        self.on_request = self._received

    def open(self, config: TeamsConfig, check: TokenCheck) -> None:
        """Register the route; from here on requests are answered."""
        credentials = ClientCredentials(
            client_id=config.app_id, client_secret=config.password, tenant_id=config.tenant_id
        )
        self.initialize(
            None if config.unauthenticated else credentials,
            dangerously_allow_unauthenticated_requests=config.unauthenticated,
        )
        self._token_validator = None if config.unauthenticated else check

    async def _received(self, event: ActivityEvent) -> InvokeResponse[Any]:
        verdict = await self._receive(event.body.model_dump(by_alias=True, exclude_none=True))
        return InvokeResponse[Any](status=verdict.status, body=verdict.body)


async def _body(request: web.Request) -> dict[str, object] | int:
    """The JSON object of a request, or the status that refuses it."""
    if request.content_type != "application/json":
        return 415
    if (request.content_length or 0) > BODY_BYTES:
        return 413
    try:
        body = json.loads(await request.read())
    except web.HTTPRequestEntityTooLarge:
        return 413
    except (ValueError, RecursionError):
        return 400
    named = ("type", "id", "serviceUrl")
    if not isinstance(body, dict) or any(not isinstance(body.get(name, ""), str) for name in named):
        return 400
    return body


def _is_local(request: web.Request) -> bool:
    """From this machine, to this machine's own name, and through no proxy."""
    host = urlsplit(f"//{request.host}").hostname or ""
    proxied = any(name in request.headers for name in _FORWARDED)
    return is_loopback(request.remote or "") and is_loopback(host) and not proxied


def _is_allowed_service(url: object, *, local: bool) -> bool:
    """Teams' service speaks https; a service on this machine is a tool's, and the only one without tokens."""
    if not isinstance(url, str):
        return False
    parts = urlsplit(url)
    if is_loopback(parts.hostname or ""):
        return parts.scheme in {"http", "https"}
    return not local and parts.scheme == "https" and bool(parts.hostname)


def _empty(answer: HttpResponse) -> web.Response:
    return web.Response(status=answer["status"])
