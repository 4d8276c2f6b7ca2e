from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime
from typing import Any, cast

import pytest

from bot.compliance.api import CodexTask, UserRow
from bot.compliance.client import ComplianceClient, SubjectKind
from bot.lake import Lake, Person
from bot.metrics.events.lanes import Lane
from bot.model.errors import Forbidden
from bot.model.timerange import TimeRange
from bot.sync.events.ledger import FileEntry, FileState, Ledger

Ask = Callable[..., ComplianceClient]
USAGE = {"input_tokens": 100, "cached_input_tokens": 60, "output_tokens": 9, "reasoning_output_tokens": 4}


class FakeApi:
    """People and tasks of a workspace."""

    def __init__(self, users: tuple[UserRow, ...] = (), tasks: tuple[CodexTask, ...] = ()) -> None:
        self._users, self._tasks = users, tasks
        self.lists = 0

    async def users(self) -> AsyncIterator[UserRow]:
        self.lists += 1
        for user in self._users:
            yield user

    async def codex_task(self, task_id: str) -> CodexTask | None:
        return next((task for task in self._tasks if task.id == task_id), None)


def day_of_work(held: Any, day: int, user: str = "ana", **more: Any) -> list[dict[str, Any]]:
    common = {"session_id": f"s-{user}-{day}", "model": "gpt-5.5"} | more
    return [
        held.record(day, "PROMPT_SENT", user, prompt_text="p", **common),
        held.record(
            day,
            "PROMPT_RESPONSE_RECEIVED",
            user,
            response_text="r",
            reasoning_effort="high",
            token_usage=USAGE,
            status="completed",
            **common,
        ),
        held.record(day, "TOOL_CALL_SUGGESTED", user, tool_name="shell", tool_type="function", **common),
        held.record(day, "TOOL_CALL_FAILED", user, tool_name="shell", tool_type="function", **common),
    ]


async def test_a_persons_work_is_counted_by_hand(held: Any, ask: Ask, window: TimeRange) -> None:
    held.add(
        *day_of_work(held, 14), *day_of_work(held, 16), *day_of_work(held, 16, "bo"), *day_of_work(held, 17)
    )
    held.read_until(datetime(2026, 9, 20, tzinfo=UTC))
    told = await ask().investigate(SubjectKind.USER, "ana", window)
    sums = told.activity.totals
    assert (sums.events, sums.prompts, sums.responses, sums.tool_calls, sums.errors) == (8, 2, 2, 2, 2)
    assert (sums.input_tokens, sums.cached_input_tokens, sums.output_tokens) == (200, 120, 18)
    assert told.activity.first_at == datetime(2026, 9, 14, 8, tzinfo=UTC)
    assert told.activity.last_at == datetime(2026, 9, 16, 8, tzinfo=UTC)
    assert [(part.key, part.effort, part.sums.responses) for part in told.activity.models] == [
        ("gpt-5.5", "high", 2)
    ]
    assert [part.key for part in told.activity.surfaces] == ["CODEX_CLI"]
    assert [person.user_id for person in told.activity.people] == ["ana"]


async def test_a_day_without_work_is_zero_and_a_day_not_read_is_a_gap(
    held: Any, ask: Ask, window: TimeRange
) -> None:
    held.add(*day_of_work(held, 16))
    held.read_until(datetime(2026, 9, 20, tzinfo=UTC), days=5)
    told = await ask().investigate(SubjectKind.USER, "ana", window)
    gap, zero, work = told.activity.timeline
    assert (gap.day, gap.counts) == (date(2026, 9, 14), None)
    assert sum(count for _, count in zero.counts or ()) == 0
    assert dict(work.counts or ())[Lane.TOOLS] == 2
    assert told.coverage.unread_days == (date(2026, 9, 14),)


