"""Answers and error bodies as contract.md section f says."""

from __future__ import annotations

from typing import Any

import msgspec
from aiohttp import web

_TYPES = {400: "invalid_request_error", 401: "authentication_error", 403: "permission_error"}
_TYPES |= {404: "not_found_error", 410: "gone", 429: "rate_limit_error", 503: "server_error"}


class RefusedError(Exception):
    """A request that is answered with an error body instead of data."""

    def __init__(self, status: int, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.code = status, message, code


class InvalidError(Exception):
    """A request with bad parameters: a FastAPI-style list of what is wrong with each."""

    def __init__(self, details: list[dict[str, Any]]) -> None:
        super().__init__("invalid parameters")
        self.details = details


def json_reply(body: object, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Encode plain dictionaries as a JSON response."""
    return web.Response(
        body=msgspec.json.encode(body), status=status, content_type="application/json", headers=headers
    )


def error_reply(error: RefusedError, headers: dict[str, str] | None = None) -> web.Response:
    """Write ``{"error": {message, type, code}}``."""
    kind = _TYPES.get(error.status, "api_error")
    body = {"error": {"message": error.message, "type": kind, "code": error.code}}
    return json_reply(body, error.status, headers)


def invalid_reply(error: InvalidError) -> web.Response:
    """Write ``{"detail": [...]}`` with status 422."""
    return json_reply({"detail": error.details}, 422)
