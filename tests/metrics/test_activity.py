"""Activity against a naive twin on sets of (user, day).

metrics.md: "DAU(d) | number of u with a(u,d) = 1"
metrics.md: "WAU(d) | number of u with any a in the 7 complete days ending d"
metrics.md: "MAU28(d) | same over 28 days"
metrics.md: "Stickiness | mean DAU over W28 / MAU28"
metrics.md: "New: first-ever active week is t. Returning: active t and t-1. Resurrected: active t, not t-1,
seen before. Dormant: active t-1, not t"
metrics.md: "Streak | consecutive complete UTC days with a = 1 ending at the last complete day"
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.metrics.activity import (
    ActivityGrid,
    AdoptionBase,
    activity_result,
    activity_words,
    l_histogram,
    lifecycle,
    stickiness,
)
from bot.metrics.coverage import Coverage
from bot.model.timerange import DAY, TimeRange
from tests.metrics import grids

MONDAY = date(2026, 6, 1)
HISTORY = TimeRange(MONDAY, MONDAY + timedelta(weeks=10))
WINDOW = TimeRange(MONDAY + timedelta(weeks=6), HISTORY.end)
Acts = grids.Acts


def grid_of(acts: Acts, held: frozenset[date] | None = None, history: TimeRange = HISTORY) -> ActivityGrid:
    return grids.grid_of(acts, history, held)


def coverage(window: TimeRange = WINDOW) -> Coverage:
    return Coverage(window, window, window.last, frozenset(HISTORY.days()))


# -- the twin ----------------------------------------------------------------------------------------------


def people(acts: Acts, window: TimeRange) -> set[str]:
    return {user for user, day in acts if day in window}


def ending(day: date, days: int) -> TimeRange:
    return TimeRange(day - (days - 1) * DAY, day + DAY)


def twin_stickiness(acts: Acts, last: date) -> float | None:
    month = ending(last, 28)
    person_days = sum(len(people(acts, ending(day, 1))) for day in month.days())
    return person_days / (28 * len(people(acts, month))) if people(acts, month) else None


def twin_week(acts: Acts, week: TimeRange) -> tuple[int, int, int, int]:
    now, before = people(acts, week), people(acts, week.before())
    ever_before = people(acts, TimeRange(HISTORY.start, week.start))
    return (
        len([user for user in now if user not in ever_before]),
        len([user for user in now if user in before]),
        len([user for user in now if user in ever_before and user not in before]),
        len([user for user in before if user not in now]),
    )


def twin_streak(acts: Acts, user: str, last: date) -> int:
    days = 0
    while (user, last - days * DAY) in acts:
        days += 1
    return days


# -- literal cases -----------------------------------------------------------------------------------------


def test_one_person_every_day_and_one_on_a_single_day() -> None:
    last = HISTORY.last
    acts = {("dana", day) for day in ending(last, 28).days()} | {("zoe", last - 10 * DAY)}
    result = activity_result(coverage(), grid_of(acts), 4, AdoptionBase.SEATS)
    assert (result.dau, result.wau, result.mau28) == (1, 1, 2)
    assert result.stickiness == 29 / 28 / 2
    assert (result.adoption.rate, result.l28) == (0.25, (1, *[0] * 26, 1))


def test_a_returner_a_newcomer_and_one_who_left() -> None:
    week = TimeRange(WINDOW.start, WINDOW.start + 7 * DAY)
    long_ago, before, now = MONDAY, week.start - DAY, week.start
    acts = {
        *(("stays", day) for day in (before, now)),
        *(("back", day) for day in (long_ago, now)),
        ("new", now),
        ("left", before),
    }
    (first, *_) = lifecycle(grid_of(acts), WINDOW)
    assert (first.active, first.new, first.returning, first.resurrected, first.dormant) == (3, 1, 1, 1, 1)


def test_a_weekend_breaks_a_streak_but_not_one_of_working_days() -> None:
    friday, monday = MONDAY + 4 * DAY, MONDAY + 7 * DAY
    grid = grid_of({("dana", day) for day in (friday - DAY, friday, monday)})
    assert grid.streaks(monday).tolist() == [1]
    assert grid.streaks(monday, working_days=True).tolist() == [3]


def test_one_missing_day_makes_every_figure_over_it_unknown() -> None:
    gap = HISTORY.last - 3 * DAY
    grid = grid_of({("dana", HISTORY.last)}, frozenset(HISTORY.days()) - {gap})
    result = activity_result(coverage(), grid, None, AdoptionBase.ROSTER)
    assert (result.dau, result.wau, result.mau28, result.stickiness, result.l28) == (
        1,
        None,
        None,
        None,
        None,
    )
    assert (result.adoption.rate, result.points[-4].dau) == (None, None)
    assert [week.week.end for week in result.lifecycle] == [HISTORY.end - n * 7 * DAY for n in (3, 2, 1)]


def test_a_streak_ends_at_a_day_that_is_not_held() -> None:
    gap = HISTORY.last - 2 * DAY
    acts = {("dana", day) for day in HISTORY.days()}
    assert grid_of(acts, frozenset(HISTORY.days()) - {gap}).streaks(HISTORY.last).tolist() == [2]


def test_the_day_that_may_have_cut_a_streak_is_told() -> None:
    last, gap = HISTORY.last, HISTORY.last - 2 * DAY
    held = frozenset(HISTORY.days()) - {gap}
    always, never = {("dana", day) for day in HISTORY.days()}, {("zoe", MONDAY)}
    assert grid_of(always, held).streak_gap(last) == gap
    assert grid_of(always, held - {last}).streak_gap(last) == last
    assert grid_of(never, held).streak_gap(last) is None
    assert grid_of(always, frozenset(HISTORY.days())).streak_gap(last) is None


def test_a_weekend_that_is_not_held_cuts_no_streak_of_working_days() -> None:
    saturday, monday = MONDAY + 5 * DAY, MONDAY + 7 * DAY
    acts = {("dana", day) for day in (MONDAY, MONDAY + 3 * DAY, MONDAY + 4 * DAY, monday)}
    grid = grid_of(acts, frozenset(HISTORY.days()) - {saturday})
    assert grid.streaks(monday, working_days=True).tolist() == [3]
    assert grid.streak_gap(monday, working_days=True) is None


def test_a_week_that_is_not_over_is_in_no_lifecycle() -> None:
    today = Coverage(WINDOW, WINDOW, HISTORY.last - DAY, frozenset(HISTORY.days()))
    result = activity_result(today, grid_of(set()), None, AdoptionBase.ROSTER)
    assert result.lifecycle[-1].week.end == HISTORY.end - 7 * DAY


def test_a_window_without_a_complete_day_is_told_as_of_the_day_before_it() -> None:
    today = TimeRange(HISTORY.last, HISTORY.end)
    asked = Coverage(today, today, HISTORY.last - DAY, frozenset(HISTORY.days()))
    acts = {("dana", HISTORY.last - DAY), ("zoe", HISTORY.last)}
    result = activity_result(asked, grid_of(acts), None, AdoptionBase.ROSTER)
    assert (result.as_of, result.dau, result.lifecycle) == (HISTORY.last - DAY, 1, ())


def test_nobody_is_a_zero_and_no_ratio() -> None:
    result = activity_result(coverage(), grid_of(set()), 0, AdoptionBase.EVER_SEEN)
    assert (result.dau, result.wau, result.mau28) == (0, 0, 0)
    assert (result.stickiness, result.adoption.rate) == (None, None)


# -- twin and metric agree ---------------------------------------------------------------------------------

some_acts = st.sets(
    st.tuples(
        st.sampled_from("abcde"), st.integers(0, HISTORY.day_count - 1).map(lambda n: MONDAY + n * DAY)
    ),
    max_size=60,
)


@given(acts=some_acts)
def test_the_twin_counts_the_same(acts: Acts) -> None:
    grid = grid_of(acts)
    result = activity_result(coverage(), grid, 5, AdoptionBase.SEATS)
    for point in result.points:
        expected = [len(people(acts, ending(point.day, days))) for days in (1, 7, 28)]
        assert [point.dau, point.wau, point.mau28] == expected
    assert result.stickiness == twin_stickiness(acts, HISTORY.last)
    assert result.earlier.wau == len(people(acts, ending(HISTORY.last - 7 * DAY, 7)))
    assert result.earlier.mau28 == len(people(acts, ending(HISTORY.last - 28 * DAY, 28)))
    assert result.earlier.stickiness == twin_stickiness(acts, HISTORY.last - 28 * DAY)
    weeks = [(week.new, week.returning, week.resurrected, week.dormant) for week in result.lifecycle]
    assert weeks == [twin_week(acts, week.week) for week in result.lifecycle]
    streaks = dict(zip(grid.user_ids, grid.streaks(HISTORY.last).tolist(), strict=True))
    assert streaks == {user: twin_streak(acts, user, HISTORY.last) for user in grid.user_ids}


@given(acts=some_acts)
def test_lifecycle_adds_up(acts: Acts) -> None:
    weeks = lifecycle(grid_of(acts), HISTORY)
    for week in weeks:
        assert week.new + week.returning + week.resurrected == week.active
    for earlier, later in pairwise(weeks):
        assert later.active - earlier.active == later.new + later.resurrected - later.dormant


@given(acts=some_acts)
def test_stickiness_lies_between_0_and_1_and_the_histogram_counts_everyone(acts: Acts) -> None:
    month = ending(HISTORY.last, 28)
    grid = grid_of(acts)
    assert 0 <= (stickiness(grid, month) or 0) <= 1
    assert sum(l_histogram(grid, month) or ()) == len(people(acts, month))


def raw(user: str, day: date, threads: int, turns: int) -> dict[str, Any]:
    start = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    totals = {"threads": threads, "turns": turns, "credits": 1.0}
    return {"start_time": start, "end_time": start + 86_400, "user_id": user, "totals": totals, "clients": []}


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rows=st.lists(
        st.builds(
            raw,
            st.sampled_from("abc"),
            st.integers(0, 64).map(lambda n: MONDAY + n * DAY),
            st.integers(0, 1),
            st.integers(0, 1),
        ),
        max_size=12,
        unique_by=lambda row: (row["user_id"], row["start_time"]),
    )
)
async def test_the_engine_packs_the_days_that_raw_rows_tell(
    new_workspace: Callable[[], Any], rows: list[dict[str, Any]]
) -> None:
    workspace, history = new_workspace(), TimeRange(MONDAY, MONDAY + 65 * DAY)
    workspace.put(rows, history)
    (words,) = await workspace.ask(partial(activity_words, first=MONDAY))
    grid = ActivityGrid(words, history, frozenset(history.days()))
    for day in history.days():
        start = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
        acted = [
            r for r in rows if r["start_time"] == start and r["totals"]["threads"] + r["totals"]["turns"] > 0
        ]
        assert grid.count(ending(day, 1)) == len(acted)
