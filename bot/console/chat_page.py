"""The local chat page: static files of this package and a small JSON API, on loopback."""

from __future__ import annotations

import mimetypes
from http import HTTPStatus
from pathlib import Path
from typing import TypeVar

import msgspec
from aiohttp import web

from bot.console.guards import BODY_BYTES, Handler, error, guarded
from bot.console.page_wire import Asked, Chat, Clicked, Start

T = TypeVar("T")
FOLDER = Path(__file__).parent / "page"
TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


def application(chat: Chat, start: Start) -> web.Application:
    """The page and its API. `start` is what it opens with."""
    app = web.Application(middlewares=[guarded], client_max_size=BODY_BYTES)
    desk = _Desk(chat, start)
    app.add_routes(
        [
            *(web.get(f"/page/{path.name}", _shown(path)) for path in sorted(FOLDER.iterdir())),
            web.get("/", _shown(FOLDER / "index.html")),
            web.get("/favicon.ico", _shown(FOLDER / "pulse.svg")),
            web.get("/api/start", desk.start),
            web.post("/api/ask", desk.ask),
            web.post("/api/click", desk.click),
            web.get("/api/files/{key}", desk.file),
        ]
    )
    return app


class _Desk:
    """The JSON API."""

    def __init__(self, chat: Chat, start: Start) -> None:
        self._chat = chat
        self._start = start

    async def start(self, _request: web.Request) -> web.Response:
        return _json(self._start)

    async def ask(self, request: web.Request) -> web.Response:
        return _json(await self._chat.ask(await _read(request, Asked)))

    async def click(self, request: web.Request) -> web.Response:
        told = await self._chat.click(await _read(request, Clicked))
        if told is None:
            return error(HTTPStatus.CONFLICT, "This control is not ours or was clicked before.")
        return _json(told)

    async def file(self, request: web.Request) -> web.Response:
        found = self._chat.file(request.match_info["key"])
        if found is None:
            return error(HTTPStatus.NOT_FOUND, "This file is not kept any more: ask again.")
        data, name = found
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        shown = "inline" if kind == "image/png" else "attachment"
        headers = {"Content-Disposition": f'{shown}; filename="{_plain(name)}"'}
        return web.Response(body=data, content_type=kind, headers=headers)


def _plain(name: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "_" for c in name)


def _shown(path: Path) -> Handler:
    return _Static(path.read_bytes(), TYPES[path.suffix]).serve


class _Static:
    """One file of the package, read once."""

    def __init__(self, content: bytes, kind: str) -> None:
        self._content = content
        self._kind = kind

    async def serve(self, _request: web.Request) -> web.Response:
        charset = "utf-8" if self._kind.startswith("text/") else None
        return web.Response(body=self._content, content_type=self._kind, charset=charset)


async def _read(request: web.Request, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(await request.read(), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise web.HTTPBadRequest(reason="That is no request of this page.") from None


def _json(answer: msgspec.Struct) -> web.Response:
    return web.Response(body=msgspec.json.encode(answer), content_type="application/json")
