from __future__ import annotations

from typing import Any

import httpx
import msgspec
import pytest
from pydantic import SecretStr

from bot.compliance.api import ComplianceApi, log_scope
from bot.model.errors import (
    BadAnswer,
    BadSetting,
    CursorLoop,
    Forbidden,
    RateLimited,
    Rejected,
    ServerFault,
    SourceMissing,
    Unauthorized,
)

AFTER = "2026-09-01T00:00:00+00:00"


def answer(**body: Any) -> httpx.Response:
    return httpx.Response(200, json=body)


def entry(file_id: str, end_time: str, **more: Any) -> dict[str, Any]:
    return {
        "id": file_id,
        "event_type": "CODEX_LOG",
        "end_time": end_time,
        "file_name": "x.jsonl",
        "file_size": 1,
        "file_sha256": "ab" * 32,
    } | more


async def all_pages(api: ComplianceApi, after: str = AFTER, before: str | None = None) -> list[Any]:
    return [page async for page in api.log_files("CODEX_LOG", after, before)]


async def test_the_position_goes_back_exactly_as_it_came(world: Any) -> None:
    odd = "2026-09-14T08:10:04.512377000+00:00"
    pages = [
        answer(data=[entry("a", odd)], has_more=True, last_end_time=odd),
        answer(
            data=[entry("b", "2026-09-14T08:20:00Z")], has_more=False, last_end_time="2026-09-14T08:20:00Z"
        ),
    ]
    w = world(lambda _: pages.pop(0))
    read = await all_pages(w.api())
    assert [request.url.params["after"] for request in w.seen] == [AFTER, odd]
    assert [file.id for page in read for file in page.files] == ["a", "b"]
    assert read[-1].after == "2026-09-14T08:20:00Z"


async def test_the_key_travels_in_the_header_and_nowhere_else(world: Any) -> None:
    w = world(lambda _: answer(data=[], has_more=False, last_end_time=None))
    await all_pages(w.api())
    assert w.seen[0].headers["authorization"] == "Bearer sk-admin-TEST"
    assert "sk-admin" not in str(w.seen[0].url)
    assert w.seen[0].url.path == "/v1/compliance/workspaces/ws-1/logs"
    assert "sk-admin" not in repr(w.api())


async def test_an_empty_page_keeps_the_position(world: Any) -> None:
    w = world(lambda _: answer(data=[], has_more=False, last_end_time=None))
    assert [page.after for page in await all_pages(w.api())] == [AFTER]


async def test_a_last_page_with_a_null_position_continues_behind_its_last_file(world: Any) -> None:
    end = "2026-09-14T08:10:04.512377Z"
    w = world(lambda _: answer(data=[entry("a", end)], has_more=False, last_end_time=None))
    assert (await all_pages(w.api()))[0].after == end


@pytest.mark.parametrize("last", [None, AFTER, "2026-09-01T02:00:00+02:00", "2026-08-01T00:00:00Z"])
async def test_more_pages_without_an_advancing_position_is_an_error_not_a_loop(
    world: Any, last: str | None
) -> None:
    w = world(lambda _: answer(data=[entry("a", AFTER)], has_more=True, last_end_time=last))
    with pytest.raises(CursorLoop):
        await all_pages(w.api())
    assert len(w.seen) == 1


async def test_the_file_on_the_boundary_is_given_out_once(world: Any) -> None:
    first, second = "2026-09-14T08:10:00Z", "2026-09-14T08:20:00Z"
    pages = [
        answer(data=[entry("a", first)], has_more=True, last_end_time=first),
        answer(data=[entry("a", first), entry("b", second)], has_more=False, last_end_time=second),
    ]
    w = world(lambda _: pages.pop(0))
    assert [file.id for page in await all_pages(w.api()) for file in page.files] == ["a", "b"]


async def test_a_bad_entry_does_not_cost_its_page(world: Any) -> None:
    data = [entry("a", "2026-09-14T08:10:00Z"), entry("b", "x", file_sha256="short"), 5]
    w = world(lambda _: answer(data=data, has_more=False, last_end_time="2026-09-14T08:10:00Z"))
    page = (await all_pages(w.api()))[0]
    assert ([file.id for file in page.files], page.rejected_count) == (["a"], 2)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, Rejected), (401, Unauthorized), (404, SourceMissing), (410, SourceMissing), (503, ServerFault)],
)
async def test_each_refusal_has_its_error(world: Any, status: int, kind: type[Exception]) -> None:
    w = world(lambda _: httpx.Response(status, json={"error": {"message": "no"}}))
    with pytest.raises(kind):
        await all_pages(w.api())


async def test_a_403_names_the_scope_of_the_log_type_or_the_route(world: Any) -> None:
    w = world(lambda _: httpx.Response(403))
    with pytest.raises(Forbidden) as logs:
        await all_pages(w.api())
    with pytest.raises(Forbidden) as users:
        [user async for user in w.api().users()]
    assert logs.value.scope == log_scope("CODEX_LOG")
    assert logs.value.scope == "chatgpt.enterprise.compliance_logs_platform.codex_log.read"
    assert users.value.scope == "chatgpt.enterprise.compliance_export.read"


async def test_retry_after_is_obeyed_and_given_up_in_the_end(world: Any) -> None:
    w = world(lambda _: httpx.Response(429, headers={"Retry-After": "7"}))
    with pytest.raises(RateLimited):
        await all_pages(w.api())
    assert w.slept == [7.0, 7.0]


