"""Usage rows have exactly the keys and JSON types of contract.md, typed in by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.reference import Faults, Options

NOW = datetime(2026, 10, 21, 15, 0, tzinfo=UTC)
NULL = type(None)
TOKENS = {
    "uncached_text_input_tokens": (int,),
    "cached_text_input_tokens": (int,),
    "text_output_tokens": (int,),
    "text_total_tokens": (int,),
}
MONEY = {"cost_usd": (float, NULL), "estimated_cost_usd": (float, NULL)}
COUNTS = {"threads": (int,), "turns": (int,), "credits": (float,)}
UNPRICED_TOTALS = {**COUNTS, "estimated_cost_usd": (NULL,), **dict.fromkeys(TOKENS, (NULL,))}
MODEL = {"model": (str,), "speed": (str, NULL), "credits": (float,)}
LINES = {
    "added": (int,),
    "removed": (int,),
    "committed": (int,),
    "total_committed_lines": (int,),
    "committed_percentage": (int, float),
}
COMMITS = {
    "with_codex_contribution": (int,),
    "with_codex_contribution_percentage": (int, float),
    "total_commits": (int,),
}
ROW = {
    "object": (str,),
    "start_time": (int,),
    "end_time": (int,),
    "user_id": (str,),
    "actor": (dict,),
    "totals": (dict,),
    "clients": (list,),
    "models": (list, NULL),
    "code_attribution": (dict, NULL),
}


def check(value: dict[str, Any], shape: dict[str, tuple[type, ...]]) -> None:
    assert value.keys() == shape.keys()
    assert {name: type(value[name]) for name in shape if type(value[name]) not in shape[name]} == {}


def check_person(row: dict[str, Any]) -> None:
    check(row, ROW)
    check(row["actor"], {"type": (str,), "user_id": (str,), "email": (str, NULL)})
    assert row["actor"]["type"] == "ACCOUNT_USER"
    assert row["actor"]["user_id"] == row["user_id"]
    priced = row["totals"]["text_total_tokens"] is not None
    check(row["totals"], {**COUNTS, **MONEY, **TOKENS} if priced else UNPRICED_TOTALS)
    more = {**MONEY, **TOKENS} if priced else {}
    for client in row["clients"]:
        check(client, {"client_id": (str,), **COUNTS, **more})
    for model in row["models"] or ():
        check(model, {**MODEL, **more})
    if row["code_attribution"] is not None:
        check(row["code_attribution"], {"lines_of_code": (dict,), "commits": (dict,)})
        check(row["code_attribution"]["lines_of_code"], LINES)
        check(row["code_attribution"]["commits"], COMMITS)


async def test_the_envelope_has_four_keys_and_the_flags_at_top_level(caller: Any) -> None:
    page = await caller.analytics(limit=3)
    assert page.keys() == {"object", "data", "has_more", "next_page"}
    assert (page["object"], page["has_more"], type(page["next_page"])) == ("page", True, str)


async def test_person_rows_have_the_contract_s_keys_and_types(caller: Any) -> None:
    rows = await caller.rows()
    for row in rows:
        check_person(row)
    assert {row["object"] for row in rows} == {"workspace.codex.usage.result"}


async def test_workspace_rows_have_no_person(caller: Any) -> None:
    rows = await caller.rows(group="workspace")
    assert len(rows) == 30
    for row in rows:
        check(
            row, {**ROW, "user_id": (NULL,), "actor": (NULL,), "models": (list,), "code_attribution": (NULL,)}
        )
        check(row["totals"], {**COUNTS, **MONEY, **TOKENS})


async def test_rows_are_sorted_by_day_and_then_by_user_id(caller: Any) -> None:
    rows = await caller.rows()
    keys = [(row["start_time"], row["user_id"]) for row in rows]
    assert keys == sorted(set(keys))
    assert {row["start_time"] % 86_400 for row in rows} == {0}
    assert {row["end_time"] - row["start_time"] for row in rows} == {86_400}


async def test_credits_have_at_most_four_decimals_and_money_is_to_the_cent(caller: Any) -> None:
    for row in await caller.rows(limit=30_000):
        totals = row["totals"]
        assert totals["credits"] == round(totals["credits"], 4)
        assert all(totals.get(name) is None or totals[name] == round(totals[name], 2) for name in MONEY)


async def test_every_quirk_of_the_demo_workspace_occurs_within_thirty_days(caller: Any) -> None:
    rows = await caller.rows(limit=30_000)
    clients = {client["client_id"] for row in rows for client in row["clients"]}
    models = {(model["model"], model["speed"]) for row in rows for model in row["models"] or ()}
    assert {
        "CODEX_FLORA",
        "CODEX_UNKNOWN_DEFAULT",
        "CODEX_SDK_TS",
        "CODEX_GITHUB",
        "CODEX_SLACK",
    } <= clients
    assert {("gpt-5.5", "standard"), ("gpt-5.5", "fast"), ("other", None)} <= models
    assert any(row["actor"]["email"] is None for row in rows)
    assert any("<!channel>" in (row["actor"]["email"] or "") for row in rows)
    assert any(row["totals"]["text_total_tokens"] is None and row["models"] is None for row in rows)
    assert any(row["totals"].get("cost_usd") for row in rows)


@pytest.mark.parametrize(
    ("generation", "totals", "model", "code"),
    [
        ("2026-04", COUNTS, MODEL, {"lines_added": (int,), "lines_removed": (int,)}),
        ("2026-06", {**COUNTS, **TOKENS}, {**MODEL, **TOKENS}, None),
        (
            "2026-07",
            {**COUNTS, **TOKENS, "estimated_cost_usd": (float, NULL)},
            {**MODEL, **TOKENS, "estimated_cost_usd": (float, NULL)},
            None,
        ),
        ("2026-09", {**COUNTS, **TOKENS, **MONEY}, {**MODEL, **TOKENS, **MONEY}, None),
    ],
)
async def test_each_generation_has_its_own_fields(
    served: Any, generation: str, totals: Any, model: Any, code: Any
) -> None:
    async with served(Options(now=NOW, misbehave=Faults(generation=generation))) as caller:
        rows = await caller.rows(limit=30_000)
    full = [row for row in rows if row["code_attribution"] and row["models"]]
    assert full
    for row in full:
        check(row["totals"], totals)
        for part in row["models"]:
            check(part, model)
        if code:
            check(row["code_attribution"], code)


async def test_before_july_the_denominators_are_missing_and_before_june_the_actor(served: Any) -> None:
    async with served(Options(now=NOW, misbehave=Faults(generation="2026-06"))) as caller:
        june = next(row for row in await caller.rows() if row["code_attribution"])
    async with served(Options(now=NOW, misbehave=Faults(generation="2026-04"))) as caller:
        april = (await caller.rows(limit=1000))[0]
    assert "total_commits" not in june["code_attribution"]["commits"]
    assert "total_committed_lines" not in june["code_attribution"]["lines_of_code"]
    assert "actor" not in april
    assert {"user_id", "email"} <= april.keys()
