"""Slack clients over one shared session: one that retries, one that never sends a post twice."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.ports import SlackConfig

Sleep = Callable[[float], Awaitable[None]]

_TIMEOUT = aiohttp.ClientTimeout(total=30)
_RATE_LIMIT_TRIES = 3
_OTHER_TRIES = 2
_LONGEST_WAIT_SECONDS = 60.0

# The SDKs write bodies at DEBUG and INFO: they get a logger that cannot.
QUIET = logging.getLogger("codex_pulse.slack_sdk")
QUIET.setLevel(logging.WARNING)


class _Paced(AsyncRetryHandler):
    """Waits as `Retry-After` says, else twice as long each time; a minute at most, plus some jitter."""

    def __init__(self, sleep: Sleep, max_retry_count: int) -> None:
        super().__init__(max_retry_count=max_retry_count)
        self._sleep = sleep

    async def prepare_for_next_attempt_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> None:
        """Wait, then let the same request go again."""
        del request, error
        state.next_attempt_requested = True
        seconds = _wait_seconds(response, state.current_attempt)
        await self._sleep(seconds + random.random())  # noqa: S311  (jitter is no secret)
        state.increment_current_attempt()


class RateLimited(_Paced, AsyncRateLimitErrorRetryHandler):
    """After 429: such a request was not carried out, so even a post may go again."""


class ConnectionLost(_Paced, AsyncConnectionErrorRetryHandler):
    """After a broken connection, when the request may have been carried out."""

    def __init__(self, sleep: Sleep, max_retry_count: int) -> None:
        super().__init__(sleep, max_retry_count)
        self.error_types_to_do_retries = [aiohttp.ClientConnectionError, aiohttp.ClientPayloadError]


class ServerFault(_Paced, AsyncServerErrorRetryHandler):
    """After a failure of Slack's own, or of a proxy before it."""

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        del state, request, error
        return response is not None and response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR


def _wait_seconds(response: HttpResponse | None, attempt: int) -> float:
    headers = {} if response is None else {k.lower(): v for k, v in response.headers.items()}
    said = "".join(headers.get("retry-after", []))
    asked = float(said) if said.isascii() and said.isdecimal() else 0.5 * 2**attempt
    return min(asked, _LONGEST_WAIT_SECONDS)


@dataclass(frozen=True, slots=True)
class Clients:
    """`once` for posts, `patient` for everything that may be repeated; both use `session`."""

    session: aiohttp.ClientSession
    once: AsyncWebClient
    patient: AsyncWebClient
    sleep: Sleep

    def only_rate_limits(self) -> list[AsyncRetryHandler]:
        """The retries allowed for what people would see twice."""
        return [RateLimited(self.sleep, _RATE_LIMIT_TRIES)]


def open_session() -> aiohttp.ClientSession:
    """A session that honours HTTPS_PROXY, NO_PROXY and SSL_CERT_FILE; opened in a running loop."""
    return aiohttp.ClientSession(trust_env=True, timeout=_TIMEOUT)


def build_clients(
    config: SlackConfig, session: aiohttp.ClientSession, sleep: Sleep = asyncio.sleep
) -> Clients:
    """The clients of one installation; built once."""
    rate = RateLimited(sleep, _RATE_LIMIT_TRIES)
    patient: list[AsyncRetryHandler] = [
        rate,
        ConnectionLost(sleep, _OTHER_TRIES),
        ServerFault(sleep, _OTHER_TRIES),
    ]
    return Clients(
        session=session,
        once=web_client(config.bot_token, config.api_base_url, session, [rate]),
        patient=web_client(config.bot_token, config.api_base_url, session, patient),
        sleep=sleep,
    )


def without_retries(config: SlackConfig, clients: Clients) -> Clients:
    """The same, but what people would see twice is sent once, also after a rate limit.

    For scheduled posts: who waits minutes inside a call loses the lease of the delivery meanwhile.
    """
    once = web_client(config.bot_token, config.api_base_url, clients.session, [])
    return Clients(clients.session, once, clients.patient, clients.sleep)


def web_client(
    token: str | None, base_url: str, session: aiohttp.ClientSession, handlers: list[AsyncRetryHandler]
) -> AsyncWebClient:
    """A Web API client that leaves proxies to the session, which also knows their exceptions."""
    client = AsyncWebClient(
        token=token, base_url=base_url, session=session, retry_handlers=handlers, logger=QUIET
    )
    client.proxy = None
    return client


def socket_proxy(api_base_url: str) -> str | None:
    """HTTPS_PROXY unless NO_PROXY names Slack's host: for sockets aiohttp itself would read WSS_PROXY."""
    host = urlsplit(api_base_url).hostname or ""
    return None if proxy_bypass(host) else getproxies().get("https")
