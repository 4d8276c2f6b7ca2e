from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.reference import Faults, Options, demo_people

NOW = datetime(2026, 10, 21, 15, 0, tzinfo=UTC)
TYPES = "CODEX_LOG,CODEX_SECURITY_LOG,AUDIT_LOG,AUTH_LOG"
DAY = 86_400
# A third of the usual workspace tells the same story in a third of the time.
USERS = 80
_MONTH: dict[str, list[dict[str, Any]]] = {}

pytestmark = pytest.mark.xdist_group("story of the month")


@pytest.fixture
async def caller(served: Any) -> AsyncIterator[Any]:
    async with served(Options(users=USERS, now=NOW)) as small:
        yield small


def iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


async def listed(caller: Any, kinds: str = TYPES, **params: Any) -> list[dict[str, Any]]:
    """All entries, paged as the contract says: `last_end_time` verbatim as the next `after`."""
    entries, after = [], params.pop("after", iso(NOW - timedelta(days=30)))
    while True:
        page = await caller.compliance("logs", event_type=kinds, after=after, **params)
        assert page.keys() == {"data", "has_more", "last_end_time"}
        entries += page["data"]
        if not page["has_more"]:
            return entries
        after = page["last_end_time"]


async def downloaded(caller: Any, entry: dict[str, Any]) -> bytes:
    key = caller.running.compliance_key
    status, body, headers = await caller.raw(caller.compliance_url(f"logs/{entry['id']}"), key)
    assert (status, body) == (307, b"")
    status, body, _ = await caller.raw(headers["Location"], None)
    assert status == 200
    return bytes(body)


async def events(caller: Any, entries: list[dict[str, Any]]) -> AsyncIterator[dict[str, Any]]:
    for entry in entries:
        for line in (await downloaded(caller, entry)).splitlines():
            if line.strip():
                yield json.loads(line)


async def story(caller: Any, days: int = 30, kinds: str = TYPES) -> list[dict[str, Any]]:
    """Events of the last days, each once, by time. The month is read once for all tests: it never changes."""
    for kind in () if _MONTH else TYPES.split(","):
        _MONTH[kind] = await read(caller, kind)
    since = iso(NOW - timedelta(days=days))
    told = (event for kind in kinds.split(",") for event in _MONTH[kind] if event["timestamp"] >= since)
    return sorted(told, key=lambda event: event["timestamp"])


async def read(caller: Any, kind: str) -> list[dict[str, Any]]:
    """Events of one type as they stand now, each once."""
    found = {event["event_id"]: event async for event in events(caller, await listed(caller, kind))}
    return list(found.values())


async def test_the_pages_together_are_all_files_once_and_in_order_of_end_time(caller: Any) -> None:
    since = iso(NOW - timedelta(days=2))
    big, small = await listed(caller, after=since), await listed(caller, after=since, limit=7)
    assert big == small
    ends = [entry["end_time"] for entry in big]
    assert ends == sorted(set(ends))
    assert {len(end) for end in ends} == {len("2026-09-14T08:10:04.512377Z")}


async def test_an_entry_has_six_fields_and_tells_size_and_checksum_of_the_content(caller: Any) -> None:
    for entry in (await listed(caller, after=iso(NOW - timedelta(hours=6))))[:20]:
        content = await downloaded(caller, entry)
        types = {name: type(value) for name, value in entry.items()}
        assert types == {
            "id": str, "event_type": str, "end_time": str, "file_name": str,
            "file_size": int, "file_sha256": str,
        }  # fmt: skip
        assert (len(content), hashlib.sha256(content).hexdigest()) == (
            entry["file_size"],
            entry["file_sha256"],
        )
        assert entry["file_size"] < 15_000_000


async def test_files_older_than_thirty_days_are_forgotten(caller: Any) -> None:
    entries = await listed(caller, after=iso(NOW - timedelta(days=90)))
    assert min(entry["end_time"] for entry in entries) > iso(NOW - timedelta(days=30))
    oldest = entries[0]
    caller.running.set_now(NOW + timedelta(days=2))
    url = caller.compliance_url(f"logs/{oldest['id']}")
    assert (await caller.raw(url, caller.running.compliance_key))[0] == 404