async def test_users_continue_behind_last_id(world: Any) -> None:
    pages = [
        answer(object="list", data=[{"id": "u1", "email": "a@b.c"}], has_more=True, last_id="u1"),
        answer(object="list", data=[{"id": "u2", "display_name": "Two"}], has_more=False, last_id="u2"),
    ]
    w = world(lambda _: pages.pop(0))
    assert [user.id async for user in w.api().users()] == ["u1", "u2"]
    assert [request.url.params.get("after") for request in w.seen] == [None, "u1"]


async def test_tasks_continue_with_the_cursor_in_pages_of_thirty(world: Any) -> None:
    pages = [
        answer(data=[{"id": "t1", "created_at": 1789459200.25}], has_more=True, cursor="c2"),
        answer(data=[{"id": "t2"}], has_more=False, cursor=None),
    ]
    w = world(lambda _: pages.pop(0))
    assert [task.id async for task in w.api().codex_tasks()] == ["t1", "t2"]
    assert [dict(request.url.params) for request in w.seen] == [
        {"limit": "30"},
        {"limit": "30", "cursor": "c2"},
    ]


async def test_environments_continue_behind_the_last_id_and_hide_values(world: Any) -> None:
    first = {"id": "env_1", "env_vars": {"TOKEN": "hush-hush"}, "secrets": {}, "setup": ["pip install -e ."]}
    pages = [
        answer(data=[first], has_more=True),
        answer(data=[{"id": "env_2", "setup": "x"}], has_more=False),
    ]
    w = world(lambda _: pages.pop(0))
    read = [environment async for environment in w.api().codex_environments()]
    assert [each.id for each in read] == ["env_1", "env_2"]
    assert read[0].env_var_names == ("TOKEN",)
    assert b"hush-hush" not in msgspec.json.encode(read)
    assert w.seen[1].url.params["after"] == "env_1"


async def test_an_unreadable_environment_does_not_cost_its_page(world: Any) -> None:
    rows = [{"id": "env_1", "repos": "none"}, {"label": "nameless"}, "text", {"id": "env_2"}]
    w = world(lambda _: answer(data=rows, has_more=False))
    assert [environment.id async for environment in w.api().codex_environments()] == ["env_2"]


async def test_a_list_that_repeats_its_position_is_an_error(world: Any) -> None:
    w = world(lambda _: answer(data=[{"id": "u1"}], has_more=True, last_id="u1"))
    with pytest.raises(CursorLoop):
        [user async for user in w.api().users()]
    assert len(w.seen) == 2


async def test_an_older_api_without_newest_event_times_is_tolerated(world: Any) -> None:
    assert await world(lambda _: httpx.Response(404)).api().max_event_time(("CODEX_LOG",)) == {}
    told = {"CODEX_LOG": "2026-09-14T08:10:00Z", "AUDIT_LOG": None}
    w = world(lambda _: answer(max_event_time=told))
    assert await w.api().max_event_time(("CODEX_LOG", "AUDIT_LOG")) == told


async def test_a_size_written_as_a_float_is_a_size(world: Any) -> None:
    end = "2026-09-14T08:10:04.512377Z"
    w = world(lambda _: answer(data=[entry("a", end, file_size=2214.0)], has_more=False, last_end_time=end))
    (page,) = await all_pages(w.api())
    assert ([file.file_size for file in page.files], page.rejected_count) == ([2214], 0)


async def test_a_task_that_is_not_there_is_none(world: Any) -> None:
    assert await world(lambda _: httpx.Response(404)).api().codex_task("../../etc") is None


async def test_ids_never_leave_their_path_segment(world: Any) -> None:
    w = world(lambda _: answer(id="t"))
    await w.api().codex_task("../users?x=1")
    assert w.seen[0].url.raw_path == b"/v1/compliance/workspaces/ws-1/codex_tasks/..%2Fusers%3Fx%3D1"


@pytest.mark.parametrize("body", [b"[1", b"[]", b'{"data":' + b"[" * 5000 + b"]" * 5000 + b"}", b"\xff"])
async def test_an_unreadable_answer_is_named(world: Any, body: bytes) -> None:
    w = world(lambda _: httpx.Response(200, content=body, headers={"content-type": "application/json"}))
    with pytest.raises(BadAnswer):
        await all_pages(w.api())


@pytest.mark.parametrize(
    "body",
    [
        b'\xef\xbb\xbf{"data":[{"id":"u1","email":"d@x.example"}],"has_more":false}',
        b'{"data":[{"id":"u1","email":"d@x.example","name":"Zo\\ud83d"}],"has_more":false}',
        b'{"data":[{"id":"u1","email":"d@x.example","created_at":null,"new":NaN}],"has_more":false}',
    ],
    ids=["a byte order mark", "a name that ends in half an emoji", "a number that JSON has not"],
)
async def test_what_lenient_writers_send_costs_nobody(world: Any, body: bytes) -> None:
    w = world(lambda _: httpx.Response(200, content=body, headers={"content-type": "application/json"}))
    assert [(user.id, user.email) async for user in w.api().users()] == [("u1", "d@x.example")]


def test_an_empty_key_or_workspace_is_a_setting_to_correct(world: Any) -> None:
    w = world(lambda _: httpx.Response(200))
    for more in ({"key": SecretStr("")}, {"key": SecretStr("a b")}, {"workspace_id": " "}):
        given = {"base_url": "https://api.test/v1", "workspace_id": "w", "key": SecretStr("k")} | more
        with pytest.raises(BadSetting):
            ComplianceApi(w.http, clock=w.api().clock, **given)
