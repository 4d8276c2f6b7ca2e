"""The one place where httpx exceptions and HTTP statuses become errors of the family.

HTTPError
├── TimeoutException                              TimedOut, again
├── NetworkError, ProxyError, RemoteProtocolError Unreachable, again (not after a refused certificate)
├── LocalProtocolError, UnsupportedProtocol       Unreachable
├── DecodingError                                 BadAnswer, again (a broken read)
├── TooManyRedirects                              BadAnswer
└── HTTPStatusError                               by its status
InvalidURL, CookieConflict                        Unreachable
StreamError                                       BadAnswer
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Final

import httpx
from pydantic import SecretStr

from bot.http.bodies import ErrorBody, clean
from bot.http.retry import Fault, retry_after_seconds, should_retry
from bot.model.errors import (
    BadAnswer,
    Forbidden,
    RateLimited,
    Rejected,
    ServerFault,
    SourceMissing,
    TimedOut,
    Unauthorized,
    Unavailable,
    Unreachable,
)

HTTPX_ERRORS: Final = (httpx.HTTPError, httpx.InvalidURL, httpx.CookieConflict, httpx.StreamError)
"""The roots of every exception httpx raises."""

BROKEN: Final = (httpx.NetworkError, httpx.ProxyError, httpx.RemoteProtocolError)

PLAIN: Final[dict[int, type[Unavailable]]] = {
    HTTPStatus.UNAUTHORIZED: Unauthorized,
    HTTPStatus.NOT_FOUND: SourceMissing,
    HTTPStatus.GONE: SourceMissing,
    HTTPStatus.REQUEST_TIMEOUT: TimedOut,
    HTTPStatus.PROXY_AUTHENTICATION_REQUIRED: Unreachable,
}
"""Statuses whose error carries nothing but the detail."""


def fault_of_exception(error: Exception, key: SecretStr) -> Fault:
    """Translate what httpx raised; `error` is one of HTTPX_ERRORS."""
    detail = clean(f"{type(error).__name__}: {error}", key)
    match error:
        case httpx.TimeoutException():
            return Fault(TimedOut(detail=detail), again=True)
        case httpx.DecodingError():
            return Fault(BadAnswer(detail=detail), again=True)
        case httpx.HTTPStatusError(response=response):
            return Fault(error_of_status(response.status_code, ErrorBody(detail), None, ""))
        case httpx.TooManyRedirects() | httpx.StreamError():
            return Fault(BadAnswer(detail=detail))
        case _:
            return Fault(
                Unreachable(detail=detail), again=isinstance(error, BROKEN) and not _distrusted(error)
            )


def fault_of_status(
    status: int, headers: Mapping[str, str], body: ErrorBody, scope: str, now: datetime
) -> Fault:
    """Translate an answer that is not 200; `scope` is what the call needs, `now` is aware."""
    after_seconds = retry_after_seconds(headers, now)
    error = error_of_status(status, body, after_seconds, scope)
    return Fault(error, again=should_retry(status), after_seconds=after_seconds)


def error_of_status(status: int, body: ErrorBody, after_seconds: float | None, scope: str) -> Unavailable:
    """Name the error of a status that is not 200."""
    detail = f"{status} {body.text}".strip()
    match status:
        case HTTPStatus.FORBIDDEN:
            return Forbidden(detail=detail, scope=scope)
        case HTTPStatus.TOO_MANY_REQUESTS:
            return RateLimited(detail=detail, retry_after_seconds=after_seconds)
        case _ if status in PLAIN:
            return PLAIN[status](detail=detail)
        case _ if should_retry(status):
            return ServerFault(detail=detail, status=status)
        case _ if status >= HTTPStatus.BAD_REQUEST:
            return Rejected(detail=detail, fields=body.fields)
        case _:
            return BadAnswer(detail=detail)


def _distrusted(error: BaseException | None) -> bool:
    """Find a refused certificate among the causes: trying again cannot help."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False
