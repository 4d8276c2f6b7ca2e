from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.reference import demo_people

NOW = datetime(2026, 10, 21, 15, 0, tzinfo=UTC)


async def test_users_are_paged_by_the_last_id_and_sorted_by_id(caller: Any) -> None:
    first = await caller.compliance("users")
    assert (first.keys(), len(first["data"])) == ({"object", "data", "last_id", "has_more"}, 200)
    rest = await caller.compliance("users", after=first["last_id"])
    everyone = await caller.compliance("users", limit=10_000)
    assert first["data"] + rest["data"] == everyone["data"]
    ids = [user["id"] for user in everyone["data"]]
    assert ids == sorted(set(ids))
    assert (first["has_more"], rest["has_more"], rest["object"]) == (True, False, "list")


async def test_a_user_has_the_contract_s_fields(caller: Any) -> None:
    users = (await caller.compliance("users", limit=500))["data"]
    for user in users:
        types = {name: type(value) for name, value in user.items()}
        assert types == {
            "object": str, "id": str, "email": str, "name": str,
            "created_at": int, "role": str, "status": str,
        }  # fmt: skip
    assert {user["status"] for user in users} == {"active", "inactive"}
    assert {user["role"] for user in users} == {
        "account-owner", "account-admin", "standard-user", "analytics-viewer",
    }  # fmt: skip
    names = " ".join(user["name"] for user in users)
    assert all(mark in names for mark in ("<!channel>", "\u202e", "=HYPERLINK", "🦄", "山田"))
    assert len({user["email"] for user in users}) == len(users)


async def test_every_person_with_use_is_in_the_directory(caller: Any) -> None:
    known = {user["id"]: user["email"] for user in (await caller.compliance("users", limit=500))["data"]}
    for row in await caller.rows(limit=30_000):
        assert row["actor"]["email"] in {None, known[row["user_id"]]}
    for person in demo_people(7, 240).values():
        assert known[person.user_id] == person.email


async def test_tasks_are_paged_by_cursor_last_updated_first(caller: Any) -> None:
    tasks, cursor = [], {}
    while True:
        page = await caller.compliance("codex_tasks", **cursor)
        assert page.keys() == {"object", "cursor", "has_more", "data"}
        assert len(page["data"]) <= 30
        tasks += page["data"]
        if not page["has_more"] or len(tasks) > 300:
            break
        cursor = {"cursor": page["cursor"]}
    keys = [(-task["updated_at"], task["id"]) for task in tasks]
    assert keys == sorted(set(keys))
    for task in tasks:
        assert task.keys() == {
            "object", "id", "created_at", "updated_at", "created_by_id", "title", "denormalized_metadata",
        }  # fmt: skip
        assert 0 < task["created_at"] < task["updated_at"] <= NOW.timestamp()
    assert any(task["created_at"] % 1 for task in tasks)
    assert await caller.compliance(f"codex_tasks/{tasks[200]['id']}") == tasks[200]


async def test_a_page_of_tasks_never_exceeds_thirty_and_bad_values_are_refused(caller: Any) -> None:
    assert len((await caller.compliance("codex_tasks", limit=50))["data"]) == 30
    key = caller.running.compliance_key
    for name, params, status in (
        ("codex_tasks", {"limit": 51}, 400),
        ("codex_tasks", {"cursor": "made-up"}, 400),
        ("codex_environments", {"after": "env_0"}, 400),
        ("users", {"limit": "x"}, 400),
        ("codex_tasks/task_e_zz", {}, 404),
        ("codex_environments/env_0", {}, 404),
    ):
        assert (await caller.raw(caller.compliance_url(name), key, **params))[0] == status


async def test_environments_are_paged_by_the_last_id_newest_first(caller: Any) -> None:
    everything = (await caller.compliance("codex_environments"))["data"]
    first = await caller.compliance("codex_environments", limit=5)
    assert first.keys() == {"object", "data", "has_more"}
    rest = await caller.compliance("codex_environments", after=first["data"][-1]["id"])
    assert first["data"] + rest["data"] == everything
    created = [one["created_at"] for one in everything]
    assert created == sorted(created, reverse=True)
    assert await caller.compliance(f"codex_environments/{everything[3]['id']}") == everything[3]


async def test_an_environment_has_the_contract_s_fields(caller: Any) -> None:
    environments = (await caller.compliance("codex_environments"))["data"]
    for one in environments:
        assert one.keys() == {
            "object", "id", "created_at", "machine_id", "label", "description", "workspace_dir", "is_pinned",
            "repos", "setup", "repo_map", "env_vars", "secrets", "task_count", "creator_id", "share_settings",
        }  # fmt: skip
        assert one["secrets"] == {}
        assert type(one["created_at"]) is float
    assert {type(one["setup"]) for one in environments} == {str, list}
    assert {type(one["repo_map"]) for one in environments} == {dict, type(None)}