async def test_no_tokens_told_is_none_and_not_zero(held: Any, ask: Ask, window: TimeRange) -> None:
    held.add(held.record(14, "PROMPT_RESPONSE_RECEIVED", response_text="", model="m"))
    sums = (await ask().investigate(SubjectKind.USER, "ana", window)).activity.totals
    assert (sums.responses, sums.input_tokens, sums.responses_with_tokens) == (1, None, 0)


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        (SubjectKind.SESSION, "s-ana-14"),
        (SubjectKind.MODEL, "gpt-5.5"),
        (SubjectKind.ENVIRONMENT, "env_1"),
        (SubjectKind.TOKEN, "cat-1"),
    ],
)
async def test_each_kind_of_subject_finds_its_own_and_no_other(
    held: Any, ask: Ask, window: TimeRange, kind: SubjectKind, subject: str
) -> None:
    held.add(
        *day_of_work(held, 14, environment_id="env_1", credential="cat-1"),
        *day_of_work(held, 14, "bo", model="other", environment_id="env_2", credential="cat-2"),
    )
    told = await ask().investigate(kind, subject, window)
    assert told.activity.totals.events == 4
    assert [person.user_id for person in told.activity.people] == ["ana"]


async def test_the_unknown_and_the_hostile_are_not_found(held: Any, ask: Ask, window: TimeRange) -> None:
    held.add(*day_of_work(held, 14))
    for kind in SubjectKind:
        for subject in ("nobody", "' OR 1=1 --", "", "\x00"):
            assert not (await ask(FakeApi()).investigate(kind, subject, window)).found


async def test_nothing_held_at_all_is_not_found_and_says_so(ask: Ask, window: TimeRange) -> None:
    told = await ask().investigate(SubjectKind.USER, "ana", window)
    assert not told.found
    assert told.coverage.complete_through is None
    assert len(told.coverage.unread_days) == 3
    assert (await ask().tokens(window)).tokens == ()
    assert (await ask().tools(window)).skills is None


async def test_an_address_leads_to_its_id(held: Any, ask: Ask, lake: Lake, window: TimeRange) -> None:
    held.add(*day_of_work(held, 14), *day_of_work(held, 14, "bo"))
    day = date(2026, 9, 14)
    lake.add_people([Person("ana", "Ana@Northwind.example", day, day)])
    api = FakeApi(users=(UserRow(id="bo", email="bo@northwind.example"),))
    client = ask(api)
    assert (await client.investigate(SubjectKind.USER, "ana@northwind.example", window)).subject == "ana"
    for _ in range(2):
        assert (await client.investigate(SubjectKind.USER, "BO@northwind.example", window)).subject == "bo"
    assert api.lists == 1


async def test_a_tasks_creator_is_shown_on_cloud_surfaces_while_it_ran(
    held: Any, ask: Ask, window: TimeRange
) -> None:
    held.add(
        *day_of_work(held, 14, client="CODEX_WEB"),
        *day_of_work(held, 14),
        *day_of_work(held, 15, client="CODEX_WEB"),
    )
    start = datetime(2026, 9, 14, 7, tzinfo=UTC).timestamp()
    task = CodexTask(id="t1", created_at=start, updated_at=start + 7200.5, created_by_id="ana", title="x")
    told = await ask(FakeApi(tasks=(task,))).investigate(SubjectKind.TASK, "t1", window)
    assert (told.found, told.task, told.activity.totals.events) == (True, task, 4)


def token_event(held: Any, day: int, event_type: str, user: str, **more: Any) -> dict[str, Any]:
    details = {
        "access_token_id": "cat-1",
        "access_token_name": "nightly-ci",
        "created_by_user_id": "ana",
    } | more
    return held.record(day, event_type, user, **details)


