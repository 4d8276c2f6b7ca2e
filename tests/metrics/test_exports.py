from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lake import Dataset
from bot.metrics import exports
from bot.metrics.clients import Surface
from bot.metrics.coverage import FileReceipt
from bot.metrics.exportcolumns import ExportKind, columns_of
from bot.model.timerange import TimeRange
from tests.metrics.conftest import Workspace

DAY = date(2026, 9, 14)
WINDOW = TimeRange(DAY, date(2026, 9, 17))
START = 1_789_344_000


def row(user: str, clients: dict[str, tuple[int, float]], *, n: int = 0, **totals: Any) -> dict[str, Any]:
    """A person's day as the API sends it: turns (a thread for each) and credits by client."""
    told = [
        {"client_id": c, "threads": turns, "turns": turns, "credits": spent}
        for c, (turns, spent) in clients.items()
    ]
    turns = sum(t for t, _ in clients.values())
    whole = {"threads": turns, "turns": turns, "credits": sum(c for _, c in clients.values()), **totals}
    return {
        "object": "workspace.codex.usage.result",
        "start_time": START + n * 86_400,
        "end_time": START + (n + 1) * 86_400,
        "user_id": user,
        "actor": {"type": "ACCOUNT_USER", "user_id": user, "email": None},
        "totals": whole,
        "clients": told,
        "models": None,
        "code_attribution": None,
    }


def named(kind: ExportKind, rows: list[exports.Row], *, emails: bool = False) -> list[dict[str, Any]]:
    names = [column.name for column in columns_of(kind, emails=emails)]
    return [dict(zip(names, cells, strict=True)) for cells in rows]


async def people(workspace: Workspace, addresses: exports.Addresses | None = None) -> list[dict[str, Any]]:
    (found,) = await workspace.ask(exports.person_parts)
    parts = zip(*(found[name].to_pylist() for name in found.column_names), strict=True)
    rows = list(exports.person_rows(parts, addresses))
    return named(ExportKind.USERS, rows, emails=addresses is not None)


async def days(workspace: Workspace, window: TimeRange = WINDOW) -> list[dict[str, Any]]:
    (found,) = await workspace.ask(exports.workspace_days)
    rows = exports.workspace_rows(found.to_pylist(), workspace.coverage(window))
    return named(ExportKind.WORKSPACE, list(rows))


async def test_people_come_by_day_and_user_id_with_their_surfaces(workspace: Workspace) -> None:
    workspace.put(
        [
            row("zoe", {"CODEX_CLI": (2, 0.5), "CODEX_SERVICE_EXEC": (1, 0.25), "CODEX_WEB": (3, 4)}),
            row("ada", {"CODEX_GITHUB": (1, 1.5)}, n=1, text_total_tokens=7),
            row("ada", {"NEVER_HEARD_OF": (1, 1)}),
        ],
        WINDOW,
    )
    found = await people(workspace)
    assert [(r["date"], r["user_id"]) for r in found] == [
        ("2026-09-14", "ada"),
        ("2026-09-14", "zoe"),
        ("2026-09-15", "ada"),
    ]
    zoe, ada = found[1], found[2]
    assert (zoe["turns_cli"], zoe["credits_cli"], zoe["turns_cloud"], zoe["credits"]) == (
        3,
        750_000,
        3,
        4_750_000,
    )
    assert found[0]["turns_other"] == 1
    assert (ada["turns_code_review"], ada["text_total_tokens"], zoe["text_total_tokens"]) == (1, 7, None)


async def test_a_surface_left_out_is_zero_but_code_review_is_not_told(workspace: Workspace) -> None:
    workspace.put([row("ada", {"CODEX_CLI": (1, 1)})], WINDOW)
    (ada,) = await people(workspace)
    assert {ada[f"turns_{s}"] for s in Surface if s not in (Surface.CLI, Surface.CODE_REVIEW)} == {0}
    assert ada["turns_code_review"] is None


async def test_use_without_any_client_leaves_the_surfaces_unknown(workspace: Workspace) -> None:
    workspace.put([row("ada", {}, turns=5, threads=1, credits=2)], WINDOW)
    (ada,) = await people(workspace)
    assert ada["turns"] == 5
    assert {ada[f"{name}_{s}"] for s in Surface for name in ("threads", "turns", "credits")} == {None}
    assert (await days(workspace))[0]["turns_cli"] is None


async def test_a_row_without_use_is_a_row_of_zeros(workspace: Workspace) -> None:
    workspace.put([row("ada", {}, turns=0, threads=0, credits=0)], WINDOW)
    (ada,) = await people(workspace)
    assert (ada["turns"], ada["turns_cli"], ada["turns_code_review"]) == (0, 0, None)


