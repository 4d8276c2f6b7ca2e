from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.kit.comparing import read
from bot.kit.versus import drawing, groups_table
from bot.metrics.compare import comparison
from bot.metrics.coverage import Coverage
from bot.metrics.figures import Figures
from bot.metrics.usage import Dimension, Group, Point, UsageResult
from bot.model.asked import Calendar, View
from bot.model.timerange import TimeRange
from tests.handlers.answering import NOW


def used(amount: float) -> Figures:
    return Figures(active_users=1, credits=round(amount * 1_000_000))


def result(first: date, end: date, whole: float, **groups: float) -> UsageResult:
    window = TimeRange(first, end)
    coverage = Coverage(window, window, window.last, frozenset(window.days()))
    parts = tuple(Group(key, key, used(amount), None, ()) for key, amount in groups.items())
    return UsageResult(coverage, window.before(), View.DAILY, Dimension.MODEL, used(whole), None, (), parts)


def test_what_no_group_has_is_a_row_so_that_both_columns_add_up() -> None:
    """9 of 10 credits in two days, 3 of 8 in four: 1 and 5 are left, 0.5 and 1.25 a day."""
    found = comparison(
        result(date(2026, 10, 5), date(2026, 10, 7), 10, a=6, b=3),
        result(date(2026, 10, 1), date(2026, 10, 5), 8, a=3),
    )
    question = read(("7d", "vs", "14d", "by", "model"), Calendar(NOW))
    table = groups_table(found, question)
    assert table.rows[-1] == ("Not broken down", 1, 5, pytest.approx(-60))
    assert [row[1:3] for row in table.rows] == [(6, 3), (3, 0), (1, 5)]


def test_nothing_left_is_no_row() -> None:
    whole = result(date(2026, 10, 5), date(2026, 10, 7), 6, a=6)
    table = groups_table(comparison(whole, whole), read(("7d", "by", "model"), Calendar(NOW)))
    assert [row[0] for row in table.rows] == ["a"]


@pytest.mark.parametrize(
    ("first", "names"),
    [
        (date(2026, 9, 1), {"28–30 Sep", "1–3 Sep"}),
        (date(2025, 9, 1), {"28–30 Sep 2026", "1–3 Sep 2025"}),
    ],
)
def test_lines_are_named_without_a_year_that_all_days_share(first: date, names: set[str]) -> None:
    def three(start: date) -> UsageResult:
        days = [start + timedelta(days=at) for at in range(3)]
        points = tuple(Point(TimeRange(day, day + timedelta(days=1)), used(4)) for day in days)
        return replace(result(start, start + timedelta(days=3), 12), points=points)

    found = comparison(three(date(2026, 9, 28)), three(first))
    question = read(("7d", "vs", "14d"), Calendar(NOW))
    assert names <= {text.get_text() for text in drawing(found, question, "T").make().texts}