async def test_before_and_after_are_both_exclusive(caller: Any) -> None:
    entries = await listed(caller, after=iso(NOW - timedelta(hours=8)))
    inner = await listed(caller, after=entries[0]["end_time"], before=entries[-1]["end_time"])
    assert inner == entries[1:-1]


async def test_an_empty_page_has_no_last_end_time(caller: Any) -> None:
    page = await caller.compliance("logs", event_type="CUSTOM_AGENTS_LOG", after=iso(NOW))
    assert page == {"data": [], "has_more": False, "last_end_time": None}


async def test_files_do_not_change_when_the_clock_goes_on(caller: Any) -> None:
    since = iso(NOW - timedelta(days=3))
    before = await listed(caller, after=since)
    caller.running.set_now(NOW + timedelta(minutes=30))
    after = await listed(caller, after=since)
    assert len(after) > len(before)
    assert after[: len(before)] == before


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"event_type": "CODEX_LOG"}, 400),
        ({"after": "2026-10-20T00:00:00Z"}, 400),
        ({"event_type": "CODEX_LOG", "after": "2026-10-20T00:00:00"}, 400),
        ({"event_type": "CODEX_LOG", "after": "yesterday"}, 400),
        ({"event_type": "CODEX_LOG", "after": "2026-10-20T00:00:00Z", "before": "x"}, 400),
        ({"event_type": "CODEX_LOG", "after": "2026-10-20T00:00:00Z", "limit": 101}, 400),
        ({"event_type": "CODEX_LOG", "after": "2026-10-20T00:00:00Z", "limit": 0}, 400),
        ({"event_type": "COSTS", "after": "2026-10-20T00:00:00Z"}, 400),
        ({"event_type": "CODEX_LOG,NONSENSE", "after": "2026-10-20T00:00:00Z"}, 400),
    ],
)
async def test_a_bad_listing_is_refused(caller: Any, params: dict[str, Any], status: int) -> None:
    answer = await caller.raw(caller.compliance_url("logs"), caller.running.compliance_key, **params)
    assert answer[0] == status
    assert json.loads(answer[1])["error"].keys() == {"message", "type", "code"}


async def test_malformed_and_unknown_file_ids_are_told_apart(caller: Any) -> None:
    key = caller.running.compliance_key
    for name, status in (("nonsense", 400), ("eclf_7f3a", 404), ("eclf_" + "0" * 20, 404), ("eclf_z!", 400)):
        assert (await caller.raw(caller.compliance_url(f"logs/{name}"), key))[0] == status


async def test_the_analytics_key_opens_no_log(caller: Any) -> None:
    for name in ("logs", "users", "codex_tasks", "codex_environments"):
        assert (await caller.raw(caller.compliance_url(name), caller.running.analytics_key))[0] == 403
        assert (await caller.raw(caller.compliance_url(name), None))[0] == 401


async def test_the_signed_host_is_another_one_and_refuses_and_counts_a_key(caller: Any) -> None:
    running = caller.running
    entry = (await listed(caller, after=iso(NOW - timedelta(hours=2))))[0]
    location = (await caller.raw(caller.compliance_url(f"logs/{entry['id']}"), running.compliance_key))[2][
        "Location"
    ]
    assert location.startswith(running.signed_host_url)
    assert running.signed_host_url not in running.base_url
    assert (await caller.raw(location, running.compliance_key))[0] == 400
    assert running.leaked_keys == 1
    assert (await caller.raw(location + "0", None))[0] == 403
    running.set_now(NOW + timedelta(minutes=6))
    assert (await caller.raw(location, None))[0] == 410


async def test_events_come_twice_in_other_files_and_some_come_late(caller: Any) -> None:
    seen: Counter[str] = Counter()
    late = 0
    for entry in await listed(caller, "CODEX_LOG", after=iso(NOW - timedelta(days=3))):
        async for event in events(caller, [entry]):
            assert event["timestamp"] <= entry["end_time"]
            seen[event["event_id"]] += 1
            late += datetime.fromisoformat(event["timestamp"]) < datetime.fromisoformat(
                entry["end_time"]
            ) - timedelta(hours=2)
    assert Counter(seen.values())[2] > 0
    assert 0 < late < len(seen) / 20


