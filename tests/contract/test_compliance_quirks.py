"""What real log exports do, each met once (contract.md e and f, quirks 8 to 11; conflict 5)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pyarrow.parquet as pq
import pytest
from pydantic import SecretStr

from bot.compliance.api import ComplianceApi, LogFile, log_scope
from bot.http.retry import RetryPolicy
from bot.lake import Dataset, Lake
from bot.model.errors import Forbidden
from bot.sync.events.ingest import EventIngest, TypeReport
from bot.sync.events.keys import EventKeys
from bot.sync.events.lines import BadLine, read_line
from bot.sync.events.row import Event, micros

NOW = datetime(2026, 9, 20, 12, tzinfo=UTC)
KEYS = EventKeys.from_secret(SecretStr("a secret of the tests, long enough"))
END = "2026-09-14T08:10:04.512377Z"
DANA = {"type": "ACCOUNT_USER", "user_id": "user-9QmK2vTn4hYb", "user_email": "dana.okafor@northwind.example"}

RESPONSE_LINE = (
    '{"event_id":"0d3c0f0a-6f3e-4f0e-9b1e-2f7a55c1a001","type":"CODEX_LOG","timestamp":'
    '"2026-09-14T08:02:11.204518Z","principal":{"id":"6a1f0c52-8d7b-4c1e-9a35-0b6f3d2e7c11","type":'
    '"CHATGPT_WORKSPACE"},"actor":{"type":"ACCOUNT_USER","user_id":"user-9QmK2vTn4hYb","user_email":'
    '"dana.okafor@northwind.example"},"event_type":"PROMPT_RESPONSE_RECEIVED","client_id":"CODEX_WEB",'
    '"workspace_id":"6a1f0c52-8d7b-4c1e-9a35-0b6f3d2e7c11","event_details":{"detail_type":'
    '"PROMPT_RESPONSE_RECEIVED","session_id":"sess-41","response_text":"Added a guard for empty invoices.",'
    '"status":"completed","turn_id":"turn-3","call_id":null,"model":"gpt-5.5","service_tier":"default",'
    '"reasoning_effort":"medium","token_usage":{"input_tokens":5120,"output_tokens":640,'
    '"cached_input_tokens":4096,"reasoning_output_tokens":210},"environment_id":"env_81ad"}}'
)
REVOKED_LINE = (
    '{"event_id":"0d3c0f0a-6f3e-4f0e-9b1e-2f7a55c1a002","type":"CODEX_LOG","timestamp":'
    '"2026-09-14T08:05:47.000913Z","principal":{"id":"6a1f0c52-8d7b-4c1e-9a35-0b6f3d2e7c11","type":'
    '"CHATGPT_WORKSPACE"},"actor":{"type":"ACCOUNT_USER","user_id":"user-Adm77Qe1Lr2P","user_email":'
    '"priya.shah@northwind.example"},"event_type":"ACCESS_TOKEN_REVOKED","client_id":"CODEX_WEB",'
    '"workspace_id":"6a1f0c52-8d7b-4c1e-9a35-0b6f3d2e7c11","event_details":{"detail_type":'
    '"ACCESS_TOKEN_REVOKED","access_token_id":"cat-0042","access_token_name":"nightly-ci",'
    '"created_by_user_id":"user-9QmK2vTn4hYb","expires_at":"2026-12-01T00:00:00Z"}}'
)


class Logs:
    """A Compliance API with files by type; a type may be refused. The boundary file comes back again."""

    def __init__(self, *, inclusive: bool = False) -> None:
        self.files: list[tuple[dict[str, Any], bytes]] = []
        self.refused: set[str] = set()
        self.inclusive = inclusive
        self.downloads: list[str] = []

    def add(self, file_id: str, *lines: str, event_type: str = "CODEX_LOG", end_time: str = END) -> None:
        body = "\n".join(lines).encode()
        entry = {
            "id": file_id,
            "event_type": event_type,
            "end_time": end_time,
            "file_name": f"{event_type}_{end_time}.jsonl",
            "file_size": len(body),
            "file_sha256": hashlib.sha256(body).hexdigest(),
        }
        self.files.append((entry, body))

    def __call__(self, request: httpx.Request) -> httpx.Response:
        last = request.url.path.rpartition("/")[2]
        if last == "logs":
            return self._list(request.url.params)
        found = [body for entry, body in self.files if entry["id"] == last]
        self.downloads += [last] if found else []
        return httpx.Response(200, content=found[0]) if found else httpx.Response(404)

    def _list(self, params: httpx.QueryParams) -> httpx.Response:
        if params["event_type"] in self.refused:
            return httpx.Response(403, json={"error": {"message": "not enabled"}})
        after = datetime.fromisoformat(params["after"])
        data = [entry for entry, _ in self.files if entry["event_type"] == params["event_type"]]
        data = [entry for entry in data if self._behind(datetime.fromisoformat(entry["end_time"]), after)]
        last = data[-1]["end_time"] if data else None
        return httpx.Response(200, json={"data": data, "has_more": False, "last_end_time": last})

    def _behind(self, end: datetime, after: datetime) -> bool:
        return end >= after if self.inclusive else end > after


Run = Callable[..., Any]


@pytest.fixture
async def run(tmp_path: Path) -> AsyncIterator[Run]:
    opened: list[httpx.AsyncClient] = []

    async def sleep(seconds: float) -> None:
        del seconds

    async def once(logs: Logs, *types: str) -> tuple[TypeReport, ...]:
        opened.append(httpx.AsyncClient(transport=httpx.MockTransport(logs)))
        api = ComplianceApi(
            opened[-1],
            base_url="https://api.chatgpt.com/v1",
            workspace_id="6a1f0c52-8d7b-4c1e-9a35-0b6f3d2e7c11",
            key=SecretStr("sk-admin-0042"),
            clock=lambda: NOW,
            policy=RetryPolicy(attempts=1),
            sleep=sleep,
        )
        return await EventIngest(api, Lake(tmp_path), KEYS, types or ("CODEX_LOG",)).run(NOW)

    yield once
    for each in opened:
        await each.aclose()


def rows(root: Path, day: str = "2026-09-14") -> list[dict[str, Any]]:
    path = Lake(root).path(Dataset.EVENTS, datetime.fromisoformat(day).date())
    return pq.ParquetFile(path).read().to_pylist()


def row(line: str, event_type: str = "CODEX_LOG") -> Event:
    file = LogFile(id="f", event_type=event_type, end_time=END, file_size=1, file_sha256="ab" * 32)
    read = read_line(line.encode(), 1, file, micros(file.ended_at), KEYS)
    assert not isinstance(read, BadLine), read
    return read


def test_the_two_example_lines_are_read_field_by_field() -> None:
    told = row(RESPONSE_LINE)
    assert (told.user_id, told.client_id, told.session_id, told.turn_id) == (
        "user-9QmK2vTn4hYb",
        "CODEX_WEB",
        "sess-41",
        "turn-3",
    )
    assert (told.model, told.service_tier, told.reasoning_effort) == ("gpt-5.5", "default", "medium")
    assert (told.input_tokens, told.cached_input_tokens) == (5120, 4096)
    assert (told.output_tokens, told.reasoning_output_tokens) == (640, 210)
    assert (told.response_length, told.environment_id, told.status) == (33, "env_81ad", "completed")
    revoked = row(REVOKED_LINE)
    assert (revoked.token_id, revoked.token_name) == ("cat-0042", "nightly-ci")
    assert (revoked.user_id, revoked.created_by_user_id) == ("user-Adm77Qe1Lr2P", "user-9QmK2vTn4hYb")


async def test_quirk_08(run: Run, tmp_path: Path) -> None:
    """The list of sub-types in the specification is illustrative: an unknown one is kept and counted."""
    logs = Logs()
    logs.add("f1", json.dumps({"event_id": "x", "type": "CODEX_LOG", "timestamp": END, "actor": DANA,
                               "event_type": "BRAND_NEW", "event_details": {"novelty": 1}}))  # fmt: skip
    (report,) = await run(logs)
    assert report.unknown == (("CODEX_LOG/BRAND_NEW", 1),)
    (kept,) = rows(tmp_path)
    assert (kept["event_type"], kept["detail"]) == ("BRAND_NEW", '{"novelty":1}')


async def test_quirk_09(run: Run, tmp_path: Path) -> None:
    """Device clients stand in CODEX_LOG beside the cloud, and a client nobody listed does too."""
    clients = ("CODEX_CLI", "CODEX_DESKTOP_APP", "CODEX_SDK_TS", "CODEX_WEB", "CODEX_TOASTER")
    lines = [
        json.dumps({"event_id": each, "type": "CODEX_LOG", "timestamp": END, "actor": DANA,
                    "event_type": "PROMPT_SENT", "client_id": each, "event_details": {}})
        for each in clients
    ]  # fmt: skip
    logs = Logs()
    logs.add("f1", *lines)
    await run(logs)
    assert sorted(each["client_id"] for each in rows(tmp_path)) == sorted(clients)


async def test_quirk_10(run: Run, tmp_path: Path) -> None:
    """A type that is not enabled fails on its own, names its scope, and the others go on."""
    logs = Logs()
    logs.refused.add("CODEX_SECURITY_LOG")
    logs.add("f1", RESPONSE_LINE)
    security, codex = await run(logs, "CODEX_SECURITY_LOG", "CODEX_LOG")
    assert isinstance(security.error, Forbidden)
    assert security.error.scope == log_scope("CODEX_SECURITY_LOG")
    assert (codex.error, len(rows(tmp_path))) == (None, 1)


def test_quirk_11() -> None:
    """A cost record without a timestamp has the hour its payload names."""
    payload = {"day": "2026-09-14", "hour": 7, "product": "codex", "client": "cli", "model": "gpt-5.5"}
    told = row(json.dumps({"event_id": "c", "type": "COSTS", "payload": payload}), "COSTS")
    assert told.timestamp == micros(datetime(2026, 9, 14, 7, tzinfo=UTC))
    assert (told.timestamp_from, told.model) == ("payload", "gpt-5.5")


@pytest.mark.parametrize("inclusive", [False, True])
async def test_conflict_5(run: Run, tmp_path: Path, *, inclusive: bool) -> None:
    """Whether the file at `after` comes back or not, each file is fetched and each event held once."""
    logs = Logs(inclusive=inclusive)
    logs.add("f1", RESPONSE_LINE)
    await run(logs)
    logs.add("f2", RESPONSE_LINE, REVOKED_LINE, end_time="2026-09-14T08:20:00Z")
    await run(logs)
    await run(logs)
    assert logs.downloads == ["f1", "f2"]
    assert [each["event_id"][-1] for each in rows(tmp_path)] == ["1", "2"]
