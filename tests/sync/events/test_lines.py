from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.compliance.api import LogFile
from bot.lake import SCHEMAS, Dataset
from bot.sync.events.days import to_table
from bot.sync.events.keys import EventKeys
from bot.sync.events.lines import BadLine, read_file, read_line
from bot.sync.events.row import Event, micros

KEYS = EventKeys.from_secret(SecretStr("a secret of the tests, long enough"))
FILE = LogFile(
    id="eclf_1",
    event_type="CODEX_LOG",
    end_time="2026-09-14T08:10:04.512377Z",
    file_size=1,
    file_sha256="ab" * 32,
)
Make = Callable[..., dict[str, Any]]


def read(value: Any) -> Event | BadLine:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return read_line(raw, 1, FILE, micros(FILE.ended_at), KEYS)


def event(value: Any) -> Event:
    found = read(value)
    assert isinstance(found, Event), found
    return found


def test_the_row_has_exactly_the_columns_of_the_lake() -> None:
    assert set(Event.__struct_fields__) == set(SCHEMAS[Dataset.EVENTS].names)


def test_content_becomes_length_and_hash(record: Make) -> None:
    row = event(record())
    assert (row.prompt_length, row.prompt_hash) == (18, KEYS.text_hash("find me in no file"))
    assert "find me" not in str(row)
    assert "dana@" not in str(row)


def test_an_empty_prompt_has_length_zero_and_a_missing_one_none(record: Make) -> None:
    assert event(record(event_details={"prompt_text": ""})).prompt_length == 0
    assert event(record(event_details={})).prompt_length is None


def test_tokens_are_counted_as_told(record: Make) -> None:
    usage = {"input_tokens": 5120, "output_tokens": 640, "cached_input_tokens": 4096}
    row = event(record(event_details={"token_usage": usage}))
    assert (row.input_tokens, row.cached_input_tokens, row.output_tokens) == (5120, 4096, 640)
    assert row.reasoning_output_tokens is None


def test_a_turn_record_tells_uncached_input_and_both_make_the_input(record: Make) -> None:
    usage = {"uncached_input_tokens": 100, "cached_input_tokens": 40, "output_tokens": 7}
    payload = {"thread_id": "th", "product_client_id": "CODEX_CLI", "token_usage": usage, "model": "m"}
    row = event(
        record(type="CODEX_TURN", event_details=None, event_type=None, client_id=None, payload=payload)
    )
    assert (row.input_tokens, row.cached_input_tokens, row.session_id) == (140, 40, "th")
    assert row.client_id == "CODEX_CLI"


@pytest.mark.parametrize("bad", [-1, 2**63, "5", True, 1.5, None])
def test_a_count_that_is_none_is_not_a_zero(record: Make, bad: Any) -> None:
    assert event(record(event_details={"token_usage": {"input_tokens": bad}})).input_tokens is None


def test_tokens_created_and_revoked_name_actor_and_owner(record: Make) -> None:
    details = {
        "access_token_id": "cat-0042",
        "access_token_name": "nightly-ci",
        "created_by_user_id": "user-2",
        "expires_at": "2026-12-01T00:00:00Z",
    }
    row = event(record(event_type="ACCESS_TOKEN_REVOKED", event_details=details))
    assert (row.user_id, row.created_by_user_id, row.token_id) == ("user-1", "user-2", "cat-0042")
    assert row.expires_at == 1_796_083_200_000_000


def test_a_personal_access_token_of_the_audit_log_reads_the_same(record: Make) -> None:
    data = {
        "credential_id": "pat-1",
        "credential_name": "laptop",
        "owner_user_id": "user-2",
        "expires_at": 1_796_083_200,
        "scopes": ["codex.read", "codex.write"],
    }
    row = event(
        record(
            type="AUDIT_LOG",
            event_type=None,
            event_details=None,
            action="PERSONAL_ACCESS_TOKEN_CREATE",
            action_data=data,
            action_privilege="ADMIN",
        )
    )
    assert (row.action, row.action_privilege, row.token_id) == (
        "PERSONAL_ACCESS_TOKEN_CREATE",
        "ADMIN",
        "pat-1",
    )
    assert (row.token_name, row.created_by_user_id, row.scopes) == (
        "laptop",
        "user-2",
        "codex.read codex.write",
    )
    assert row.expires_at == 1_796_083_200_000_000
    assert row.credential_id is None