async def test_every_record_has_the_envelope_of_its_type(caller: Any) -> None:
    head = {"event_id", "type", "timestamp", "principal", "actor"}
    more = {"event_type", "client_id", "workspace_id", "event_details"}
    for event in await story(caller, days=20):
        codex = event["type"].startswith("CODEX")
        audit = {"action", "action_data", "action_privilege"} if event["type"] == "AUDIT_LOG" else set()
        auth = {"action", "action_data"} if event["type"] == "AUTH_LOG" else set()
        assert event.keys() == head | (more if codex else audit | auth)
        assert event["principal"] == {"id": caller.running.workspace_id, "type": "CHATGPT_WORKSPACE"}
        if codex:
            assert event["event_details"]["detail_type"] == event["event_type"]


async def test_prompts_agree_with_the_turns_of_the_settled_usage_rows(caller: Any) -> None:
    since = int(datetime(2026, 9, 22, tzinfo=UTC).timestamp())
    turns, threads, tokens = Counter[Any](), Counter[Any](), Counter[Any]()
    rows = await caller.rows(start_time=since, end_time=since + 24 * DAY, limit=30_000)
    for row in rows:
        who = datetime.fromtimestamp(row["start_time"], UTC).date().isoformat(), row["user_id"]
        tokens[who] = row["totals"]["text_total_tokens"]
        for client in row["clients"]:
            turns[*who, client["client_id"]] = client["turns"]
            threads[*who, client["client_id"]] = client["threads"]
    prompts, sessions, used = Counter[Any](), defaultdict[Any, set[str]](set), Counter[Any]()
    for event in await story(caller, kinds="CODEX_LOG"):
        who, detail = (event["timestamp"][:10], event["actor"].get("user_id")), event["event_details"]
        if event["event_type"] == "PROMPT_SENT":
            prompts[*who, event["client_id"]] += 1
            sessions[*who, event["client_id"]].add(detail["session_id"])
        if event["event_type"] == "PROMPT_RESPONSE_RECEIVED":
            used[who] += detail["token_usage"]["input_tokens"] + detail["token_usage"]["output_tokens"]
    assert {key: prompts[key] for key in turns} == dict(turns)
    assert {key: len(sessions[key]) for key in threads} == dict(threads)
    assert {who: used[who] for who, total in tokens.items() if total is not None} == {
        who: total for who, total in tokens.items() if total is not None
    }


async def test_the_story_of_the_month_is_told(caller: Any) -> None:
    told = await story(caller)
    of = defaultdict(list)
    for event in told:
        of[event.get("event_type") or event["action"]].append(event)
    created = {event["event_details"]["access_token_id"] for event in of["ACCESS_TOKEN_CREATED"]}
    revoked = {event["event_details"]["access_token_id"] for event in of["ACCESS_TOKEN_REVOKED"]}
    used = {event["actor"].get("credential_id") for event in told}
    assert revoked < created
    assert (len(created & used), len(created - used)) == (3, 1)
    soon = [event["event_details"].get("expires_at", "9") for event in of["ACCESS_TOKEN_CREATED"]]
    assert sum(iso(NOW) < end < iso(NOW + timedelta(days=14)) for end in soon) == 2
    assert len(of["PROPOSED_PATCH_PR_CREATED"]) == 2
    assert any(event["event_details"]["environment_fields"]["agent_settings"]["network_access"] == "on"
               for event in of["ENVIRONMENT_UPDATED"])  # fmt: skip
    assert {"WORKSPACE_UPDATED", "PERSONAL_ACCESS_TOKEN_CREATE", "PERSONAL_ACCESS_TOKEN_REVOKE"} <= of.keys()
    assert {"PLUGIN_INSTALLED", "HOLOGRAM_PROJECTED", "TOOL_DECISION", "SCAN_FINDING_UPDATED"} <= of.keys()
    assert any(event["event_details"]["tool_type"] == "skill" for event in of["TOOL_CALL_COMPLETED"])
    errors = [event["event_details"].get("error_code") for event in of["PROMPT_RESPONSE_RECEIVED"]]
    assert "rate_limit_exceeded" in errors


