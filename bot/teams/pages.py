"""What the bot serves over HTTP beside activities: linked files, and the page that the app package names."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from aiohttp import web

from bot.teams.links import LINKS_PATH, Links
from bot.teams.manifest import ABOUT_PATH

_PNG = "image/png"
_ABOUT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Codex Pulse</title>
<h1>Codex Pulse</h1>
<p>Answers questions about Codex usage of your organisation, with numbers and a chart. It is run
by your organisation.
<h2 id="privacy">Privacy</h2>
<p>Answers come from your organisation's own Codex usage data. What you type is not logged.
Administrators of this bot decide who may see what.
<h2 id="terms">Terms of use</h2>
<p>For members of your organisation, under its own rules.
</html>
"""
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, max-age=3600",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


def pages(links: Links | None) -> list[web.RouteDef]:
    """The routes; without `links` no file is served."""
    routes = [web.get(ABOUT_PATH, _about)]
    if links is not None:
        routes.append(web.get(f"{LINKS_PATH}{{ticket}}", _file_page(links)))
    return routes


def _file_page(links: Links) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def page(request: web.Request) -> web.Response:
        """What a signed link leads to; 404 for everything else."""
        kept = await asyncio.to_thread(links.fetch, request.match_info["ticket"])
        if kept is None:
            return web.Response(status=404)
        shown = "inline" if kept.media_type == _PNG else "attachment"
        named = f"{shown}; filename*=UTF-8''{quote(kept.name, safe='')}"
        headers = {**_HEADERS, "Content-Disposition": named, "Content-Type": kept.media_type}
        return web.Response(body=kept.data, headers=headers)

    return page


async def _about(_request: web.Request) -> web.Response:
    return web.Response(text=_ABOUT, content_type="text/html")
