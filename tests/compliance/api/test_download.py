from __future__ import annotations

import asyncio
import gzip
import hashlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.compliance.api import Tampered
from bot.compliance.api.download import CAP_BYTES
from bot.http.retry import RetryPolicy
from bot.model.errors import BadAnswer, Forbidden, RateLimited, SourceMissing, TimedOut, Unreachable

Handler = Callable[[httpx.Request], httpx.Response]
SIGNED = "https://files.test/eclf_1?sig=abc"


class Wire(httpx.AsyncByteStream):
    """A body that is still on the wire: not read, not decoded."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self._content), 65_536):
            yield self._content[start : start + 65_536]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def by_host(content: bytes, **headers: str) -> Handler:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.host == "api.test":
            return httpx.Response(307, headers={"Location": SIGNED})
        return httpx.Response(200, stream=Wire(content), headers=headers)

    return handler


async def test_the_signed_host_gets_no_key(world: Any, log_file: Any, tmp_path: Path) -> None:
    body = b'{"event_id":"1"}\n'
    w = world(by_host(body))
    got = await w.api().download(log_file(body), tmp_path)
    assert got.path.read_bytes() == body
    assert [request.url.host for request in w.seen] == ["api.test", "files.test"]
    assert "authorization" in w.seen[0].headers
    assert not any("sk-admin" in value for value in w.seen[1].headers.values())


async def test_a_default_header_of_the_pool_does_not_leak_either(
    world: Any, log_file: Any, tmp_path: Path
) -> None:
    w = world(by_host(b"{}\n"))
    w.http.headers["Authorization"] = "Bearer sk-other"
    await w.api().download(log_file(), tmp_path)
    assert "authorization" not in w.seen[1].headers


async def test_a_direct_body_is_accepted(world: Any, log_file: Any, tmp_path: Path) -> None:
    w = world(lambda _: httpx.Response(200, content=b"{}\n"))
    assert (await w.api().download(log_file(), tmp_path)).size_bytes == 3


async def test_a_body_is_checked_as_a_download_is(world: Any, log_file: Any) -> None:
    w = world(by_host(b"{}\n"))
    assert await w.api().body(log_file(b"{}\n")) == b"{}\n"
    with pytest.raises(Tampered):
        await w.api().body(log_file(b"{}\n "))


async def test_a_file_name_is_never_a_path(world: Any, log_file: Any, tmp_path: Path) -> None:
    w = world(by_host(b"{}\n"))
    into = tmp_path / "in"
    file = log_file(id="../../evil", file_name="../../../etc/passwd\x00")
    got = await w.api().download(file, into)
    assert got.path.parent == into
    assert got.path.stem == hashlib.sha256(b"../../evil").hexdigest()
    assert names(tmp_path) == ["in"]


async def test_changed_bytes_are_refused_and_nothing_is_written(
    world: Any, log_file: Any, tmp_path: Path
) -> None:
    w = world(by_host(b"{ }\n"))
    with pytest.raises(Tampered) as caught:
        await w.api().download(log_file(b"{}\n "), tmp_path)
    assert caught.value.file_id == "eclf_1"
    assert names(tmp_path) == []


async def test_a_wrong_size_alone_is_refused(world: Any, log_file: Any, tmp_path: Path) -> None:
    w = world(by_host(b"{}\n"))
    with pytest.raises(Tampered):
        await w.api().download(log_file(file_size=2), tmp_path)


async def test_an_encoded_body_may_be_hashed_before_or_after_decoding(
    world: Any, log_file: Any, tmp_path: Path
) -> None:
    body = b'{"event_id":"1"}\n' * 100
    packed = gzip.compress(body, mtime=0)
    w = world(by_host(packed, **{"Content-Encoding": "gzip"}))
    for announced in (log_file(body), log_file(packed)):
        got = await w.api().download(announced, tmp_path)
        assert got.path.read_bytes() == body
        assert got.sha256 == announced.file_sha256


@pytest.mark.parametrize("packed", [False, True])
async def test_a_body_over_the_cap_is_refused(
    world: Any, log_file: Any, tmp_path: Path, *, packed: bool
) -> None:
    body = b" " * (CAP_BYTES + 1)
    headers = {"Content-Encoding": "gzip"} if packed else {}
    w = world(by_host(gzip.compress(body) if packed else body, **headers))
    with pytest.raises(BadAnswer):
        await w.api().download(log_file(body), tmp_path)


async def test_a_second_redirect_is_not_followed(world: Any, log_file: Any, tmp_path: Path) -> None:
    w = world(lambda _: httpx.Response(307, headers={"Location": SIGNED}))
    with pytest.raises(BadAnswer):
        await w.api().download(log_file(), tmp_path)
    assert len(w.seen) == 2


@pytest.mark.parametrize(
    "location",
    [
        "http://files.test/a",
        "https://127.0.0.1/a",
        "https://10.0.0.8/a",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/a",
        "https://[::ffff:127.0.0.1]/a",
        "https://[fe80::1]/a",
        "https://100.64.0.1/a",
        "https://224.0.0.1/a",
        "https://0.0.0.0/a",
        "https://user:pass@files.test/a",
        "file:///etc/passwd",
        "ftp://files.test/a",
        "",
    ],
)
async def test_a_link_that_is_not_public_https_is_not_fetched(
    world: Any, log_file: Any, tmp_path: Path, location: str
) -> None:
    w = world(lambda _: httpx.Response(307, headers={"Location": location}))
    with pytest.raises(BadAnswer):
        await w.api().download(log_file(), tmp_path)
    assert len(w.seen) == 1


async def test_a_name_that_leads_home_is_not_fetched(world: Any, log_file: Any, tmp_path: Path) -> None:
    async def rebound(host: str) -> tuple[str, ...]:
        return ("93.184.215.14", "192.168.1.1") if host == "files.test" else ()

    w = world(by_host(b"{}\n"))
    with pytest.raises(BadAnswer):
        await w.api(resolve=rebound).download(log_file(), tmp_path)
    assert len(w.seen) == 1


async def test_a_name_without_an_address_is_unreachable(world: Any, log_file: Any, tmp_path: Path) -> None:
    async def nowhere(host: str) -> tuple[str, ...]:
        raise Unreachable(detail=host)

    with pytest.raises(Unreachable):
        await world(by_host(b"{}\n")).api(resolve=nowhere).download(log_file(), tmp_path)


async def test_a_local_api_may_point_to_loopback_but_not_into_the_network(
    world: Any, log_file: Any, tmp_path: Path
) -> None:
    target = ["http://127.0.0.1:9/a"]

    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.port == 8760:
            return httpx.Response(307, headers={"Location": target[0]})
        return httpx.Response(200, content=b"{}\n")

    w = world(handler)
    api = w.api("http://127.0.0.1:8760/v1")
    assert (await api.download(log_file(), tmp_path)).size_bytes == 3
    target[0] = "http://10.0.0.8/a"
    with pytest.raises(BadAnswer):
        await api.download(log_file(), tmp_path)


async def test_downloads_keep_under_the_limit_of_a_minute(world: Any, log_file: Any, tmp_path: Path) -> None:
    w = world(by_host(b"{}\n"))
    api = w.api(downloads_a_minute=2)
    for _ in range(5):
        await api.download(log_file(), tmp_path)
    assert w.slept == [60.0, 60.0]


async def test_an_expired_link_is_asked_for_again(world: Any, log_file: Any, tmp_path: Path) -> None:
    links = iter(["https://files.test/old", "https://files.test/new"])

    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.host == "api.test":
            return httpx.Response(307, headers={"Location": next(links)})
        if request.url.path == "/old":
            return httpx.Response(403, content=b"<Error>Request has expired</Error>")
        return httpx.Response(200, content=b"{}\n")

    assert (await world(handler).api().download(log_file(), tmp_path)).size_bytes == 3


@pytest.mark.parametrize(
    ("status", "kind"), [(403, Forbidden), (404, SourceMissing), (410, SourceMissing), (429, RateLimited)]
)
async def test_a_refused_download_has_its_error(
    world: Any, log_file: Any, tmp_path: Path, status: int, kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        await world(lambda _: httpx.Response(status)).api().download(log_file(), tmp_path)


async def test_a_body_that_never_ends_is_given_up(world: Any, log_file: Any, tmp_path: Path) -> None:
    class Dripping(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            while True:
                await asyncio.sleep(0)
                yield b""

    w = world(lambda _: httpx.Response(200, stream=Dripping()))
    with pytest.raises(TimedOut):
        await w.api(policy=RetryPolicy(attempts=1, total_seconds=0.05)).download(log_file(), tmp_path)
