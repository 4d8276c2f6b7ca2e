"""One authorised GET of a JSON body: bounded in size and time, retried, and never followed elsewhere."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Final, TypeVar

import httpx
from pydantic import SecretStr

from bot.http.bodies import read_error_body
from bot.http.faults import HTTPX_ERRORS, fault_of_exception, fault_of_status
from bot.http.retry import Fault, RetryPolicy, Sleep, with_retries
from bot.model.errors import BadAnswer, TimedOut

R = TypeVar("R")
ERROR_BODY_BYTES: Final = 65_536


@dataclass(frozen=True, slots=True)
class Body:
    """The bytes of a 200 answer and the seconds from the first attempt to the last byte."""

    data: bytes = field(repr=False)
    seconds: float


class BearerAuth(httpx.Auth):
    """Puts the key on the one request it is passed with. Its repr shows no key."""

    def __init__(self, key: SecretStr) -> None:
        self._key = key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Set the header."""
        request.headers["Authorization"] = f"Bearer {self._key.get_secret_value()}"
        yield request


@dataclass(frozen=True, slots=True)
class Fetcher:
    """GETs with one key. `scope` is what a 403 says is missing; the client is the caller's to close."""

    http: httpx.AsyncClient = field(repr=False)
    key: SecretStr
    scope: str
    policy: RetryPolicy
    body_bytes_max: int
    clock: Callable[[], datetime]
    sleep: Sleep

    async def get(self, url: str, params: Mapping[str, str | int], read: Callable[[Body], R]) -> R:
        """Return `read(body)` of the first attempt that works. Raises Unavailable errors only.

        `read` may raise a Fault, which counts as a failed attempt.
        """
        started = time.perf_counter()

        async def attempt() -> R:
            data = await self._once(url, params)
            return read(Body(data, time.perf_counter() - started))

        try:
            async with asyncio.timeout(self.policy.total_seconds):
                return await with_retries(attempt, self.policy, self.sleep)
        except Fault as fault:
            raise fault.error from fault
        except TimeoutError as error:
            raise TimedOut(detail="the time for one page is used up") from error

    async def _once(self, url: str, params: Mapping[str, str | int]) -> bytes:
        try:
            request = self.http.build_request(
                "GET", url, params=params, headers={"Accept": "application/json"}
            )
            response = await self.http.send(
                request, auth=BearerAuth(self.key), stream=True, follow_redirects=False
            )
            try:
                return await self._body(response)
            finally:
                await response.aclose()
        except HTTPX_ERRORS as error:
            raise fault_of_exception(error, self.key) from error

    async def _body(self, response: httpx.Response) -> bytes:
        if response.status_code != HTTPStatus.OK:
            body = read_error_body(await _start_of(response), self.key)
            raise fault_of_status(response.status_code, response.headers, body, self.scope, self.clock())
        if not _is_json(response.headers.get("content-type", "")):
            raise Fault(BadAnswer(detail="the content type is not JSON"))
        return await _whole(response, self.body_bytes_max)


def _is_json(content_type: str) -> bool:
    """Accept JSON and its dialects; a missing type is let through, the body decides."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind in {"", "application/json", "text/json"} or kind.endswith("+json")


async def _whole(response: httpx.Response, bytes_max: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.aiter_bytes():
        size += len(chunk)
        if size > bytes_max:
            raise Fault(BadAnswer(detail=f"a page of more than {bytes_max} bytes"))
        chunks.append(chunk)
    return b"".join(chunks)


async def _start_of(response: httpx.Response) -> bytes:
    start = b""
    async for chunk in response.aiter_bytes():
        start += chunk
        if len(start) >= ERROR_BODY_BYTES:
            break
    return start[:ERROR_BODY_BYTES]