async def test_a_tokens_life_is_told_with_its_uses(held: Any, ask: Ask, window: TimeRange) -> None:
    held.add(
        token_event(held, 2, "ACCESS_TOKEN_CREATED", "ana", expires_at="2026-12-01T00:00:00Z"),
        *day_of_work(held, 10, credential="cat-1"),
        *day_of_work(held, 14, credential="cat-1"),
        *day_of_work(held, 15, "bo", credential="cat-1"),
        token_event(held, 16, "ACCESS_TOKEN_REVOKED", "adm"),
    )
    (token,) = (await ask().tokens(window)).tokens
    assert (token.token_id, token.name, token.owner, token.is_personal) == (
        "cat-1",
        "nightly-ci",
        "ana",
        False,
    )
    assert (token.created_by, token.created_at) == ("ana", datetime(2026, 9, 2, 8, tzinfo=UTC))
    assert (token.revoked_by, token.revoked_by_admin) == ("adm", True)
    assert token.expires_at == datetime(2026, 12, 1, tzinfo=UTC)
    assert (token.uses, token.uses_per_day) == (8, ((date(2026, 9, 14), 4), (date(2026, 9, 15), 4)))
    assert token.last_used_at == datetime(2026, 9, 15, 8, tzinfo=UTC)
    assert token.users == ("ana", "bo")
    assert not token.expired(datetime(2026, 11, 30, tzinfo=UTC))
    assert token.expired(datetime(2026, 12, 1, tzinfo=UTC))


async def test_a_token_is_found_by_name_and_by_its_owner(held: Any, ask: Ask, window: TimeRange) -> None:
    held.add(
        token_event(held, 2, "ACCESS_TOKEN_CREATED", "ana"),
        *day_of_work(held, 14, "bo", credential="cat-1"),
    )
    by_name = await ask().investigate(SubjectKind.TOKEN, "nightly-ci", window)
    assert (by_name.subject, by_name.activity.totals.events, len(by_name.tokens)) == ("cat-1", 4, 1)
    by_owner = await ask().investigate(SubjectKind.USER, "ana", window)
    assert [token.token_id for token in by_owner.tokens] == ["cat-1"]


async def test_a_personal_token_of_the_audit_log_counts_too(held: Any, ask: Ask, window: TimeRange) -> None:
    data = {
        "credential_id": "pat-1",
        "credential_name": "laptop",
        "owner_user_id": "ana",
        "scopes": ["codex.run"],
    }
    base = held.record(14, "", "ana", type="AUDIT_LOG") | {"event_details": None, "action_data": data}
    revoke = {"event_id": "r", "timestamp": "2026-09-15T08:00:00Z", "action_privilege": "STANDARD_USER"}
    held.add(
        base | {"action": "PERSONAL_ACCESS_TOKEN_CREATE", "action_privilege": "STANDARD_USER"},
        base | revoke | {"action": "PERSONAL_ACCESS_TOKEN_REVOKE"},
        *day_of_work(held, 14, credential="pat-1"),
    )
    (token,) = (await ask().tokens(window)).tokens
    assert (token.is_personal, token.owner, token.scopes, token.uses) == (True, "ana", ("codex.run",), 4)
    assert (token.revoked_by, token.revoked_by_admin) == ("ana", False)


async def test_a_person_whom_usage_names_otherwise_is_found_by_address(
    held: Any, ask: Ask, lake: Lake, window: TimeRange
) -> None:
    email = "bo@northwind.example"
    lake.add_people([Person("0b-usage-id", email, date(2026, 9, 14), date(2026, 9, 14))])
    held.add(*day_of_work(held, 14, "user-bo"))
    api = FakeApi(users=(UserRow(id="user-bo", email=email),))
    told = await ask(api).investigate(SubjectKind.USER, email, window)
    assert (told.subject, told.activity.totals.prompts) == ("user-bo", 1)
    assert len(await ask(api).lines(SubjectKind.USER, email, window, 10)) == 4
    assert (await ask().investigate(SubjectKind.USER, email, window)).subject == "0b-usage-id"

    async def refused() -> AsyncIterator[UserRow]:
        raise Forbidden(scope="chatgpt.enterprise.compliance_export.read")
        yield  # pragma: no cover

    api.users = refused  # type: ignore[method-assign]
    assert not (await ask(api).investigate(SubjectKind.USER, email, window)).found