async def test_addresses_are_added_by_user_id_and_missing_ones_are_none(workspace: Workspace) -> None:
    workspace.put([row("ada", {"CODEX_CLI": (1, 1)}), row("zoe", {"CODEX_CLI": (1, 1)})], WINDOW)
    found = await people(workspace, {"ada": "ada@example.com"})
    assert [r["email"] for r in found] == ["ada@example.com", None]


async def test_a_missing_day_is_empty_and_a_day_without_use_is_zero(workspace: Workspace) -> None:
    workspace.put([row("ada", {"CODEX_CLI": (1, 1)})], TimeRange(DAY, date(2026, 9, 16)))
    busy, quiet, missing = await days(workspace)
    assert (busy["active_users"], busy["active_users_cli"], busy["active_users_code_review"]) == (1, 1, None)
    assert (quiet["active_users"], quiet["credits"], quiet["turns_ide"]) == (0, 0, 0)
    assert missing == {"date": "2026-09-16"} | dict.fromkeys(list(missing)[1:])


async def test_a_person_on_two_surfaces_counts_once_in_each_and_once_in_all(workspace: Workspace) -> None:
    workspace.put([row("ada", {"CODEX_CLI": (1, 1), "CODEX_WEB": (1, 1)})], WINDOW)
    day = (await days(workspace))[0]
    assert (day["active_users"], day["active_users_cli"], day["active_users_cloud"]) == (1, 1, 1)


async def test_credits_without_a_turn_are_no_active_person(workspace: Workspace) -> None:
    workspace.put([row("ada", {"CODEX_CLI": (0, 3)})], WINDOW)
    day = (await days(workspace))[0]
    assert (day["active_users"], day["active_users_cli"], day["credits_cli"]) == (0, 0, 3_000_000)


async def test_each_review_endpoint_is_empty_on_its_own_missing_days(workspace: Workspace) -> None:
    review = {
        "object": "workspace.codex.usage.code_reviews.result",
        "start_time": START,
        "end_time": START + 86_400,
        "pull_request_reviews": 17,
        "comments": 26,
        "comment_details": {"p0": 1, "p1": 9, "p2": 16},
    }
    workspace.put([review], TimeRange(DAY, date(2026, 9, 16)), Dataset.CODE_REVIEWS)
    held = [
        FileReceipt(Dataset.CODE_REVIEWS, d, 1, datetime(2026, 10, 1, tzinfo=UTC), "")
        for d in (DAY, date(2026, 9, 15))
    ]
    coverage = replace(workspace.coverage(WINDOW, Dataset.CODE_REVIEWS), files=tuple(held))
    (found,) = await workspace.ask(exports.review_days, dataset=Dataset.CODE_REVIEWS)
    rows = list(exports.review_rows(found.to_pylist(), [], coverage))
    first, second, third = named(ExportKind.REVIEWS, rows)
    assert first["code_reviews.comment_details.p1"] == 9
    assert second["code_reviews.comments"] == 0
    assert third["code_reviews.comments"] is None
    assert first["code_review_responses.comments"] is None


COUNTS = st.lists(st.integers(min_value=0, max_value=50_000), max_size=40)


@given(COUNTS)
def test_every_file_is_in_one_chunk_in_order_and_none_is_too_large(counts: list[int]) -> None:
    fetched = datetime(2026, 10, 1, tzinfo=UTC)
    files = [
        FileReceipt(Dataset.USAGE, date.fromordinal(DAY.toordinal() + n), c, fetched, "")
        for n, c in enumerate(counts)
    ]
    chunks = list(exports.chunks(reversed(files)))
    assert [file for chunk in chunks for file in chunk] == files
    assert all(len(c) == 1 or sum(f.rows for f in c) <= exports.ROWS_AT_ONCE for c in chunks)


@pytest.mark.parametrize("kind", ExportKind)
def test_no_two_columns_share_a_name_and_the_day_comes_first(kind: ExportKind) -> None:
    names = [column.name for column in columns_of(kind)]
    assert names[0] == "date"
    assert len(set(names)) == len(names)


def test_the_columns_are_those_people_know() -> None:
    assert [c.name for c in columns_of(ExportKind.WORKSPACE)][:9] == [
        "date",
        *("active_users", "threads", "turns", "credits"),
        *("active_users_cli", "threads_cli", "turns_cli", "credits_cli"),
    ]
    users = [c.name for c in columns_of(ExportKind.USERS, emails=True)]
    assert users[:6] == ["date", "user_id", "email", "threads", "turns", "credits"]
    assert "email" not in {c.name for c in columns_of(ExportKind.USERS)}
