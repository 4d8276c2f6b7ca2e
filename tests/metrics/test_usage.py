"""Usage against a naive twin that counts raw JSON rows with dicts.

metrics.md: "Active user | an intentional act: at least one turn or thread; sign-ins do not count".
metrics.md: "Cost | estimated_cost_usd (estimate at the overage rate), cost_usd (billed in USD) and, with a
contract rate set, credits x rate "at your rate": three separate facts".
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.metrics.clients import CLIENTS
from bot.metrics.coverage import Coverage
from bot.metrics.figures import Figures, Metric
from bot.metrics.usage import (
    Dimension,
    UsageQuestion,
    UsageResult,
    daily_sums,
    presence_words,
    usage_result,
)
from bot.model.asked import View
from bot.model.timerange import TimeRange

Raw = dict[str, Any]
FIRST = date(2026, 9, 14)
DAYS = 4
HISTORY = TimeRange(FIRST, FIRST + timedelta(days=2 * DAYS))
WINDOW = TimeRange(FIRST + timedelta(days=DAYS), FIRST + timedelta(days=2 * DAYS))
TOKENS = {
    "tokens": "text_total_tokens",
    "uncached_input_tokens": "uncached_text_input_tokens",
    "cached_input_tokens": "cached_text_input_tokens",
    "output_tokens": "text_output_tokens",
}
MONEY = ("credits", "cost_usd", "estimated_cost_usd")


def row(
    day: date, user: str, totals: Raw, clients: list[Raw] | None = None, models: list[Raw] | None = None
) -> Raw:
    start = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    return {
        "start_time": start,
        "end_time": start + 86_400,
        "user_id": user,
        "actor": {"user_id": user, "email": None},
        "totals": {"threads": 0, "turns": 0, "credits": 0.0, **totals},
        "clients": [{"threads": 0, "turns": 0, "credits": 0.0, **client} for client in clients or []],
        "models": models,
    }


async def ask(
    workspace: Any,
    by: Dimension | None = None,
    view: View = View.DAILY,
    window: TimeRange = WINDOW,
    through: str | None = None,
) -> UsageResult:
    question = UsageQuestion(workspace.coverage(window), window.before(), by, view, through=through)
    daily, words = await workspace.ask(
        partial(daily_sums, question=question), partial(presence_words, question=question)
    )
    return usage_result(question, daily, words)


# -- the twin ----------------------------------------------------------------------------------------------


def twin(rows: list[Raw], window: TimeRange, by: Dimension | None) -> dict[str, Figures]:
    """Figures by group key ("" is the total), counted with dicts."""
    groups: dict[str, list[tuple[str, Raw]]] = {"": []}
    for raw in rows:
        if datetime.fromtimestamp(raw["start_time"], UTC).date() not in window:
            continue
        groups[""].append((raw["user_id"], raw["totals"]))
        for key, part in parts(raw, by):
            groups.setdefault(key, []).append((raw["user_id"], part))
    return {key: count(found, by if key else None) for key, found in groups.items()}


def parts(raw: Raw, by: Dimension | None) -> list[tuple[str, Raw]]:
    match by:
        case None:
            return []
        case Dimension.CLIENT:
            return [(part["client_id"], part) for part in raw["clients"] or []]
        case Dimension.SURFACE:
            return [
                (CLIENTS[part["client_id"]][1] if part["client_id"] in CLIENTS else "other", part)
                for part in raw["clients"] or []
            ]
        case Dimension.MODEL:
            return [(part["model"], part) for part in raw["models"] or []]
        case Dimension.SPEED:
            return [(part.get("speed") or "none", part) for part in raw["models"] or []]


def count(found: list[tuple[str, Raw]], by: Dimension | None) -> Figures:
    by_model = by in (Dimension.MODEL, Dimension.SPEED)
    people = {user for user, part in found if (spent(part) if by_model else acted(part))}
    sums: dict[str, int | None] = {}
    for name in MONEY:
        known = [round(part[name] * 1_000_000) for _, part in found if part.get(name) is not None]
        sums[name] = sum(known) if known else None
    for name, wire in TOKENS.items():
        known = [part[wire] for _, part in found if part.get(wire) is not None]
        sums[name] = sum(known) if known else None
    for name in () if by_model else ("threads", "turns"):
        sums[name] = sum(part[name] for _, part in found)
    sums["credits"] = sums["credits"] or 0
    told = sum(1 for _, part in found if part.get("text_total_tokens") is not None)
    return Figures(active_users=len(people), rows=len(found), rows_with_tokens=told, **sums)


def acted(part: Raw) -> bool:
    return part["turns"] > 0 or part["threads"] > 0


def spent(part: Raw) -> bool:
    names = ("credits", "cost_usd", "estimated_cost_usd", "text_total_tokens")
    return any((part.get(name) or 0) > 0 for name in names)


# -- literal cases -----------------------------------------------------------------------------------------


async def test_two_people_on_one_day_counted_by_hand(workspace: Any) -> None:
    day = WINDOW.start
    rows = [
        row(day, "dana", {"threads": 6, "turns": 31, "credits": 18.75, "text_total_tokens": 169_400}),
        row(day, "zoe", {"threads": 1, "turns": 2, "credits": 0.8}),
    ]
    workspace.put(rows, HISTORY)
    totals = (await ask(workspace)).totals
    assert totals == Figures(2, 7, 33, 19_550_000, None, None, 169_400, None, None, None, 2, 1)
    assert (totals.number(Metric.CREDITS), totals.number(Metric.COST_USD)) == (19.55, None)


async def test_a_person_without_turn_or_thread_is_not_active_but_their_credits_count(workspace: Any) -> None:
    rows = [
        row(WINDOW.start, "ghost", {"credits": 0.1}),
        row(WINDOW.start, "dana", {"turns": 1, "credits": 0.2}),
    ]
    workspace.put(rows, HISTORY)
    result = await ask(workspace)
    assert (result.totals.active_users, result.totals.credits, result.totals.rows) == (1, 300_000, 2)


async def test_a_person_on_two_clients_of_a_surface_is_counted_once_there(workspace: Any) -> None:
    clients = [
        {"client_id": "CODEX_IDE_VSCODE", "turns": 2, "credits": 1.0},
        {"client_id": "CODEX_IDE_XCODE", "turns": 3, "credits": 0.5},
        {"client_id": "CODEX_NEW", "turns": 1},
    ]
    workspace.put([row(WINDOW.start, "dana", {"turns": 6, "credits": 1.5}, clients)], HISTORY)
    result = await ask(workspace, Dimension.SURFACE)
    found = [(group.key, group.figures.active_users, group.figures.turns) for group in result.groups]
    assert found == [("ide", 1, 5), ("other", 1, 1)]
    assert result.totals.turns == 6


async def test_a_missing_day_is_a_gap_and_a_known_day_without_rows_a_zero(workspace: Any) -> None:
    workspace.put([], HISTORY)
    workspace.lake.path("usage", WINDOW.last).unlink()
    result = await ask(workspace)
    assert [point.figures and point.figures.turns for point in result.points] == [0, 0, 0, None]
    assert (result.totals.turns, result.totals.tokens, result.totals.cost_usd) == (0, None, None)


async def test_the_window_before_is_compared_only_when_all_of_it_is_held(workspace: Any) -> None:
    workspace.put([row(FIRST, "dana", {"turns": 4})], HISTORY)
    before = (await ask(workspace)).previous
    assert before is not None
    assert (before.turns, before.active_users) == (4, 1)
    workspace.lake.path("usage", FIRST).unlink()
    assert (await ask(workspace)).previous is None


async def test_a_window_with_a_missing_day_is_not_compared_with_a_whole_one(workspace: Any) -> None:
    workspace.put([row(FIRST, "dana", {"turns": 4})], HISTORY)
    workspace.lake.path("usage", WINDOW.last).unlink()
    assert (await ask(workspace)).previous is None


async def test_nothing_held_is_no_data_everywhere(workspace: Any) -> None:
    result = await ask(workspace)
    assert result.totals == Figures()
    assert {point.figures for point in result.points} == {None}


async def test_weeks_count_people_once_and_leave_cut_weeks_out(workspace: Any) -> None:
    monday = date(2026, 9, 14)
    window = TimeRange(monday - timedelta(days=3), monday + timedelta(days=10))
    rows = [row(day, "dana", {"turns": 1}) for day in window.days()]
    workspace.put([*rows, row(monday, "zoe", {"threads": 1})], window)
    result = await ask(workspace, view=View.WEEKLY, window=window)
    assert [point.period for point in result.points] == [TimeRange(monday, monday + timedelta(days=7))]
    (week,) = [point.figures for point in result.points]
    assert week is not None
    assert (week.active_users, week.turns, result.totals.turns) == (2, 7, 13)


async def test_models_have_no_threads_and_speeds_nobody_told_keep_a_row(workspace: Any) -> None:
    models = [
        {"model": "gpt-5.5", "speed": "fast", "credits": 2.0},
        {"model": "gpt-5.5", "speed": "standard", "credits": 1.0},
        {"model": "other", "speed": None, "credits": 0.5},
    ]
    workspace.put([row(WINDOW.start, "dana", {"turns": 3, "credits": 3.5}, models=models)], HISTORY)
    by_model = await ask(workspace, Dimension.MODEL)
    assert [(g.key, g.figures.credits, g.figures.turns) for g in by_model.groups] == [
        ("gpt-5.5", 3_000_000, None),
        ("other", 500_000, None),
    ]
    by_speed = await ask(workspace, Dimension.SPEED)
    assert [(g.key, g.label) for g in by_speed.groups] == [
        ("fast", "Fast"),
        ("standard", "Standard"),
        ("", "Not told"),
    ]


async def test_through_one_surface_everything_is_counted_there_alone(workspace: Any) -> None:
    clients = [
        {"client_id": "CODEX_CLI", "turns": 2, "credits": 1.0},
        {"client_id": "CODEX_SERVICE_EXEC", "threads": 1, "credits": 0.25},
        {"client_id": "CODEX_WEB", "turns": 5, "credits": 4.0},
    ]
    rows = [
        row(WINDOW.start, "dana", {"turns": 7, "threads": 1, "credits": 5.25}, clients),
        row(WINDOW.last, "zoe", {"turns": 5, "credits": 4.0}, clients[2:]),
    ]
    workspace.put(rows, HISTORY)
    result = await ask(workspace, Dimension.CLIENT, through="cli")
    assert (result.totals.turns, result.totals.threads, result.totals.credits) == (2, 1, 1_250_000)
    assert (
        result.totals.active_users,
        result.points[0].figures and result.points[0].figures.active_users,
    ) == (
        1,
        1,
    )
    assert [(group.key, group.figures.turns) for group in result.groups] == [
        ("CODEX_CLI", 2),
        ("CODEX_SERVICE_EXEC", 0),
    ]


def test_models_of_one_client_are_not_told() -> None:
    window = Coverage(WINDOW, WINDOW, WINDOW.last)
    with pytest.raises(ValueError, match="models by client"):
        UsageQuestion(window, WINDOW.before(), Dimension.MODEL, through="cli")


@pytest.mark.parametrize(
    ("figures", "ratio", "each"),
    [
        (Figures(4, credits=6_000_000, uncached_input_tokens=30, cached_input_tokens=90), 0.75, 1.5),
        (Figures(0, credits=0, uncached_input_tokens=0, cached_input_tokens=0), None, None),
        (Figures(2, credits=1, cached_input_tokens=90), None, 0.0000005),
    ],
)
def test_ratios_by_hand(figures: Figures, ratio: float | None, each: float | None) -> None:
    # of input tokens the cached ones; of credits one active person's
    assert (figures.cached_token_ratio, figures.credits_per_active_user) == (ratio, each)


# -- twin and metric agree ---------------------------------------------------------------------------------

counts = st.integers(0, 3)
amounts = st.integers(0, 4_000_000).map(lambda n: n / 1_000)
maybe_tokens = st.none() | st.integers(0, 10**9)


def usages(**own: st.SearchStrategy[Any]) -> st.SearchStrategy[Raw]:
    return st.fixed_dictionaries(
        {**own, "credits": amounts},
        optional={
            "cost_usd": st.none() | amounts,
            "estimated_cost_usd": st.none() | amounts,
            **dict.fromkeys(TOKENS.values(), maybe_tokens),
        },
    )


names = st.sampled_from(
    ["CODEX_CLI", "CODEX_SERVICE_EXEC", "CODEX_IDE_VSCODE", "CODEX_WEB", "NEVER_HEARD_OF"]
)
clients = st.lists(
    usages(client_id=names, threads=counts, turns=counts), max_size=3, unique_by=lambda c: c["client_id"]
)
models = st.none() | st.lists(
    usages(model=st.sampled_from(["gpt-5.5", "other"]), speed=st.sampled_from(["fast", "standard"])),
    max_size=3,
)
days = st.integers(0, 2 * DAYS - 1).map(lambda n: FIRST + timedelta(days=n))
rows_of_a_workspace = st.lists(
    st.builds(row, days, st.sampled_from("abc"), usages(threads=counts, turns=counts), clients, models),
    max_size=8,
    unique_by=lambda raw: (raw["start_time"], raw["user_id"]),
)


@pytest.mark.parametrize("by", [None, *Dimension])
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=rows_of_a_workspace)
async def test_the_twin_counts_the_same(
    new_workspace: Callable[[], Any], by: Dimension | None, rows: list[Raw]
) -> None:
    workspace = new_workspace()
    workspace.put(rows, HISTORY)
    result = await ask(workspace, by)
    expected = twin(rows, WINDOW, by)
    assert result.totals == expected.pop("")
    assert {group.key or "none": group.figures for group in result.groups} == expected
    assert result.previous == twin(rows, WINDOW.before(), None)[""]
    for point in result.points:
        assert point.figures == twin(rows, point.period, None)[""]


@pytest.mark.parametrize(
    ("through", "by"),
    [("cli", None), ("cli", Dimension.CLIENT), ("other", None), ("CODEX_WEB", Dimension.SURFACE)],
)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=rows_of_a_workspace)
async def test_through_a_client_the_twin_counts_the_same(
    new_workspace: Callable[[], Any], through: str, by: Dimension | None, rows: list[Raw]
) -> None:
    workspace = new_workspace()
    workspace.put(rows, HISTORY)
    result = await ask(workspace, by, through=through)
    kept = [
        (raw, [part for part in raw["clients"] if through in (part["client_id"], surface(part))])
        for raw in rows
    ]
    window = [(raw["user_id"], part) for raw, found in kept for part in found if day_of(raw) in WINDOW]
    assert result.totals == count(window, None)
    groups: dict[str, list[tuple[str, Raw]]] = {}
    for user, part in window if by else []:
        groups.setdefault(part["client_id"] if by is Dimension.CLIENT else surface(part), []).append(
            (user, part)
        )
    assert {group.key: group.figures for group in result.groups} == {
        k: count(g, by) for k, g in groups.items()
    }


def day_of(raw: Raw) -> date:
    return datetime.fromtimestamp(raw["start_time"], UTC).date()


def surface(part: Raw) -> str:
    return CLIENTS[part["client_id"]][1] if part["client_id"] in CLIENTS else "other"
