"""metrics.md: "Change | against the window of equal length just before, both complete, plus the median of
the last 4". The client's and the handler's tests count real rows; here are the edges."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.metrics.coverage import Coverage
from bot.metrics.figures import Figures
from bot.metrics.usage import Dimension, Group, UsageResult
from bot.metrics.weekly import Weekly, movers, weeks_to
from bot.model.asked import View
from bot.model.timerange import TimeRange

WEEK = TimeRange(date(2026, 10, 12), date(2026, 10, 19))


def usage(now: dict[str, int], before: dict[str, int] | None) -> UsageResult:
    def figures(turns: int) -> Figures:
        return Figures(turns=turns)

    groups = tuple(
        Group(name, name, figures(turns), None if before is None else figures(before.get(name, 0)), ())
        for name, turns in now.items()
    )
    return UsageResult(
        Coverage(WEEK, WEEK, WEEK.last),
        WEEK.before(),
        View.DAILY,
        Dimension.SURFACE,
        figures(sum(now.values())),
        None if before is None else figures(sum(before.values())),
        (),
        groups,
    )


def test_the_median_is_of_the_four_weeks_before_and_not_of_this_one() -> None:
    weekly = Weekly((1.0, 10.0, 20.0, 30.0, 41.0, 999.0))
    assert (weekly.now, weekly.before, weekly.median) == (999.0, 41.0, 25.0)


@pytest.mark.parametrize("values", [(), (5.0,), (1.0, 2.0, 3.0, 4.0), (1.0, None, 3.0, 4.0, 5.0)])
def test_fewer_than_four_known_weeks_have_no_median(values: tuple[float | None, ...]) -> None:
    assert Weekly(values).median is None


def test_a_week_that_is_not_held_is_no_data_and_no_change() -> None:
    assert Weekly((4.0, None)).change_pct is None
    assert Weekly((None, 4.0)).change_pct is None
    assert Weekly((0.0, 4.0)).change_pct is None


def test_the_trend_ends_with_the_week() -> None:
    assert weeks_to(WEEK, 3) == TimeRange(date(2026, 9, 28), WEEK.end)


def test_movers_are_those_whose_share_changed_most_and_need_a_week_before() -> None:
    found = movers(usage({"cli": 60, "ide": 30, "web": 10}, {"cli": 80, "ide": 10, "web": 10}))
    assert [(one.label, one.gained_points) for one in found] == [("cli", -20.0), ("ide", 20.0), ("web", 0.0)]
    assert movers(usage({"cli": 60}, None)) == ()
    assert movers(usage({"cli": 0}, {"cli": 5})) == ()
    assert movers(usage({"cli": 5}, {"cli": 0})) == ()


@given(
    st.dictionaries(st.sampled_from("abcde"), st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=1)
)
def test_what_some_gain_others_lose(turns: dict[str, tuple[int, int]]) -> None:
    now, before = ({name: pair[n] for name, pair in turns.items()} for n in (0, 1))
    found = movers(usage(now, before))
    assert sum(one.gained_points for one in found) == pytest.approx(0)
