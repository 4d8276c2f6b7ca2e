"""Two windows side by side.

metrics.md: "Change | against the window of equal length just before, both complete ...; never a part-week
against a whole week"
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.metrics.compare import Comparison, comparison, per_day
from bot.metrics.coverage import Coverage
from bot.metrics.figures import Figures, Metric
from bot.metrics.usage import Dimension, Group, UsageResult
from bot.model.asked import View
from bot.model.timerange import DAY, TimeRange

MONDAY = date(2026, 6, 1)
MICRO = 1_000_000


def result(
    days: int, by: Dimension | None = None, missing: int = 0, totals: Figures | None = None, **used: int
) -> UsageResult:
    window = TimeRange(MONDAY, MONDAY + days * DAY)
    gone = tuple(window.days())[:missing]
    coverage = Coverage(window, window, window.last, frozenset(window.days()) - set(gone), gone)
    figures = totals or Figures(active_users=3, turns=10 * days, credits=sum(used.values()) * MICRO)
    groups = tuple(
        Group(k, k.upper(), Figures(credits=n * MICRO, turns=n), None, ()) for k, n in used.items()
    )
    return UsageResult(coverage, window.before(), View.DAILY, by, figures, None, (), groups)


def change(found: Comparison, metric: Metric) -> float | None:
    return found.change_pct(metric, found.now.totals, found.before.totals)


def test_equal_windows_are_compared_by_their_sums() -> None:
    found = comparison(result(7, cli=30), result(7, cli=20))
    assert (found.equal, found.days, change(found, Metric.CREDITS)) == (True, (7, 7), 50.0)


def test_unequal_windows_are_compared_per_day_and_people_not_at_all() -> None:
    found = comparison(result(2, cli=30), result(4, cli=30))
    assert (found.equal, change(found, Metric.CREDITS)) == (False, 100.0)
    assert (change(found, Metric.TURNS), change(found, Metric.ACTIVE_USERS)) == (0.0, None)


def test_a_missing_day_makes_equal_windows_unequal() -> None:
    found = comparison(result(5, missing=1, cli=20), result(5, cli=20))
    assert (found.equal, found.days, change(found, Metric.CREDITS)) == (False, (4, 5), 25.0)


@pytest.mark.parametrize("days", [1, 3])
def test_a_day_that_is_not_over_is_compared_with_nothing(days: int) -> None:
    today = result(days, cli=30)
    today = replace(today, coverage=replace(today.coverage, partial_days=(today.window.last,)))
    for found in (comparison(today, result(3, cli=20)), comparison(result(3, cli=20), today)):
        assert (found.partial, change(found, Metric.CREDITS)) == (True, None)


def test_groups_of_either_window_are_paired_and_unused_ones_are_zero() -> None:
    now, before = result(7, Dimension.CLIENT, cli=5, web=9), result(7, Dimension.CLIENT, cli=4, ide=1)
    found = {pair.key: pair for pair in comparison(now, before).groups}
    assert list(found) == ["web", "cli", "ide"]
    assert (found["web"].before.credits, found["web"].before.turns) == (0, 0)
    assert (found["ide"].now.credits, found["ide"].label) == (0, "IDE")


def test_turns_of_an_unused_model_are_not_told_rather_than_zero() -> None:
    found = comparison(result(7, Dimension.MODEL, small=5), result(7, Dimension.MODEL))
    assert (found.groups[0].before.credits, found.groups[0].before.turns) == (0, None)


def test_no_data_has_no_change() -> None:
    found = comparison(result(7, totals=Figures()), result(7, cli=3))
    assert (change(found, Metric.CREDITS), per_day(Figures(), Metric.CREDITS, 7)) == (None, None)


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 10**6), st.integers(1, 10**6))
def test_per_day_changes_are_the_ratio_of_daily_means(days: int, earlier: int, now: int, then: int) -> None:
    found = comparison(result(days, cli=now), result(earlier, cli=then))
    expected = ((now / days) / (then / earlier) - 1) * 100
    assert change(found, Metric.CREDITS) == pytest.approx(expected, abs=1e-6)


@given(st.integers(1, 60), st.integers(1, 10**6), st.integers(1, 10**6))
def test_swapping_equal_windows_inverts_the_ratio(days: int, one: int, other: int) -> None:
    there = change(comparison(result(days, cli=one), result(days, cli=other)), Metric.CREDITS)
    back = change(comparison(result(days, cli=other), result(days, cli=one)), Metric.CREDITS)
    assert there is not None
    assert back is not None
    assert (1 + there / 100) * (1 + back / 100) == pytest.approx(1)
