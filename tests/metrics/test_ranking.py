"""Ranking against a naive twin on raw rows.

contract.md g: "User ranking | Email, User ID, Tokens, Credits" with the range's totals per person.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.metrics.ranking import RankBy, RankingQuestion, by_streak, rank_rows, ranked, ranked_count
from bot.model.timerange import TimeRange

Raw = dict[str, Any]
FIRST = date(2026, 9, 14)
WINDOW = TimeRange(FIRST, FIRST + timedelta(days=2))
HELD = TimeRange(FIRST, FIRST + timedelta(days=3))


def row(
    user: str,
    day: int,
    turns: int,
    credit: float,
    tokens: int | None = None,
    cli_turns: int = 0,
    client: str = "CODEX_CLI",
) -> Raw:
    start = int(datetime(2026, 9, 14 + day, tzinfo=UTC).timestamp())
    return {
        "start_time": start,
        "end_time": start + 86_400,
        "user_id": user,
        "totals": {"threads": 1, "turns": turns, "credits": credit, "text_total_tokens": tokens},
        "clients": [{"client_id": client, "threads": 0, "turns": cli_turns, "credits": 0.0}],
    }


async def ask(workspace: Any, by: RankBy, **more: Any) -> tuple[list[tuple[int, str, int | None]], int]:
    question = RankingQuestion(workspace.coverage(WINDOW), by, **{"limit": 10, **more})
    rows, count = await workspace.ask(
        partial(ranked, question=question), partial(ranked_count, question=question)
    )
    found = rank_rows(rows.to_pylist(), question)
    name = by.value
    return [(r.rank, r.user_id, getattr(r.figures, name)) for r in found], count["people_count"][0].as_py()


async def test_most_credits_first_and_equal_ones_by_user_id(workspace: Any) -> None:
    workspace.put([row("b", 0, 1, 2.0), row("a", 0, 1, 1.5), row("a", 1, 1, 0.5), row("c", 1, 1, 9.0)], HELD)
    assert await ask(workspace, RankBy.CREDITS) == (
        [(1, "c", 9_000_000), (2, "a", 2_000_000), (3, "b", 2_000_000)],
        3,
    )


async def test_the_second_page_goes_on_counting(workspace: Any) -> None:
    workspace.put([row(user, 0, turns, 0.0) for turns, user in enumerate("abcde", 1)], HELD)
    assert await ask(workspace, RankBy.TURNS, limit=2, offset=2) == ([(3, "c", 3), (4, "b", 2)], 5)


async def test_who_has_none_or_nothing_told_is_not_ranked(workspace: Any) -> None:
    workspace.put([row("a", 0, 1, 0.0, None), row("b", 0, 0, 0.0, 0), row("c", 0, 0, 0.0, 5)], HELD)
    assert await ask(workspace, RankBy.TOKENS) == ([(1, "c", 5)], 1)


async def test_a_client_narrows_the_ranking_and_days_outside_do_not_count(workspace: Any) -> None:
    workspace.put(
        [row("a", 0, 9, 0.0, cli_turns=1), row("b", 1, 3, 0.0, cli_turns=2), row("c", 2, 9, 0.0, 9, 9)], HELD
    )
    assert await ask(workspace, RankBy.TURNS, through="CODEX_CLI") == ([(1, "b", 2), (2, "a", 1)], 2)


@pytest.mark.parametrize("client", ["CODEX_UNKNOWN_DEFAULT", "CODEX_NEVER_HEARD_OF"])
async def test_people_of_a_client_that_nobody_told_us_are_ranked_in_the_surface_other(
    workspace: Any, client: str
) -> None:
    workspace.put([row("a", 0, 9, 0.0, cli_turns=4, client=client)], HELD)
    assert await ask(workspace, RankBy.TURNS, through="other") == ([(1, "a", 4)], 1)


def test_the_longest_streak_first_and_no_streak_at_all_is_left_out() -> None:
    assert by_streak({"b": 3, "a": 3, "c": 0, "d": 9}) == (("d", 9), ("a", 3), ("b", 3))


@pytest.mark.parametrize("by", [RankBy.CREDITS, RankBy.TURNS, RankBy.TOKENS])
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rows=st.lists(
        st.builds(
            row,
            st.sampled_from("abcd"),
            st.integers(0, 2),
            st.integers(0, 3),
            st.integers(0, 2000).map(lambda n: n / 1000),
            st.none() | st.integers(0, 3),
        ),
        max_size=10,
        unique_by=lambda r: (r["user_id"], r["start_time"]),
    )
)
async def test_the_twin_ranks_the_same(new_workspace: Callable[[], Any], by: RankBy, rows: list[Raw]) -> None:
    workspace = new_workspace()
    workspace.put(rows, HELD)
    sums: dict[str, int] = {}
    for raw in rows:
        if datetime.fromtimestamp(raw["start_time"], UTC).date() in WINDOW:
            wire = "text_total_tokens" if by is RankBy.TOKENS else by.value
            value = raw["totals"][wire] or 0
            added = round(value * 1_000_000) if by is RankBy.CREDITS else value
            sums[raw["user_id"]] = sums.get(raw["user_id"], 0) + added
    order = sorted((-value, user) for user, value in sums.items() if value > 0)
    expected = [(rank, user, -value) for rank, (value, user) in enumerate(order, 1)]
    assert await ask(workspace, by) == (expected, len(expected))
