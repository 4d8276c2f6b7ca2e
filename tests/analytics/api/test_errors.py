from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from bot.analytics.api import AnalyticsApi
from bot.http.faults import HTTPX_ERRORS, fault_of_exception
from bot.model import errors
from bot.model.timerange import TimeRange

KEY = SecretStr("k")
REQUEST = httpx.Request("GET", "https://api.example/v1")
AGAIN = 6
ONCE = 1

EXPECTED = {
    "ConnectTimeout": (errors.TimedOut, AGAIN),
    "ReadTimeout": (errors.TimedOut, AGAIN),
    "WriteTimeout": (errors.TimedOut, AGAIN),
    "PoolTimeout": (errors.TimedOut, AGAIN),
    "TimeoutException": (errors.TimedOut, AGAIN),
    "ConnectError": (errors.Unreachable, AGAIN),
    "ReadError": (errors.Unreachable, AGAIN),
    "WriteError": (errors.Unreachable, AGAIN),
    "CloseError": (errors.Unreachable, AGAIN),
    "NetworkError": (errors.Unreachable, AGAIN),
    "RemoteProtocolError": (errors.Unreachable, AGAIN),
    "ProxyError": (errors.Unreachable, AGAIN),
    "LocalProtocolError": (errors.Unreachable, ONCE),
    "UnsupportedProtocol": (errors.Unreachable, ONCE),
    "ProtocolError": (errors.Unreachable, ONCE),
    "TransportError": (errors.Unreachable, ONCE),
    "RequestError": (errors.Unreachable, ONCE),
    "HTTPError": (errors.Unreachable, ONCE),
    "InvalidURL": (errors.Unreachable, ONCE),
    "CookieConflict": (errors.Unreachable, ONCE),
    "DecodingError": (errors.BadAnswer, AGAIN),
    "TooManyRedirects": (errors.BadAnswer, ONCE),
    "StreamError": (errors.BadAnswer, ONCE),
    "StreamConsumed": (errors.BadAnswer, ONCE),
    "StreamClosed": (errors.BadAnswer, ONCE),
    "ResponseNotRead": (errors.BadAnswer, ONCE),
    "RequestNotRead": (errors.BadAnswer, ONCE),
    "HTTPStatusError": (errors.ServerFault, ONCE),
}


def _httpx_exceptions() -> list[type[Exception]]:
    members = [getattr(httpx, name) for name in httpx.__all__]
    return [member for member in members if isinstance(member, type) and issubclass(member, Exception)]


def _raised(kind: type[Any]) -> Exception:
    if kind is httpx.HTTPStatusError:
        return httpx.HTTPStatusError("x", request=REQUEST, response=httpx.Response(503))
    if issubclass(kind, httpx.StreamError) and kind is not httpx.StreamError:
        error: Exception = kind()
    else:
        error = kind("x")
    return error


def test_the_roots_cover_every_exception_of_httpx() -> None:
    kinds = _httpx_exceptions()
    assert {kind.__name__ for kind in kinds} == set(EXPECTED)
    assert all(issubclass(kind, HTTPX_ERRORS) for kind in kinds)


@pytest.mark.parametrize("kind", _httpx_exceptions(), ids=lambda kind: kind.__name__)
async def test_every_exception_of_httpx_becomes_one_of_ours(
    kind: type[Exception], make_api: Callable[..., AnalyticsApi], window: TimeRange
) -> None:
    calls = 0

    def handler(_: httpx.Request) -> httpx.Response:
        nonlocal calls
        calls += 1
        raise _raised(kind)

    expected, attempts = EXPECTED[kind.__name__]
    with pytest.raises(errors.Unavailable) as failed:
        await anext(make_api(handler).usage(window))
    assert type(failed.value) is expected
    assert calls == attempts


def test_a_refused_certificate_is_not_tried_again() -> None:
    error = httpx.ConnectError("certificate verify failed")
    error.__cause__ = ssl.SSLCertVerificationError("self-signed")
    fault = fault_of_exception(error, KEY)
    assert isinstance(fault.error, errors.Unreachable)
    assert not fault.again


@pytest.mark.parametrize(
    ("status", "kind", "attempts"),
    [
        (204, errors.BadAnswer, ONCE),
        (206, errors.BadAnswer, ONCE),
        (301, errors.BadAnswer, ONCE),
        (307, errors.BadAnswer, ONCE),
        (400, errors.Rejected, ONCE),
        (401, errors.Unauthorized, ONCE),
        (403, errors.Forbidden, ONCE),
        (404, errors.SourceMissing, ONCE),
        (405, errors.Rejected, ONCE),
        (407, errors.Unreachable, ONCE),
        (408, errors.TimedOut, AGAIN),
        (410, errors.SourceMissing, ONCE),
        (422, errors.Rejected, ONCE),
        (425, errors.ServerFault, AGAIN),
        (429, errors.RateLimited, AGAIN),
        (500, errors.ServerFault, AGAIN),
        (503, errors.ServerFault, AGAIN),
    ],
)
async def test_every_status_becomes_one_of_ours(
    status: int,
    kind: type[errors.Unavailable],
    attempts: int,
    make_api: Callable[..., AnalyticsApi],
    window: TimeRange,
) -> None:
    calls = 0

    def handler(_: httpx.Request) -> httpx.Response:
        nonlocal calls
        calls += 1
        return httpx.Response(status, json={"message": "why"}, headers={"location": "https://evil.example/"})

    with pytest.raises(errors.Unavailable) as failed:
        await anext(make_api(handler).usage(window))
    assert type(failed.value) is kind
    assert failed.value.detail == f"{status} why"
    assert calls == attempts


async def _failure(api: AnalyticsApi, window: TimeRange) -> errors.Unavailable:
    with pytest.raises(errors.Unavailable) as failed:
        await anext(api.usage(window))
    return failed.value


async def test_a_403_names_the_scope(make_api: Callable[..., AnalyticsApi], window: TimeRange) -> None:
    error = await _failure(make_api(lambda _: httpx.Response(403, text="<html>no</html>")), window)
    assert isinstance(error, errors.Forbidden)
    assert error.scope == "codex.enterprise.analytics.read"


async def test_a_422_names_the_parameters(make_api: Callable[..., AnalyticsApi], window: TimeRange) -> None:
    detail = [{"loc": ["query", "group_by"], "msg": "m", "type": "t"}]
    error = await _failure(make_api(lambda _: httpx.Response(422, json={"detail": detail})), window)
    assert isinstance(error, errors.Rejected)
    assert error.fields == ("group_by",)


async def test_a_500_keeps_its_status_and_a_429_its_delay(
    make_api: Callable[..., AnalyticsApi], window: TimeRange, waits: list[float]
) -> None:
    error = await _failure(make_api(lambda _: httpx.Response(502)), window)
    assert isinstance(error, errors.ServerFault)
    assert error.status == 502
    waits.clear()
    limited = await _failure(make_api(lambda _: httpx.Response(429, headers={"Retry-After": "11"})), window)
    assert isinstance(limited, errors.RateLimited)
    assert limited.retry_after_seconds == 11.0
    assert waits == [11.0] * 5