def test_the_result_of_an_action_is_its_status(record: Make) -> None:
    row = event(record(type="AUDIT_LOG", action="INVITE_SEND", action_result="BLOCKED", action_data={}))
    assert row.status == "BLOCKED"


@pytest.mark.parametrize("sub_type", ["APP_MCP_CALL", "APP_MCP_RESULT", "APP_MCP_ELICITATION"])
def test_the_tool_of_an_app_is_named_with_and_without_a_call_id(record: Make, sub_type: str) -> None:
    details = {"detail_type": sub_type, "name": "tickets.search", "call_id": None}
    assert event(record(event_type=sub_type, event_details=details)).tool_name == "tickets.search"
    del details["call_id"]
    assert event(record(event_type=sub_type, event_details=details)).tool_name == "tickets.search"
    assert event(record(event_type=None, event_details=details)).tool_name == "tickets.search"
    assert event(record(event_details={"name": "not a tool"})).tool_name is None


def test_opened_networks_are_visible(record: Make) -> None:
    settings = {"previous_settings": {"network_access": "off"}, "current_settings": {"network_access": "on"}}
    row = event(record(event_type="WORKSPACE_UPDATED", event_details=settings))
    assert (row.network_before, row.network_after) == ("off", "on")
    fields = {"environment_fields": {"permissions": {"internet_access": {"mode": "all"}}}}
    assert event(record(event_details=fields)).network_after == '{"mode":"all"}'


def test_what_has_no_column_is_told_without_its_text(record: Make) -> None:
    details = {
        "updated_fields": {
            "criticality": "high",
            "resolution_reason": "because of the customer",
            "assignee_user_email": "dana@northwind.example",
        },
        "version_number": 3,
        "arguments": {"query": "salary"},
        "strange key with words": 1,
    }
    row = event(record(event_details=details))
    told = json.loads(row.detail or "")
    assert told["version_number"] == 3
    assert told["updated_fields"]["criticality"] == "high"
    assert told["updated_fields"]["resolution_reason"]["length"] == 23
    for private in ("customer", "dana@", "salary", "strange key"):
        assert private not in str(row)
    assert row.tool_length == len('{"query":"salary"}')


def test_an_unknown_subtype_is_kept_and_counted(record: Make, tmp_path: Path) -> None:
    path = tmp_path / "f"
    lines = [record(event_type="HOLOGRAM_SENT", event_details={"hologram": "text"}), record(event_id="e2")]
    path.write_text("\n".join(map(json.dumps, lines)))
    decoded = read_file(path, FILE, KEYS)
    assert len(decoded.events) == 2
    assert decoded.unknown == (("CODEX_LOG/HOLOGRAM_SENT", 1),)
    assert '"text"' not in (decoded.events[0].detail or "")


def test_a_client_address_is_only_a_hash(record: Make) -> None:
    row = event(record(request_metadata={"client_ip": "203.0.113.9", "client_user_agent": "curl"}))
    assert row.client_ip_hash == KEYS.ip_hash("203.0.113.9")
    assert "203.0.113.9" not in str(row)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("2026-09-14T08:02:11.204518Z", 1_789_372_931_204_518),
        ("2026-09-14T10:02:11.204518+02:00", 1_789_372_931_204_518),
        ("2026-09-14T08:02:11.204518", 1_789_372_931_204_518),
        (1_789_372_931, 1_789_372_931_000_000),
    ],
)
def test_times_are_utc_microseconds(record: Make, told: Any, expected: int) -> None:
    assert event(record(timestamp=told)).timestamp == expected


def test_a_record_without_a_time_has_that_of_its_file(record: Make) -> None:
    row = event(record(timestamp=None))
    assert (row.timestamp, row.timestamp_from) == (micros(FILE.ended_at), "file")