async def test_evidence_about_a_token_is_its_life_and_its_use(held: Any, ask: Ask, window: TimeRange) -> None:
    data = {"credential_id": "pat-1", "owner_user_id": "ana"}
    base = held.record(15, "", "root", type="AUDIT_LOG") | {"event_details": None, "action_data": data}
    held.add(
        base | {"action": "PERSONAL_ACCESS_TOKEN_REVOKE", "action_privilege": "ADMIN"},
        held.record(14, "PROMPT_SENT", "ana", credential="pat-1", prompt_text="x"),
        held.record(14, "PROMPT_SENT", "bo", prompt_text="x"),
    )
    for kind, subject in ((SubjectKind.TOKEN, "pat-1"), (SubjectKind.USER, "ana")):
        sent, revoked = await ask().lines(kind, subject, window, 10)
        assert (sent.event_type, sent.stored["credential_id"], sent.stored["prompt_length"]) == (
            "PROMPT_SENT",
            "pat-1",
            1,
        )
        assert (revoked.user_id, revoked.stored["action"]) == ("root", "PERSONAL_ACCESS_TOKEN_REVOKE")
        assert not {"day", "event_id", "model"} & revoked.stored.keys()


@pytest.mark.parametrize("result", ["ERROR", "BLOCKED"])
async def test_a_revocation_that_failed_revokes_nothing(
    held: Any, ask: Ask, window: TimeRange, result: str
) -> None:
    base = held.record(14, "", "ana", type="AUDIT_LOG") | {
        "event_details": None,
        "action_data": {"credential_id": "pat-1", "owner_user_id": "ana"},
        "action_result": "SUCCESS",
    }
    revoke = {"event_id": "r", "action": "PERSONAL_ACCESS_TOKEN_REVOKE", "action_result": result}
    held.add(base | {"action": "PERSONAL_ACCESS_TOKEN_CREATE"}, base | revoke)
    (token,) = (await ask().tokens(window)).tokens
    assert (token.created_by, token.revoked_at, token.revoked_by) == ("ana", None, None)
    assert await ask().blocked(window) == ()


async def test_a_call_to_an_app_fails_by_its_result(held: Any, ask: Ask, window: TimeRange) -> None:
    call = {"name": "tickets.search"}
    held.add(
        held.record(14, "APP_MCP_CALL", arguments={}, **call),
        held.record(14, "APP_MCP_RESULT", status="success", **call),
        held.record(14, "APP_MCP_CALL", arguments={}, **call),
        held.record(14, "APP_MCP_RESULT", status="error", error_code="unreachable", **call),
    )
    (tool,) = (await ask().tools(window)).tools
    assert (tool.name, tool.calls, tool.failed) == ("tickets.search", 2, 1)
    assert [(each.what, each.tool, each.count) for each in await ask().blocked(window)] == [
        ("unreachable", "tickets.search", 1)
    ]


async def test_tools_and_skills_are_told_apart(held: Any, ask: Ask, window: TimeRange) -> None:
    held.add(
        *day_of_work(held, 14),
        held.record(14, "TOOL_CALL_COMPLETED", "bo", tool_name="notes", tool_type="skill"),
        held.record(14, "TOOL_DECISION", "bo", tool_name="shell", decision="denied_with_network_policy_deny"),
        held.record(14, "APP_MCP_CALL", "bo", call_id="c", name="tickets.search", arguments={"q": "x"}),
    )
    told = await ask().tools(window)
    assert [(tool.name, tool.calls, tool.failed, tool.suggested) for tool in told.tools] == [
        ("shell", 1, 1, 1),
        ("tickets.search", 1, 0, 0),
        ("shell", 0, 0, 0),
    ]
    assert told.tools[2].denied == 1
    assert [(skill.name, skill.calls) for skill in told.skills or ()] == [("notes", 1)]


