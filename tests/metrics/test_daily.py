from __future__ import annotations

from datetime import date, timedelta

from bot.metrics.daily import basis, daily
from bot.metrics.explained import Basis
from bot.metrics.figures import Figures, Metric
from bot.metrics.usage import Point
from bot.model.timerange import TimeRange

FIRST = date(2026, 10, 1)


def points(*figures: Figures | None) -> tuple[Point, ...]:
    days = (FIRST + timedelta(days=n) for n in range(len(figures)))
    return tuple(Point(TimeRange(d, d + timedelta(days=1)), f) for d, f in zip(days, figures, strict=True))


def test_a_missing_day_stays_missing_and_a_day_without_anybody_is_zero() -> None:
    series = points(None, Figures(cost_usd=7, rows=3), Figures(rows=0), Figures(rows=2))
    assert list(daily(series, Metric.COST_USD).values()) == [None, 7, 0, None]


def test_a_metric_that_is_never_told_has_no_zeros() -> None:
    assert list(daily(points(Figures(rows=0), Figures(rows=2)), Metric.COST_USD).values()) == [None, None]
    assert daily((), Metric.CREDITS) == {}


def test_the_basis_of_a_change_is_people_turns_and_credits() -> None:
    assert basis(Figures(active_users=2, turns=3, credits=4)) == Basis(2, 3, 4)
    assert basis(None) == Basis(None, None, None)