def test_an_event_without_an_id_has_one_from_its_line(record: Make) -> None:
    raw = json.dumps(record(event_id=None)).encode()
    assert event(raw).event_id == f"line:{hashlib.sha256(raw).hexdigest()}"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b'{"type":"CODEX_LOG","x":"\xff"}', "not UTF-8"),
        (b'{"type":"CODEX_LOG"', "not JSON"),
        (b"[]", "a field of the wrong type"),
        (b'{"actor":5}', "a field of the wrong type"),
        (b'{"event_details":{"a":' + b"[" * 50_000 + b"]" * 50_000 + b"}}", "too deep"),
        (b'{"timestamp":"9999-01-01T00:00:00Z"}', "a time outside the file's"),
        (b'{"timestamp":"1971-01-01T00:00:00Z"}', "a time outside the file's"),
    ],
)
def test_a_broken_line_says_what_is_wrong_and_keeps_its_bytes(raw: bytes, reason: str) -> None:
    found = read(raw)
    assert isinstance(found, BadLine)
    assert (found.reason, found.raw) == (reason, raw)
    assert "CODEX_LOG" not in repr(found)


def test_half_an_emoji_hides_nothing_from_the_audit(record: Make) -> None:
    details = {
        "prompt_text": "look \ud83d",
        "session_id": "s-1",
        "tool_name": "\ud83d",
        "share": float("nan"),
    }
    row = event(record(event_details=details))
    assert (row.session_id, row.prompt_length, row.tool_name) == ("s-1", 6, "?")
    assert row.line_sha256 == hashlib.sha256(json.dumps(record(event_details=details)).encode()).hexdigest()


def test_hostile_names_and_a_megabyte_prompt_pass(record: Make) -> None:
    hostile = "\x00<!channel>\u202e<script>../../etc"
    row = event(record(client_id=hostile, event_details={"prompt_text": "x" * 2**20, "model": "m" * 2**20}))
    assert row.client_id == hostile
    assert row.prompt_length == 2**20
    assert (row.model or "").startswith("hash:")
    assert to_table([row]).to_pylist()[0]["client_id"] == hostile


def test_blank_lines_carriage_returns_and_a_missing_last_break_are_tolerated(
    record: Make, tmp_path: Path
) -> None:
    path = tmp_path / "f"
    first, second = (json.dumps(record(event_id=each)).encode() for each in ("a", "b"))
    path.write_bytes(b"\xef\xbb\xbf" + first + b"\r\n\r\n  \n" + second)
    decoded = read_file(path, FILE, KEYS)
    assert [(each.event_id, each.line) for each in decoded.events] == [("a", 1), ("b", 4)]
    assert decoded.events[1].line_sha256 == hashlib.sha256(second).hexdigest()
    assert decoded.bad == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from(
    [
        "event_id", "type", "timestamp", "actor", "event_type", "event_details", "payload", "action",
        "action_data", "agent", "request_metadata", "client_id",
    ]
)  # fmt: skip
DETAILS = st.sampled_from(
    [
        "prompt_text", "tool_input", "arguments", "token_usage", "expires_at", "scopes", "environment_fields",
        "current_settings", "name", "model", "day", "hour", "detail_type",
    ]
)  # fmt: skip


@given(st.binary(max_size=200))
def test_any_bytes_are_an_event_or_a_bad_line(raw: bytes) -> None:
    assert isinstance(read(raw), Event | BadLine)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # imports count as generation
@given(st.dictionaries(FIELDS, JSON | st.dictionaries(DETAILS, JSON, max_size=5), max_size=8))
def test_any_json_object_is_a_row_the_lake_can_hold_or_a_bad_line(value: dict[str, Any]) -> None:
    found = read(json.dumps(value).encode())
    if isinstance(found, Event):
        assert to_table([found]).num_rows == 1


@given(st.text(min_size=12))
def test_no_prompt_ever_reaches_a_row(prompt: str) -> None:
    details = {"prompt_text": prompt, "tool_input": prompt, "hologram": prompt, "error_message": prompt}
    found = read(json.dumps({"event_details": details}).encode())
    if isinstance(found, Event):
        told = [each for each in (getattr(found, name) for name in found.__struct_fields__) if each]
        assert not any(prompt == each for each in told)
        assert prompt not in (found.detail or "")
