"""A Slack on loopback: Web API, uploads, response_url and Socket Mode. It records and refuses like Slack."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Self

from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestServer

from tests.slack.workspace import Json, RefusedError, Workspace, parsed

_NEEDS_FORM = {
    "files.getUploadURLExternal",
    "users.info",
    "users.lookupByEmail",
    "usergroups.users.list",
    "chat.getPermalink",
}


@dataclass(frozen=True)
class Call:
    """One request that arrived: a Web API method, `response_url` or `upload`."""

    method: str
    args: Json


@dataclass(frozen=True)
class Trouble:
    """What goes wrong with the next call of a method."""

    status: int = 200
    answer: Json | None = None
    retry_after: int | None = None
    drop: bool = False
    body: str | None = None
    # answers in its own way, after the work was done
    instead: Callable[[web.Request, bytes], Awaitable[web.StreamResponse]] | None = None


class FakeSlack:
    """`async with FakeSlack() as slack:` then point the bot at `slack.api_base_url`."""

    def __init__(self) -> None:
        self.workspace = Workspace()
        self.calls: list[Call] = []
        self.acks: dict[str, asyncio.Future[Json]] = {}
        self.connected = asyncio.Event()
        self._sockets: list[web.WebSocketResponse] = []
        self._troubles: dict[str, deque[Trouble]] = defaultdict(deque)
        app = web.Application()
        app.router.add_post("/api/{method}", self._api)
        app.router.add_get("/api/{method}", self._api)
        app.router.add_post("/upload/{file_id}", self._upload)
        app.router.add_put("/upload/{file_id}", self._upload)
        app.router.add_post("/response/{key}", self._respond)
        app.router.add_get("/socket", self._socket)
        self._server = TestServer(app)

    async def __aenter__(self) -> Self:
        await self._server.start_server()
        self.workspace.url = str(self._server.make_url("")).rstrip("/")
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self._server.close()

    @property
    def api_base_url(self) -> str:
        return f"{self.workspace.url}/api/"

    def methods(self) -> list[str]:
        """The methods called so far, in order."""
        return [call.method for call in self.calls]

    def args_of(self, method: str) -> list[Json]:
        """The arguments of each call of `method`."""
        return [call.args for call in self.calls if call.method == method]

    def trouble(self, method: str, *troubles: Trouble) -> None:
        """Let the next calls of `method` go wrong, one after the other."""
        self._troubles[method].extend(troubles)

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        args = await _arguments(request)
        self.calls.append(Call(method, args))
        trouble = self._next_trouble(method)
        if trouble is not None and not (trouble.drop or trouble.instead):
            return _failed(trouble)
        answer = self._answer(method, args, request)
        if trouble is not None and trouble.instead:
            return await trouble.instead(request, json.dumps(answer).encode())
        if trouble is not None:
            _drop(request)
        return web.json_response(answer, headers={"x-oauth-scopes": self.workspace.scopes})

    def _answer(self, method: str, args: Json, request: web.Request) -> Json:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or args.get("token", "")
        if method in _NEEDS_FORM and request.content_type == "application/json":
            return {"ok": False, "error": "invalid_form_data"}
        try:
            return self.workspace.answer(method, args, token)
        except RefusedError as refused:
            return refused.answer

    def _next_trouble(self, method: str) -> Trouble | None:
        waiting = self._troubles[method]
        return waiting.popleft() if waiting else None

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        content = await request.read()
        self.calls.append(Call("upload", {"length": len(content)}))
        trouble = self._next_trouble("upload")
        if trouble is not None and trouble.drop:
            _drop(request)
        if trouble is not None or not self.workspace.receive(request.match_info["file_id"], content):
            return web.Response(status=400, text="bad upload")
        return web.Response(text=f"OK - {len(content)}")

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.calls.append(Call("response_url", body))
        trouble = self._next_trouble("response_url")
        if trouble is not None:
            return _failed(trouble)
        try:
            self.workspace.respond(request.match_info["key"], body)
        except RefusedError as refused:
            gone = refused.answer["error"] in {"used_url", "expired_url", "no_such_url"}
            return web.Response(status=404 if gone else 500, text=refused.answer["error"])
        return web.Response(text="ok")

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets.append(socket)
        await socket.send_json({"type": "hello", "num_connections": len(self._sockets)})
        self.connected.set()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self._acked(json.loads(message.data))
        return socket

    def _acked(self, answer: Json) -> None:
        waiting = self.acks.setdefault(answer["envelope_id"], asyncio.get_running_loop().create_future())
        if not waiting.done():
            waiting.set_result(answer)

    async def push(self, kind: str, payload: Json, envelope_id: str = "e-1") -> Json:
        """Send a payload over the newest socket and return what the app acknowledged with."""
        waiting = self.acks.setdefault(envelope_id, asyncio.get_running_loop().create_future())
        envelope = {"type": kind, "envelope_id": envelope_id, "payload": payload}
        await self._sockets[-1].send_json({**envelope, "accepts_response_payload": True})
        return await waiting

    async def refresh_socket(self) -> None:
        """Tell the newest socket to reconnect, as Slack does every few hours."""
        self.connected.clear()
        await self._sockets[-1].send_json({"type": "disconnect", "reason": "refresh_requested"})


async def _arguments(request: web.Request) -> Json:
    fields: dict[str, Any]
    if request.method == "GET":
        return dict(request.query)
    if request.content_type == "application/json":
        fields = await request.json()
    else:
        fields = dict(await request.post())
    return parsed({**request.query, **fields})


def _failed(trouble: Trouble) -> web.Response:
    headers = {} if trouble.retry_after is None else {"Retry-After": str(trouble.retry_after)}
    if trouble.body is not None:
        return web.Response(status=trouble.status, text=trouble.body, content_type="text/html")
    return web.json_response(trouble.answer, status=trouble.status, headers=headers)


def _drop(request: web.Request) -> None:
    """Close the connection after the work was done and before the answer was sent."""
    if request.transport is not None:
        request.transport.abort()


RATE_LIMITED = Trouble(429, {"ok": False, "error": "ratelimited"}, retry_after=7)
SERVER_FAULT = Trouble(503, {"ok": False, "error": "internal_error"})
CONNECTION_LOST = Trouble(drop=True)
HTML_PAGE = Trouble(502, body="<html>bad gateway</html>")