async def test_agents_are_named_only_where_the_export_names_them(
    held: Any, ask: Ask, window: TimeRange
) -> None:
    held.add(*day_of_work(held, 14, credential="cat-1"))
    assert (await ask().agents(window)).named is None
    held.add(held.record(14, "PROMPT_SENT") | {"agent": {"type": "CODEX", "name": "reviewer"}})
    told = await ask().agents(window)
    assert [(agent.name, agent.events) for agent in told.named or ()] == [("reviewer", 1)]
    assert [(agent.client_id, agent.credentials, agent.prompts) for agent in told.by_token] == [
        ("CODEX_CLI", 1, 1)
    ]


async def test_what_was_blocked_is_named_by_its_cause(held: Any, ask: Ask, window: TimeRange) -> None:
    held.add(
        held.record(14, "PROMPT_RESPONSE_RECEIVED", status="error", error_code="rate_limit_exceeded"),
        held.record(14, "PROMPT_RESPONSE_RECEIVED", "bo", status="error", error_code="rate_limit_exceeded"),
        held.record(15, "TOOL_DECISION", tool_name="shell", decision="denied"),
        held.record(15, "TOOL_DECISION", tool_name="shell", decision="approved_for_session"),
        held.record(16, "TOOL_CALL_FAILED", tool_name="shell"),
        held.record(16, "PROMPT_RESPONSE_RECEIVED", status="completed"),
    )
    told = await ask().blocked(window)
    assert [(each.day.day, each.what, each.count, each.people) for each in told] == [
        (14, "rate_limit_exceeded", 2, 2),
        (15, "denied", 1, 1),
        (16, "failed", 1, 1),
    ]
    assert [(each.is_rate_limit, each.is_denied) for each in told] == [
        (True, False),
        (False, True),
        (False, False),
    ]


async def test_a_network_that_was_open_before_the_window_is_not_opened_in_it(
    held: Any, ask: Ask, window: TimeRange
) -> None:
    def told(day: int, access: str, where: str = "env-1") -> dict[str, Any]:
        fields = {"permissions": {"network_access": access}}
        return cast(
            "dict[str, Any]",
            held.record(day, "ENVIRONMENT_UPDATED", environment_id=where, environment_fields=fields),
        )

    held.add(told(2, "on"), told(15, "on"), told(15, "on", "env-2"))
    (one,) = await ask().opened(window)
    assert (one.environment_id, one.at.day) == ("env-2", 15)
    assert (await ask().report(window)).opened == (one,)


async def test_pulls_of_the_log_are_listed_with_key_and_file(held: Any, ask: Ask, window: TimeRange) -> None:
    base = held.record(14, "", None, type="AUDIT_LOG") | {
        "actor": {"type": "API_KEY", "redacted_id": "sk-***8af1"},
        "event_details": None,
    }
    held.add(
        base | {"action": "DOWNLOAD_WORKSPACE_LOG_FILE", "action_data": {"log_file_id": "eclf_9"}},
        base | {"event_id": "x", "action": "SOMETHING_ELSE", "action_data": {}},
    )
    (pull,) = await ask().pulls(window)
    assert (pull.actor_id, pull.file_id, pull.action) == (
        "sk-***8af1",
        "eclf_9",
        "DOWNLOAD_WORKSPACE_LOG_FILE",
    )


async def test_missing_files_and_gaps_are_part_of_the_coverage(
    held: Any, ask: Ask, lake: Lake, window: TimeRange
) -> None:
    held.read_until(datetime(2026, 9, 20, tzinfo=UTC))
    entry = FileEntry(
        id="f9",
        end_time="2026-09-15T08:00:00Z",
        size=1,
        sha256="ab" * 32,
        state=FileState.DAMAGED,
        fetched_at="2026-09-20T00:00:00Z",
    )
    Ledger(lake, "CODEX_LOG").record([entry])
    coverage = await ask().coverage(window)
    assert [(file.file_id, file.state) for file in coverage.missing] == [("f9", FileState.DAMAGED)]
    assert coverage.complete_through == datetime(2026, 9, 19, 23, tzinfo=UTC)
    assert coverage.unread_days == ()
