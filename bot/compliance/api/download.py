"""Fetches one log file: 307 to a signed host, then the bytes, checked before they touch the disk."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Final

import httpx
from pydantic import SecretStr

from bot.compliance.api.pace import Pace
from bot.compliance.api.signed import Resolve, check_signed_url
from bot.compliance.api.wire import LogFile
from bot.http.bodies import read_error_body
from bot.http.faults import HTTPX_ERRORS, fault_of_exception, fault_of_status
from bot.http.fetch import BearerAuth
from bot.http.retry import Fault, RetryPolicy, Sleep, with_retries
from bot.model.errors import BadAnswer, SourceMissing, TimedOut

CAP_BYTES: Final = 16 * 1024 * 1024
"""The published cap is 15 MB; whichever megabyte was meant, and a margin, fits."""
ERROR_BODY_BYTES: Final = 65_536
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


@dataclass(slots=True, eq=False)
class Tampered(BadAnswer):
    """The bytes are not the ones the list announced: size or sha256 differ. Nothing was written."""

    file_id: str = ""


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A verified file on disk. `path` is built from the hash of the id, never from a name."""

    file: LogFile
    path: Path
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Content:
    """A body in memory: decoded bytes, and what the wire carried if that was encoded."""

    body: bytes = field(repr=False)
    wire_size_bytes: int
    wire_sha256: str


class _Tee(httpx.AsyncByteStream):
    """Hashes what the wire carries on its way to the decoder."""

    def __init__(self, inner: httpx.AsyncByteStream) -> None:
        self.digest = hashlib.sha256()
        self.size_bytes = 0
        self._inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._inner:
            self.size_bytes += len(chunk)
            self.digest.update(chunk)
            yield chunk

    async def aclose(self) -> None:
        await self._inner.aclose()


@dataclass(frozen=True, slots=True)
class Downloader:
    """Downloads with one key. `local` says that the API runs on this machine (see `signed`)."""

    http: httpx.AsyncClient = field(repr=False)
    key: SecretStr
    policy: RetryPolicy
    pace: Pace
    clock: Callable[[], datetime]
    sleep: Sleep
    resolve: Resolve
    local: bool

    async def fetch(self, url: str, scope: str) -> Content:
        """The body behind the API's `url`; each attempt asks for a new signed link. Raises Unavailable."""

        async def attempt() -> Content:
            return await self._once(url, scope)

        try:
            return await with_retries(attempt, self.policy, self.sleep)
        except Fault as fault:
            raise fault.error from fault

    async def _once(self, url: str, scope: str) -> Content:
        await self.pace.turn()
        try:
            async with asyncio.timeout(self.policy.total_seconds):
                return await self._followed(url, scope)
        except TimeoutError as error:
            raise Fault(TimedOut(detail="download: the time for one file is used up")) from error

    async def _followed(self, url: str, scope: str) -> Content:
        async with self._opened(httpx.URL(url), BearerAuth(self.key)) as response:
            if response.status_code not in REDIRECTS:
                return await self._content(response, scope)
            location = response.headers.get("location", "")
            # read to its end, or the connection cannot be used for the next file
            await _start_of(response)
        target = await check_signed_url(
            location, api_url=httpx.URL(url), local=self.local, resolve=self.resolve
        )
        async with self._opened(target, None) as response:
            if response.status_code == HTTPStatus.FORBIDDEN:
                # The signed host knows no scopes: its 403 is a link that ran out.
                raise Fault(SourceMissing(detail="download: the signed link was refused"), again=True)
            return await self._content(response, scope)

    @asynccontextmanager
    async def _opened(self, url: httpx.URL, auth: BearerAuth | None) -> AsyncIterator[httpx.Response]:
        try:
            request = self.http.build_request("GET", url)
            request.headers.pop("Authorization", None)
            response = await self.http.send(request, auth=auth, stream=True, follow_redirects=False)
            try:
                yield response
            finally:
                await response.aclose()
        except HTTPX_ERRORS as error:
            raise fault_of_exception(error, self.key) from error

    async def _content(self, response: httpx.Response, scope: str) -> Content:
        if response.status_code == HTTPStatus.OK:
            return await _whole(response)
        body = read_error_body(await _start_of(response), self.key)
        raise fault_of_status(response.status_code, response.headers, body, scope, self.clock())


async def _whole(response: httpx.Response) -> Content:
    if not isinstance(response.stream, httpx.AsyncByteStream):
        raise BadAnswer(detail="download: the body cannot be streamed")
    tee = _Tee(response.stream)
    response.stream = tee
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if max(len(body), tee.size_bytes) > CAP_BYTES:
            raise BadAnswer(detail="download: longer than the API allows a file to be")
    return Content(bytes(body), tee.size_bytes, tee.digest.hexdigest())


async def _start_of(response: httpx.Response) -> bytes:
    start = b""
    async for chunk in response.aiter_bytes():
        start += chunk
        if len(start) >= ERROR_BODY_BYTES:
            break
    return start[:ERROR_BODY_BYTES]


def check_content(file: LogFile, content: Content) -> str:
    """The sha256 that matched the list; decoded bytes are tried first, then the wire's. Raises Tampered."""
    announced = (file.file_size, file.file_sha256.lower())
    for size_bytes, sha256 in (
        (len(content.body), hashlib.sha256(content.body).hexdigest()),
        (content.wire_size_bytes, content.wire_sha256),
    ):
        if (size_bytes, sha256) == announced:
            return sha256
    raise Tampered(detail="download: size or sha256 differ from the list", file_id=file.id)


async def store(file: LogFile, content: Content, into: Path) -> Downloaded:
    """Writes a checked body under the folder `into`, whole or not at all. Raises Tampered."""
    sha256 = check_content(file, content)
    path = into / f"{hashlib.sha256(file.id.encode()).hexdigest()}.jsonl"
    await asyncio.to_thread(_write_whole, path, content.body)
    return Downloaded(file, path, len(content.body), sha256)


def _write_whole(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".part")
    half.write_bytes(body)
    half.replace(path)
