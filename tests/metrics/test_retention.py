"""Weekly cohorts against a naive twin on sets of (user, day).

metrics.md: "Retention (cohort c, week n) | people of cohort c active in week c+n / size of c"
metrics.md, trap: "hide the last partial column"
metrics.md: "New: first-ever active week is t"
"""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.metrics.activity import lifecycle
from bot.metrics.coverage import Coverage
from bot.metrics.retention import RetentionResult, cohorts, retained, retention_result
from bot.model.timerange import DAY, TimeRange
from tests.metrics.grids import Acts, active, grid_of

MONDAY = date(2026, 6, 1)
WEEKS = 8
HISTORY = TimeRange(MONDAY, MONDAY + timedelta(weeks=WEEKS))
WINDOW = TimeRange(MONDAY + timedelta(weeks=4), HISTORY.end)


def week(n: int) -> TimeRange:
    return TimeRange(MONDAY + timedelta(weeks=n), MONDAY + timedelta(weeks=n + 1))


def on(user: str, *weeks: int, day: int = 0) -> Acts:
    return {(user, week(n).start + day * DAY) for n in weeks}


def ask(
    acts: Acts, window: TimeRange = WINDOW, last: date = HISTORY.last, held: frozenset[date] | None = None
) -> RetentionResult:
    days = frozenset(HISTORY.days()) if held is None else held
    coverage = Coverage(window, window, last, days, first_held_day=MONDAY)
    return retention_result(coverage, window.before(), grid_of(acts, HISTORY, days))


# -- the twin ----------------------------------------------------------------------------------------------


def twin(acts: Acts, weeks: range) -> dict[date, list[int]]:
    """Per first week: how many of those who began in it were active in it and in each later week."""
    first = {user: min(n for n in range(WEEKS) if user in active(acts, week(n))) for user, _ in acts}
    return {
        week(c).start: [
            len({user for user in first if first[user] == c} & active(acts, week(n))) for n in weeks if n >= c
        ]
        for c in weeks
    }


# -- literal cases -----------------------------------------------------------------------------------------


def test_three_who_began_together_are_followed_week_by_week() -> None:
    acts = on("ann", 4, 5, 6, 7) | on("bob", 4, 6) | on("cy", 4, day=6)
    first = ask(acts).cohorts[0]
    assert (first.week, first.size, first.active) == (week(4), 3, (3, 1, 2, 1))


def test_who_was_active_before_the_window_began_earlier() -> None:
    result = ask(on("old", 1, 5) | on("new", 5, 6))
    assert [cohort.size for cohort in result.cohorts] == [0, 1, 0, 0]
    assert [cohort.size for cohort in result.before] == [1, 0, 0]
    assert result.people == 1


def test_a_window_with_a_missing_day_is_not_compared() -> None:
    days = frozenset(HISTORY.days()) - {week(6).start}
    coverage = Coverage(WINDOW, WINDOW, HISTORY.last, days, first_held_day=MONDAY)
    acts = on("ann", 1, 5)
    assert retention_result(coverage, WINDOW.before(), grid_of(acts, HISTORY, days)).before == ()
    assert ask(acts).before


def test_rates_add_people_of_all_cohorts_that_can_tell() -> None:
    acts = on("ann", 4, 5) | on("bob", 4) | on("cy", 5, 6) | on("dee", 7)
    found = ask(acts).cohorts
    one, three = retained(found, 1), retained(found, 3)
    assert (one and (one.part, one.whole)) == (2, 3)
    assert (three and (three.part, three.whole)) == (0, 2)
    assert retained(found, 4) is None


def test_a_week_that_is_not_over_has_no_column_and_no_cohort() -> None:
    result = ask(on("ann", 4, 7), last=week(7).start + 2 * DAY)
    assert [cohort.week for cohort in result.cohorts] == [week(4), week(5), week(6)]
    assert result.cohorts[0].active == (1, 0, 0)


def test_a_missing_day_is_a_gap_and_tells_no_cohort() -> None:
    held = frozenset(HISTORY.days()) - {week(6).start}
    result = ask(on("ann", 4, 5, 7), held=held)
    assert [cohort.week for cohort in result.cohorts] == [week(4), week(5)]
    assert result.cohorts[0].active == (1, 1, None, 1)


def test_a_first_week_needs_the_week_before_it() -> None:
    grid = grid_of(on("ann", 0, 1), HISTORY)
    assert cohorts(grid, HISTORY, HISTORY)[0].week == week(1)


def test_nobody_is_no_rate_rather_than_a_zero() -> None:
    result = ask(set())
    assert (result.people, retained(result.cohorts, 1)) == (0, None)


def test_a_window_without_a_complete_day_has_no_cohorts() -> None:
    today = TimeRange(HISTORY.last, HISTORY.end)
    assert ask(on("ann", 7), window=today, last=HISTORY.last - DAY).cohorts == ()


# -- twin and invariants -----------------------------------------------------------------------------------

days = st.integers(0, WEEKS * 7 - 1).map(lambda n: MONDAY + timedelta(days=n))
acts_of_a_workspace = st.sets(st.tuples(st.sampled_from("abcdef"), days), max_size=40)


@given(acts_of_a_workspace)
def test_the_twin_counts_the_same(acts: Acts) -> None:
    found = {cohort.week.start: list(cohort.active) for cohort in ask(acts).cohorts}
    assert found == twin(acts, range(4, WEEKS))


@given(acts_of_a_workspace)
def test_cohorts_are_the_new_people_of_the_lifecycle(acts: Acts) -> None:
    grid = grid_of(acts, HISTORY)
    new = {one.week: one.new for one in lifecycle(grid, WINDOW)}
    assert {cohort.week: cohort.size for cohort in cohorts(grid, WINDOW, HISTORY)} == new


@given(acts_of_a_workspace)
def test_nobody_is_kept_who_did_not_begin_and_everyone_begins_once(acts: Acts) -> None:
    found = cohorts(grid_of(acts, HISTORY), TimeRange(week(1).start, HISTORY.end), HISTORY)
    assert all(kept <= cohort.size for cohort in found for kept in cohort.active if kept is not None)
    assert sum(cohort.size for cohort in found) == len({user for user, _ in acts} - active(acts, week(0)))
