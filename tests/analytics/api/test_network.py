from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trustme

from bot.analytics.api import AnalyticsApi, Page, build_http
from bot.analytics.api.wire import UsageRow
from bot.model.errors import BadSetting, Unreachable
from bot.model.timerange import TimeRange

MakeApi = Callable[..., AnalyticsApi]
BODY = b'{"object":"page","data":[],"has_more":false,"next_page":null}'
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
WHOLE = HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY
PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@asynccontextmanager
async def serve(
    answers: list[bytes], tls: ssl.SSLContext | None = None
) -> AsyncIterator[tuple[int, list[bytes]]]:
    """Answers raw bytes on loopback, the last ones for ever; yields its port and the first lines it got."""
    lines: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        lines.append(head.split(b"\r\n")[0])
        writer.write(answers.pop(0) if len(answers) > 1 else answers[0])
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=tls)
    async with server:
        yield server.sockets[0].getsockname()[1], lines


async def ask(make_api: MakeApi, base_url: str, window: TimeRange) -> Page[UsageRow]:
    async with build_http() as http:
        return await anext(make_api(http, base_url=base_url).usage(window))


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(WHOLE[:-10], id="shorter than its length"),
        pytest.param(HEAD + b'Transfer-Encoding: chunked\r\n\r\n5\r\n{"obj', id="chunk cut"),
        pytest.param(HEAD + b"\r\n" + BODY[:-10], id="closed without a length"),
        pytest.param(HEAD + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope", id="no gzip"),
        pytest.param(b"", id="closed at once"),
        pytest.param(b"gibberish\r\n\r\n", id="not HTTP"),
    ],
)
async def test_a_broken_read_is_tried_again(
    broken: bytes, make_api: MakeApi, window: TimeRange, waits: list[float]
) -> None:
    async with serve([broken, WHOLE]) as (port, lines):
        page = await ask(make_api, f"http://127.0.0.1:{port}/v1", window)
    assert page.byte_count == len(BODY)
    assert (len(lines), len(waits)) == (2, 1)


async def test_a_private_authority_is_trusted_by_ssl_cert_file(
    make_api: MakeApi, window: TimeRange, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, waits: list[float]
) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    roots = tmp_path / "roots.pem"
    authority.cert_pem.write_to_path(roots)
    async with serve([WHOLE], context) as (port, _):
        with pytest.raises(Unreachable):
            await ask(make_api, f"https://localhost:{port}/v1", window)
        assert waits == []
        monkeypatch.setenv("SSL_CERT_FILE", str(roots))
        assert (await ask(make_api, f"https://localhost:{port}/v1", window)).byte_count == len(BODY)


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_certificates_that_cannot_be_loaded_are_named(
    content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "roots.pem"
    if content:
        path.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with pytest.raises(BadSetting) as refused:
        build_http()
    assert "SSL_CERT_FILE" in refused.value.message


def test_a_proxy_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "gopher://proxy.example")
    with pytest.raises(BadSetting) as refused:
        build_http()
    assert "HTTPS_PROXY" in refused.value.hint


async def test_https_goes_through_the_proxy_and_the_key_does_not_reach_it(
    make_api: MakeApi, window: TimeRange, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serve([b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"]) as (port, lines):
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        with pytest.raises(Unreachable):
            await ask(make_api, "https://api.example/v1", window)
    assert lines == [b"CONNECT api.example:443 HTTP/1.1"] * 6


async def test_loopback_never_goes_through_a_proxy(
    make_api: MakeApi, window: TimeRange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    async with serve([WHOLE]) as (port, lines):
        await ask(make_api, f"http://127.0.0.1:{port}/v1", window)
    assert len(lines) == 1


async def test_nobody_listening_is_unreachable(
    make_api: MakeApi, window: TimeRange, waits: list[float]
) -> None:
    async with serve([WHOLE]) as (port, _):
        pass
    with pytest.raises(Unreachable):
        await ask(make_api, f"http://127.0.0.1:{port}/v1", window)
    assert len(waits) == 5


async def test_sixteen_windows_run_at_once_through_one_client(make_api: MakeApi, window: TimeRange) -> None:
    waiting: list[Awaitable[object]] = []
    async with serve([WHOLE]) as (port, lines), build_http() as http:
        api = make_api(http, base_url=f"http://127.0.0.1:{port}/v1")
        waiting = [anext(api.usage(window)) for _ in range(40)]
        assert len(await asyncio.gather(*waiting)) == 40
    assert len(lines) == 40
