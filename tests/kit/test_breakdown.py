from __future__ import annotations

from datetime import date

import pytest

import charts
from bot.kit.breakdown import breakdown_table, leader, parts_table, stack, surface_note
from bot.metrics.coverage import Coverage
from bot.metrics.figures import Figures, Metric
from bot.metrics.usage import Dimension, Group, Point, UsageResult
from bot.model.asked import View
from bot.model.timerange import DAY, TimeRange

WINDOW = TimeRange(date(2026, 10, 1), date(2026, 10, 3))
DAYS = tuple(TimeRange(day, day + DAY) for day in WINDOW.days())
MICRO = 1_000_000


def figures(used: float, tokens: int | None = None, rows: int = 1) -> Figures:
    return Figures(active_users=1, credits=round(used * MICRO), turns=1, tokens=tokens, rows=rows)


def group(key: str, total: Figures, *days: Figures | None) -> Group:
    points = tuple(Point(period, found) for period, found in zip(DAYS, days, strict=False))
    return Group(key, key, total, figures(2), points)


def result(by: Dimension, whole: Figures, *groups: Group, through: str | None = None) -> UsageResult:
    coverage = Coverage(WINDOW, WINDOW, WINDOW.last, frozenset(WINDOW.days()))
    points = tuple(Point(period, whole) for period in DAYS)
    return UsageResult(coverage, WINDOW.before(), View.DAILY, by, whole, None, points, groups, through)


def test_what_no_group_has_is_a_row_so_that_the_column_adds_up() -> None:
    found = result(Dimension.MODEL, figures(10, 100), group("a", figures(6, 40)), group("b", figures(3)))
    table = breakdown_table(found, Metric.CREDITS, (Metric.TOKENS, Metric.ACTIVE_USERS))
    assert [row[0] for row in table.rows] == ["a", "b", "Not broken down"]
    assert table.rows[-1][1:] == (1.0, pytest.approx(10.0), 60, None)


def test_what_no_group_has_is_as_exact_as_the_total() -> None:
    parts = (group(key, figures(value)) for key, value in (("a", 0.1), ("b", 0.3)))
    table = breakdown_table(result(Dimension.MODEL, figures(1.1), *parts), Metric.CREDITS, ())
    assert table.rows[-1][:2] == ("Not broken down", 0.7)


def test_a_difference_of_rounding_is_no_row() -> None:
    found = result(Dimension.MODEL, figures(10.000001), group("a", figures(10)))
    assert len(breakdown_table(found, Metric.CREDITS, ()).rows) == 1


def test_people_are_no_parts_of_a_whole_and_stand_with_their_change() -> None:
    found = result(Dimension.SURFACE, figures(1), group("code_review", figures(1)))
    table = breakdown_table(found, Metric.ACTIVE_USERS, (), parts=False)
    assert [column.key for column in table.columns] == ["surface", "active_users", "change_pct"]


def test_code_review_has_no_row_of_its_own_when_another_surface_was_asked_for() -> None:
    found = result(Dimension.SURFACE, figures(1), group("cli", figures(1)), through="cli")
    assert (len(breakdown_table(found, Metric.CREDITS, ()).rows), surface_note(found)) == (1, "")


def test_one_group_alone_does_not_lead() -> None:
    assert leader(result(Dimension.MODEL, figures(1), group("a", figures(1))), Metric.CREDITS) == ""


def test_a_group_of_which_nothing_is_told_adds_nothing_to_a_told_total_and_leaves_no_gap() -> None:
    found = result(
        Dimension.MODEL, figures(3, 9), group("a", figures(3, 9), figures(3, 9), Figures(credits=0))
    )
    assert stack(found, Metric.TOKENS)[0].values == (9, 0.0)


def test_a_stack_is_as_high_as_the_total_and_its_table_tells_the_same() -> None:
    found = result(Dimension.MODEL, figures(10), group("a", figures(6), figures(6.1), figures(5.9)))
    parts = stack(found, Metric.CREDITS)
    assert parts[-1] == charts.Series("Not broken down", (3.9, 4.1), rest=True)
    table = parts_table(found, Metric.CREDITS, parts)
    assert [column.label for column in table.columns] == ["From (UTC)", "a", "Not broken down"]
    assert [sum(row[1:]) for row in table.rows] == [10, 10]


def test_a_stack_of_an_unknown_total_is_a_gap() -> None:
    found = result(Dimension.MODEL, figures(3), group("a", figures(3), figures(3), figures(3)))
    assert stack(found, Metric.TOKENS)[0].values == (None, None)