async def test_one_token_works_at_night_in_a_burst(caller: Any) -> None:
    night = [
        event for event in await story(caller, days=10, kinds="CODEX_LOG")
        if event["timestamp"].startswith("2026-10-13T01") and event["event_type"] == "PROMPT_SENT"
    ]  # fmt: skip
    assert len(night) > 30
    assert len({(event["actor"]["user_id"], event["actor"]["credential_id"]) for event in night}) == 1


async def test_one_prompt_of_a_well_known_person_carries_made_up_secrets(caller: Any) -> None:
    marked = [
        event for event in await story(caller, days=8, kinds="CODEX_LOG")
        if "AK" + "IA" in event["event_details"].get("prompt_text", "")
    ]  # fmt: skip
    (event,) = marked
    assert event["actor"]["user_id"] == demo_people(7, USERS)["member"].user_id


async def test_pulls_nobody_here_made_and_our_own_stand_in_the_audit_log(caller: Any) -> None:
    await listed(caller, after=iso(NOW - timedelta(hours=1)))
    caller.running.set_now(NOW + timedelta(minutes=30))
    pulls = [event for event in await read(caller, "AUDIT_LOG") if event["actor"]["type"] == "API_KEY"]
    keys = Counter(event["actor"]["redacted_id"] for event in pulls)
    own = f"sk-***{caller.running.compliance_key[-4:]}"
    assert len(keys) == 2
    assert keys[own] >= 1
    assert {event["action"] for event in pulls} == {"LIST_WORKSPACE_LOG_FILES", "DOWNLOAD_WORKSPACE_LOG_FILE"}


async def test_freshness_is_told_per_type(caller: Any) -> None:
    answer = await caller.compliance("logs/max_event_time", event_type=f"{TYPES},CUSTOM_AGENTS_LOG")
    times = answer["max_event_time"]
    assert times["CUSTOM_AGENTS_LOG"] is None
    assert iso(NOW - timedelta(hours=2)) < times["CODEX_LOG"] < iso(NOW)


async def test_one_type_without_scope_fails_alone(served: Any) -> None:
    async with served(Options(now=NOW, misbehave=Faults(forbidden_types=("AUDIT_LOG",)))) as caller:
        url, key, after = (
            caller.compliance_url("logs"),
            caller.running.compliance_key,
            iso(NOW - timedelta(days=4)),
        )
        assert (await caller.raw(url, key, event_type="AUDIT_LOG", after=after))[0] == 403
        assert (await caller.raw(url, key, event_type="CODEX_LOG", after=after))[0] == 200


async def test_a_tampered_file_has_the_right_size_and_another_checksum(served: Any) -> None:
    async with served(Options(now=NOW, misbehave=Faults(tampered_log=1))) as caller:
        entry = (await listed(caller, "CODEX_LOG", after=iso(NOW - timedelta(hours=3))))[0]
        first, second = await downloaded(caller, entry), await downloaded(caller, entry)
    assert len(first) == len(second) == entry["file_size"]
    assert hashlib.sha256(first).hexdigest() != entry["file_sha256"] == hashlib.sha256(second).hexdigest()


async def test_log_paging_can_be_made_to_stand_still(served: Any) -> None:
    async with served(Options(now=NOW, misbehave=Faults(stuck_logs=True))) as caller:
        after = iso(NOW - timedelta(hours=3))
        page = await caller.compliance("logs", event_type="CODEX_LOG", after=after)
    assert (page["has_more"], page["last_end_time"]) == (True, after)


async def test_strange_lines_and_file_names_are_available_on_request(served: Any) -> None:
    faults = Faults(invalid_utf8=True, huge_prompt=True, deep_json=True, hostile_file_names=True)
    async with served(Options(now=NOW, misbehave=faults)) as caller:
        entries = await listed(caller, "CODEX_LOG", after=iso(NOW - timedelta(hours=9)))
        content = [await downloaded(caller, entry) for entry in entries]
    lines = [line for part in content for line in part.splitlines()]
    assert any(b"\xff\xfe" in line for line in lines)
    assert any(len(line) > 1_000_000 for line in lines)
    assert any(line.count(b"{") > 4_000 for line in lines)
    assert all(".." in entry["file_name"] for entry in entries)
