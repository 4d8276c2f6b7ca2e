from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.metrics.coverage import Coverage
from bot.metrics.figures import Figures
from bot.metrics.teams import NO_TEAM, OTHER, TeamFigures, TeamsResult, folded, person_sums, teams_result
from bot.model.timerange import TimeRange

WINDOW = TimeRange(date(2026, 10, 12), date(2026, 10, 19))
COVERAGE = Coverage(WINDOW, WINDOW, WINDOW.last, frozenset([*WINDOW.before().days(), *WINDOW.days()]))


def sums(*rows: tuple[str, bool, int]) -> pa.Table:
    """Person, whether of the window asked, credits in whole units."""
    names = ("threads", "turns", "cost_usd", "estimated_cost_usd", "tokens", "uncached_input_tokens")
    more = ("cached_input_tokens", "output_tokens")
    return pa.table(
        {
            "user_id": [row[0] for row in rows],
            "current": [row[1] for row in rows],
            "credits": [row[2] * 1_000_000 for row in rows],
            **{name: pa.array([None] * len(rows), pa.int64()) for name in (*names, *more)},
            "active_users": [1] * len(rows),
            "rows": [1] * len(rows),
            "rows_with_tokens": [0] * len(rows),
        }
    )


def test_people_are_put_into_their_teams_and_compared_with_the_window_before() -> None:
    table = sums(("ana", True, 5), ("ana", False, 2), ("ben", True, 3), ("cid", True, 1))
    result = teams_result(
        COVERAGE, WINDOW.before(), table, {"ana": "Web", "ben": "Web"}, {"Web": 7, "Data": 5}
    )
    assert [(t.team, t.people_count, t.figures.credits) for t in result.teams] == [
        ("Web", 7, 8_000_000),
        (NO_TEAM, 0, 1_000_000),
        ("Data", 5, 0),
    ]
    web, _, data = result.teams
    assert web.previous is not None
    assert (web.previous.credits, web.figures.active_users) == (2_000_000, 2)
    assert (data.figures.turns, data.figures.tokens) == (0, None)
    assert result.totals.credits == 9_000_000


def test_without_the_window_before_there_is_nothing_to_compare() -> None:
    coverage = Coverage(WINDOW, WINDOW, WINDOW.last, frozenset(WINDOW.days()))
    result = teams_result(coverage, WINDOW.before(), sums(("ana", True, 5)), {"ana": "Web"}, {"Web": 5})
    assert result.previous is None
    assert result.teams[0].previous is None


SIZES = st.lists(st.integers(0, 40), max_size=12)


@given(SIZES, st.integers(0, 8))
def test_no_team_smaller_than_allowed_is_ever_shown_and_nothing_is_lost(
    sizes: list[int], fewest: int
) -> None:
    teams = tuple(TeamFigures(f"T{n}", size, Figures(credits=n), None) for n, size in enumerate(sizes))
    result = TeamsResult(COVERAGE, WINDOW.before(), teams, Figures(), None)
    shown = folded(result, fewest)
    assert sum(team.people_count for team in shown) == sum(sizes)
    assert sum(team.figures.credits or 0 for team in shown) == sum(range(len(sizes)))
    assert sum(team.team_count for team in shown) == len(sizes)
    enough = sum(sizes) >= fewest
    assert all(team.people_count >= fewest for team in shown) or (not enough and len(shown) <= 1)


def test_one_small_team_takes_the_next_smallest_along_because_the_total_would_tell_it() -> None:
    teams = tuple(
        TeamFigures(name, size, Figures(), None) for name, size in (("Big", 9), ("Mid", 6), ("Tiny", 2))
    )
    shown = folded(TeamsResult(COVERAGE, WINDOW.before(), teams, Figures(), None), 5)
    assert [(team.team, team.people_count) for team in shown] == [("Big", 9), (OTHER, 8)]


@pytest.mark.parametrize("told", [True, False])
async def test_sums_are_per_person_and_window(new_workspace: Callable[[], Any], told: bool) -> None:  # noqa: FBT001  a parameter of the table
    workspace = new_workspace()
    second = 1_791_763_200  # 12 October 2026, 00:00 UTC
    row = {
        "start_time": second,
        "end_time": second + 86_400,
        "user_id": "ana",
        "totals": {"threads": 0, "turns": 2, "credits": 0.25, **({"text_total_tokens": 9} if told else {})},
        "clients": [{"client_id": "CODEX_CLI", "threads": 0, "turns": 2, "credits": 0.25}],
        "models": [],
    }
    workspace.put([row], TimeRange(date(2026, 10, 12), date(2026, 10, 13)))
    (table,) = await workspace.ask(partial(person_sums, window=WINDOW, against=WINDOW.before()))
    (found,) = table.to_pylist()
    assert (found["user_id"], found["current"], found["credits"], found["active_users"]) == (
        "ana",
        True,
        250_000,
        1,
    )
    assert (found["tokens"], found["rows_with_tokens"]) == ((9, 1) if told else (None, 0))
