"""Against tests/data/ocsf-1.3.json: what schema.ocsf.io asks of the classes in use, typed in by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lake.schema import EVENT_INTEGERS, EVENT_TEXTS
from bot.sync.events.known import KNOWN
from bot.sync.siem.ocsf import event_of, line_of

NOW = datetime(2026, 10, 21, 15, tzinfo=UTC)
OCSF: Mapping[str, Any] = json.loads(
    (Path(__file__).parents[2] / "data" / "ocsf-1.3.json").read_text(encoding="utf-8")
)
SUB_TYPES = [(log, sub) for log, subs in KNOWN.items() for sub in sorted(subs)]
ACTIONS = [
    ("AUDIT_LOG", "DOWNLOAD_WORKSPACE_LOG_FILE"),
    ("AUDIT_LOG", "PERSONAL_ACCESS_TOKEN_CREATE"),
    ("AUDIT_LOG", "SOMETHING_NEW"),
    ("AUTH_LOG", "LOGIN_SUCCEEDED"),
    ("AUTH_LOG", "LOGIN_FAILED"),
    ("AUTH_LOG", "LOGOUT"),
    ("APP_AUTH_LOG", "CONNECTED"),
    ("COSTS", ""),
]


def row(**more: Any) -> dict[str, Any]:
    empty = dict.fromkeys((*EVENT_TEXTS, *EVENT_INTEGERS))
    told = {"event_id": "e1", "type": "CODEX_LOG", "timestamp": 1_789_372_931_204_518, "file_id": "f1"}
    return empty | told | more


def faults(event: Mapping[str, Any]) -> list[str]:
    """What the schema misses in an event."""
    told = OCSF["classes"].get(str(event["class_uid"]))
    if told is None:
        return ["unknown class"]
    found = [f"no {name}" for name in (*OCSF["base"], *told["required"]) if name not in event]
    found += _object_faults(event)
    if told["one_of"] and not any(name in event for name in told["one_of"]):
        found.append(f"none of {told['one_of']}")
    enabled = event["metadata"].get("profiles", [])
    found += [
        f"{name} without {it}" for name, it in told["profiled"].items() if name in event and it not in enabled
    ]
    if str(event["activity_id"]) not in (*told["activities"], "0", "99"):
        found.append(f"activity {event['activity_id']}")
    if event["category_uid"] != event["class_uid"] // 1000:
        found.append("category")
    if event["type_uid"] != event["class_uid"] * 100 + event["activity_id"]:
        found.append("type_uid")
    return found


def _object_faults(holder: Mapping[str, Any]) -> list[str]:
    found = []
    for name, rule in OCSF["objects"].items():
        if name in holder:
            each = holder[name]
            found += [f"{name}: no {part}" for part in rule["required"] if part not in each]
            if rule["one_of"] and not any(part in each for part in rule["one_of"]):
                found.append(f"{name}: none of {rule['one_of']}")
            found += _object_faults(each)
    return found


@pytest.mark.parametrize(("log", "code"), [*SUB_TYPES, *ACTIONS])
def test_every_kind_of_event_is_an_event_of_the_schema(log: str, code: str) -> None:
    named = {"event_type": code} if log in KNOWN else {"action": code or None}
    assert faults(event_of(row(type=log, **named), NOW)) == []


@pytest.mark.parametrize("status", ["success", "error"])
def test_an_outcome_is_not_taken_for_the_state_of_work_on_a_finding(status: str) -> None:
    named = {"type": "CODEX_SECURITY_LOG", "event_type": "SCAN_FINDING_UPDATED", "status": status}
    event = event_of(row(**named), NOW)
    assert "status_id" not in event
    assert event["unmapped"]["status"] == status


def test_the_checker_finds_what_is_missing() -> None:
    event = event_of(row(event_type="PROMPT_SENT"), NOW)
    assert faults({name: value for name, value in event.items() if name != "api"}) == ["no api"]
    assert faults(event | {"type_uid": 1}) == ["type_uid"]
    assert faults(event | {"actor": {}}) != []
    created = event_of(row(event_type="ACCESS_TOKEN_CREATED"), NOW)
    assert faults(created | {"metadata": event["metadata"]}) == ["actor without host"]


@pytest.mark.parametrize(
    ("log", "code", "type_uid"),
    [
        ("CODEX_LOG", "ACCESS_TOKEN_CREATED", 300401),
        ("CODEX_LOG", "ACCESS_TOKEN_REVOKED", 300404),
        ("CODEX_LOG", "ENVIRONMENT_UPDATED", 300403),
        ("CODEX_LOG", "PROMPT_SENT", 600399),
        ("CODEX_SECURITY_LOG", "SCAN_FINDING_UPDATED", 200402),
        ("AUDIT_LOG", "LIST_WORKSPACE_LOG_FILES", 600302),
        ("AUTH_LOG", "LOGIN_SUCCEEDED", 300201),
        ("AUTH_LOG", "LOGOUT", 300202),
    ],
)
def test_types_are_those_a_rule_would_look_for(log: str, code: str, type_uid: int) -> None:
    named = {"event_type": code} if log in KNOWN else {"action": code}
    assert event_of(row(type=log, **named), NOW)["type_uid"] == type_uid


def test_ids_times_and_outcome_have_their_places() -> None:
    told = row(
        event_type="TOOL_CALL_FAILED",
        user_id="user-1",
        actor_type="ACCOUNT_USER",
        credential_id="cat-1",
        client_id="CODEX_CLI",
        session_id="s1",
        status="error",
        error_code="E_TIMEOUT",
        model="gpt-5.5",
        input_tokens=12,
    )
    event = event_of(told, NOW)
    assert event["time"] == 1_789_372_931_204
    assert event["metadata"]["uid"] == "e1"
    assert event["actor"]["user"] == {
        "type_id": 1,
        "type": "ACCOUNT_USER",
        "credential_uid": "cat-1",
        "uid": "user-1",
    }
    assert (event["status_id"], event["status_code"]) == (2, "E_TIMEOUT")
    assert event["unmapped"] | {"model": "gpt-5.5", "input_tokens": 12} == event["unmapped"]
    assert None not in event["unmapped"].values()


def test_an_event_without_an_outcome_has_none() -> None:
    assert "status_id" not in event_of(row(event_type="PROMPT_SENT"), NOW)


@given(st.text(min_size=1))
def test_whatever_a_name_holds_the_line_stays_one_line(name: str) -> None:
    line = line_of(row(event_type="TOOL_CALL_COMPLETED", tool_name=name), NOW)
    assert line.endswith(b"\n")
    assert len(line.decode().splitlines()) == 1
    assert json.loads(line)["unmapped"]["tool_name"] == name
