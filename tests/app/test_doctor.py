"""The first ten minutes: whatever is missing, `doctor` ends with the one next thing to do."""

from __future__ import annotations

import argparse
import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import trustme

from bot import reference
from bot.app.doctor import doctor
from bot.console.exits import Exit

BODY = b'{"object":"page","data":[],"has_more":false,"next_page":null}'
NAMES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (*NAMES, *map(str.lower, NAMES)):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PULSE_WORKSPACE_ID", "6a1f0c52-8d7b-4c1e-9a35-0b6f3d2e7c11")
    monkeypatch.setenv("PULSE_ANALYTICS_API_KEY", "sk-admin-test")


async def examined(capsys: pytest.CaptureFixture[str]) -> tuple[Exit, str]:
    """The exit code and what was printed."""
    code = await doctor(argparse.Namespace())
    printed = capsys.readouterr().out
    assert printed.splitlines()[-1].startswith("Next: ")
    return code, printed


def next_of(printed: str) -> str:
    return printed.splitlines()[-1].removeprefix("Next: ")


@asynccontextmanager
async def api(
    tls: ssl.SSLContext | None = None, date: datetime | None = None
) -> AsyncIterator[tuple[int, list[bytes]]]:
    """An API without usage whose clock shows `date`; yields its port and the request lines."""
    lines: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines.append((await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[0])
        shown = format_datetime(date or datetime.now(UTC), usegmt=True).encode()
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nDate: " + shown
        writer.write(head + b"\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0, ssl=tls) as server:
        yield server.sockets[0].getsockname()[1], lines


@asynccontextmanager
async def proxy(to_port: int) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A CONNECT proxy that tunnels everything to one port of this machine."""
    lines: list[bytes] = []

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(4096):
            writer.write(data)
            await writer.drain()
        writer.close()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines.append((await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[0])
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", to_port)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(copy(reader, far_writer), copy(far_reader, writer), return_exceptions=True)

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1], lines


@pytest.mark.parametrize(
    ("unset", "step"),
    [
        ("PULSE_WORKSPACE_ID", "Set PULSE_WORKSPACE_ID to the id on the admin page."),
        (
            "PULSE_ANALYTICS_API_KEY",
            "Set PULSE_ANALYTICS_API_KEY to a key with `codex.enterprise.analytics.read`.",
        ),
    ],
)
async def test_a_missing_variable_is_the_next_thing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], unset: str, step: str
) -> None:
    async with api() as (port, _):
        monkeypatch.setenv("PULSE_API_BASE_URL", f"http://127.0.0.1:{port}/v1")
        monkeypatch.delenv(unset)
        code, printed = await examined(capsys)
    assert (code, next_of(printed)) == (Exit.CHECK_FAILED, step)


async def test_with_the_api_in_order_slack_comes_next(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with api() as (port, _):
        monkeypatch.setenv("PULSE_API_BASE_URL", f"http://127.0.0.1:{port}/v1")
        code, printed = await examined(capsys)
    assert code is Exit.CHECK_FAILED
    assert next_of(printed) == "Set PULSE_SLACK_BOT_TOKEN (xoxb-…)."
    assert "ok    Clock: agrees with the API's" in printed


@pytest.mark.parametrize("minutes", [-10, 10])
async def test_a_clock_that_is_off_is_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], minutes: int
) -> None:
    async with api(date=datetime.now(UTC) + timedelta(minutes=minutes)) as (port, _):
        monkeypatch.setenv("PULSE_API_BASE_URL", f"http://127.0.0.1:{port}/v1")
        code, printed = await examined(capsys)
    assert code is Exit.CHECK_FAILED
    assert next_of(printed) == "Set this machine's clock, best by NTP."


async def test_a_key_that_is_refused_is_named_without_being_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with reference.serve(reference.Options(users=5)) as server:
        monkeypatch.setenv("PULSE_API_BASE_URL", server.base_url)
        monkeypatch.setenv("PULSE_WORKSPACE_ID", server.workspace_id)
        code, printed = await examined(capsys)
    assert code is Exit.CHECK_FAILED
    assert "FAIL  Analytics API: OpenAI does not accept the API key." in printed
    assert "sk-admin-test" not in printed
    assert "Set PULSE_ANALYTICS_API_KEY to a key" in next_of(printed)
    assert "doctor" not in next_of(printed)


async def test_a_policy_that_cannot_be_read_comes_before_everything(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "codex-pulse.toml").write_text('[policy]\nanalysts = ["ana@x.example"]\n', encoding="utf-8")
    code, printed = await examined(capsys)
    assert code is Exit.CHECK_FAILED
    assert "policy.analysts" in next_of(printed)


async def test_a_directory_with_a_mistake_is_named_by_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "people.csv").write_text("email,team\na@x.example,\n", encoding="utf-8")
    monkeypatch.setenv("PULSE_DIRECTORY_FILE", "people.csv")
    async with api() as (port, _):
        monkeypatch.setenv("PULSE_API_BASE_URL", f"http://127.0.0.1:{port}/v1")
        code, printed = await examined(capsys)
    assert code is Exit.CHECK_FAILED
    assert "FAIL  Directory: Directory file people.csv, line 2: the team is missing." in printed


async def test_a_proxy_and_a_private_authority_are_honoured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "roots.pem")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("api.example").configure_cert(tls)
    async with api(tls) as (port, lines), proxy(port) as (proxy_port, tunnels):
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy_port}")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "roots.pem"))
        monkeypatch.setenv("PULSE_API_BASE_URL", "https://api.example/v1")
        _, printed = await examined(capsys)
    assert tunnels == [b"CONNECT api.example:443 HTTP/1.1"]
    assert len(lines) == 1
    assert "ok    Analytics API: answers through a proxy" in printed
    assert str(proxy_port) not in printed


async def test_teams_alone_needs_no_slack(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PULSE_TEAMS_UNAUTHENTICATED", "true")
    async with api() as (port, _):
        monkeypatch.setenv("PULSE_API_BASE_URL", f"http://127.0.0.1:{port}/v1")
        _, printed = await examined(capsys)
    assert "--    Slack: not set up" in printed
    assert "--    Teams: without sign-in" in printed


async def test_teams_settings_that_are_not_safe_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PULSE_TEAMS_APP_ID", "0f0e0d0c-0000-4000-8000-00000000abcd")
    async with api() as (port, _):
        monkeypatch.setenv("PULSE_API_BASE_URL", f"http://127.0.0.1:{port}/v1")
        code, printed = await examined(capsys)
    assert code is Exit.CHECK_FAILED
    assert "FAIL  Teams: PULSE_TEAMS_APP_PASSWORD is not set." in printed
