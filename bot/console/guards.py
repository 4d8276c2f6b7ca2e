"""What keeps the local page local: Host and Origin, small JSON bodies, and headers on every answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from types import MappingProxyType
from urllib.parse import urlsplit

from aiohttp import web

BODY_BYTES = 16 * 1024
"""Room for the longest command in a form with escapes; nothing the page sends comes near it."""
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = MappingProxyType(
    {
        "Content-Security-Policy": CONTENT_POLICY,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer only to this page on this machine; every answer carries the headers above."""
    try:
        _check(request)
        response = await handler(request)
    except web.HTTPException as refused:
        response = error(HTTPStatus(refused.status), refused.reason)
        if allowed := refused.headers.get("Allow"):
            response.headers["Allow"] = allowed
    response.headers.update(HEADERS)
    return response


def error(status: HTTPStatus, message: str) -> web.Response:
    """A refusal as the page reads it."""
    return web.json_response({"error": message}, status=status)


def _check(request: web.Request) -> None:
    """Raise for another Host (rebound names), another site's request, or a body that is no small JSON."""
    if not _is_here(f"//{request.host}", request):
        raise web.HTTPMisdirectedRequest(reason="This page answers on loopback only.")
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site", "none")
    foreign = origin is not None and not (origin.startswith("http://") and _is_here(origin, request))
    if foreign or (request.method != "GET" and site not in {"none", "same-origin"}):
        raise web.HTTPForbidden(reason="Only this page may ask.")
    if request.method == "POST" and request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(reason="Send JSON.")


def _is_here(address: str, request: web.Request) -> bool:
    """True for a loopback name with the port that this request came in on."""
    try:
        parts = urlsplit(address)
        port = parts.port or 80
    except ValueError:
        return False
    own = request.transport.get_extra_info("sockname")[1] if request.transport else None
    return parts.hostname in LOOPBACK and port == own
