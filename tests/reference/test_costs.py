from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.reference import Options

NOW = datetime(2026, 10, 21, 15, 0, tzinfo=UTC)
SINCE = "2026-10-01T00:00:00Z"
DAY = 86_400
PAYLOAD = {
    "day", "hour", "identity", "product", "surface", "client", "model", "service_tier", "reasoning",
    "measures",
}  # fmt: skip


@pytest.fixture
async def caller(served: Any) -> AsyncIterator[Any]:
    async with served(Options(users=40, now=NOW)) as small:
        yield small


def url(caller: Any, path: str = "logs", organization: str | None = None) -> str:
    named = organization or caller.running.organization_id
    return f"{caller.running.base_url}/compliance/organizations/{named}/{path}"


async def asked(caller: Any, **params: Any) -> Any:
    status, body, _ = await caller.raw(url(caller), caller.running.compliance_key, **params)
    assert status == 200, body
    return json.loads(body)


async def listed(caller: Any, **params: Any) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = []
    after = SINCE
    while True:
        page = await asked(caller, event_type="COSTS", after=after, **params)
        entries += page["data"]
        if not page["has_more"]:
            return entries
        after = page["last_end_time"]


async def records(caller: Any, entry: dict[str, Any]) -> list[dict[str, Any]]:
    key = caller.running.compliance_key
    status, _, headers = await caller.raw(url(caller, f"logs/{entry['id']}"), key)
    assert status == 307
    status, body, _ = await caller.raw(headers["Location"], None)
    assert (status, hashlib.sha256(body).hexdigest()) == (200, entry["file_sha256"])
    return [json.loads(line) for line in body.splitlines() if line.strip()]


async def test_the_pages_together_are_all_cost_files_in_order_of_end_time(caller: Any) -> None:
    big, small = await listed(caller), await listed(caller, limit=9)
    assert big == small
    ends = [entry["end_time"] for entry in big]
    assert ends == sorted(set(ends))
    assert {entry["event_type"] for entry in big} == {"COSTS"}


async def test_the_costs_of_a_day_add_up_to_the_credits_of_the_usage_rows(caller: Any) -> None:
    start = int(datetime(2026, 10, 6, tzinfo=UTC).timestamp())
    rows = await caller.rows(start_time=start, end_time=start + DAY)
    told = [r["payload"] for entry in await listed(caller) for r in await records(caller, entry)]
    billing = [b for p in told if p["day"] == "2026-10-06" for b in p["measures"]["billing"]]
    used = [b["cost"]["value"] for b in billing if b["cost"]["unit"] == "credits"]
    assert round(sum(used), 4) == round(sum(row["totals"]["credits"] for row in rows), 4) > 0


async def test_a_record_names_organization_system_person_and_hour(caller: Any) -> None:
    found = [r for entry in (await listed(caller))[:60] for r in await records(caller, entry)]
    for record in found:
        assert record["type"] == "COSTS"
        assert record["principal"] == {"id": caller.running.organization_id, "type": "API_PLATFORM_ORG"}
        assert record["actor"]["type"] == "SYSTEM"
        assert record["payload"].keys() == PAYLOAD
        assert record["payload"]["identity"].keys() == {"user_id", "email", "name", "groups", "agent"}
    assert len({record["event_id"] for record in found}) == len(found)
    assert {"timestamp" in record for record in found} == {True, False}


async def test_cost_files_come_three_to_five_hours_late(caller: Any) -> None:
    for entry in (await listed(caller))[:40]:
        payload = (await records(caller, entry))[0]["payload"]
        over = datetime.fromisoformat(payload["day"]).replace(tzinfo=UTC) + timedelta(
            hours=payload["hour"] + 1
        )
        late = datetime.fromisoformat(entry["end_time"]) - over
        assert timedelta(hours=3) <= late <= timedelta(hours=5, minutes=11)


async def test_the_newest_costs_are_told(caller: Any) -> None:
    status, body, _ = await caller.raw(
        url(caller, "logs/max_event_time"), caller.running.compliance_key, event_type="COSTS,APP_LOG"
    )
    newest = json.loads(body)["max_event_time"]
    assert (status, newest["APP_LOG"]) == (200, None)
    assert "2026-10-21" in newest["COSTS"]


@pytest.mark.parametrize("kind", ["CODEX_LOG", "NONSENSE"])
async def test_types_of_workspaces_and_unknown_ones_are_refused(caller: Any, kind: str) -> None:
    key = caller.running.compliance_key
    assert (await caller.raw(url(caller), key, event_type=kind, after=SINCE))[0] == 400


async def test_app_logs_are_listed_and_empty(caller: Any) -> None:
    page = await asked(caller, event_type="APP_LOG", after=SINCE)
    assert page == {"data": [], "has_more": False, "last_end_time": None}


async def test_keys_and_organizations_are_told_apart(caller: Any) -> None:
    running, params = caller.running, {"event_type": "COSTS", "after": SINCE}
    assert (await caller.raw(url(caller), None, **params))[0] == 401
    assert (await caller.raw(url(caller), running.analytics_key, **params))[0] == 403
    for organization, status in (("org-other", 403), (running.workspace_id, 404)):
        found = await caller.raw(url(caller, organization=organization), running.compliance_key, **params)
        assert found[0] == status


async def test_a_workspace_does_not_hand_out_the_files_of_the_organization(caller: Any) -> None:
    entry = (await listed(caller))[0]
    found = await caller.raw(caller.compliance_url(f"logs/{entry['id']}"), caller.running.compliance_key)
    assert found[0] == 404
