from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analytics.api import WeekStart, rows_are_weekly, weekly
from bot.analytics.api.wire import (
    ClientUsage,
    CodeAttribution,
    CommentDetails,
    LinesOfCode,
    ModelUsage,
    ReviewRow,
    Usage,
    UsageRow,
)

MONDAY = date(2026, 9, 14)


def seconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def usage_row(day: date, person: str | None = "ann", days: int = 1, **changed: object) -> UsageRow:
    row = UsageRow(
        start_time=seconds(day),
        end_time=seconds(day + timedelta(days=days)),
        user_id=person,
        totals=Usage(threads=1, turns=2, credits=0.1),
    )
    return msgspec.structs.replace(row, **changed)


def test_a_row_is_weekly_by_its_width_alone() -> None:
    assert rows_are_weekly(usage_row(date(2026, 9, 16), days=7))
    assert not rows_are_weekly(usage_row(MONDAY))
    assert not rows_are_weekly(usage_row(MONDAY, days=6))


def test_days_are_summed_per_person_and_monday_week() -> None:
    days = [MONDAY - timedelta(days=1), MONDAY, MONDAY + timedelta(days=6), MONDAY + timedelta(days=7)]
    rows = weekly([usage_row(day, person) for day in days for person in ("bob", "ann")])
    seen = [(row.start_time, row.user_id, row.totals.turns) for row in rows]
    weeks = [seconds(MONDAY + timedelta(days=shift)) for shift in (-7, 0, 7)]
    assert seen == [
        (week, who, turns) for week, turns in zip(weeks, (2, 4, 2), strict=True) for who in ("ann", "bob")
    ]
    assert all(rows_are_weekly(row) for row in rows)


@pytest.mark.parametrize(
    ("start", "edge"), [(WeekStart.SUNDAY, -1), (WeekStart.MONDAY, 0), (WeekStart.WEDNESDAY, -5)]
)
def test_the_first_day_of_the_week_is_a_choice(start: WeekStart, edge: int) -> None:
    (row,) = weekly([usage_row(MONDAY)], start)
    assert row.start_time == seconds(MONDAY + timedelta(days=edge))


def test_rows_that_are_weeks_keep_their_own_edges() -> None:
    week = usage_row(date(2026, 9, 16), days=7)
    assert weekly([week]) == (week,)


def test_clients_are_summed_by_name_and_models_by_name_and_speed() -> None:
    def day(day: date) -> UsageRow:
        return usage_row(
            day,
            clients=(ClientUsage(client_id="CODEX_CLI", threads=1, turns=1, credits=1.0),),
            models=(
                ModelUsage(model="m", speed="fast", credits=1.0),
                ModelUsage(model="m", speed="standard", credits=2.0),
                ModelUsage(model="m", credits=4.0),
            ),
        )

    (row,) = weekly([day(MONDAY), day(MONDAY + timedelta(days=1)), usage_row(MONDAY + timedelta(days=2))])
    assert row.clients == (ClientUsage(client_id="CODEX_CLI", threads=2, turns=2, credits=2.0),)
    assert [(part.speed, part.credits) for part in row.models or ()] == [
        ("fast", 2),
        ("standard", 4),
        (None, 8),
    ]


def test_missing_stays_missing_unless_some_day_has_it() -> None:
    known = Usage(threads=0, turns=0, credits=0.0, text_output_tokens=5)
    (row,) = weekly([usage_row(MONDAY), usage_row(MONDAY + timedelta(days=1), totals=known)])
    assert row.totals.text_output_tokens == 5
    assert row.totals.text_total_tokens is None
    assert (row.clients, row.models, row.code_attribution) == (None, None, None)


def test_a_share_is_never_summed() -> None:
    lines = CodeAttribution(lines_of_code=LinesOfCode(added=10, committed_percentage=40.0))
    days = [usage_row(MONDAY + timedelta(days=n), code_attribution=lines) for n in range(2)]
    (row,) = weekly(days)
    assert row.code_attribution == CodeAttribution(lines_of_code=LinesOfCode(added=20))


def test_reviews_are_summed_too() -> None:
    rows = [
        ReviewRow(
            start_time=seconds(day),
            end_time=seconds(day + timedelta(days=1)),
            pull_request_reviews=17,
            comments=26,
            comment_details=CommentDetails(p0=1, p1=9, p2=16),
        )
        for day in (MONDAY, MONDAY + timedelta(days=1))
    ]
    (week,) = weekly(rows)
    assert (week.pull_request_reviews, week.comments, week.comment_details) == (
        34,
        52,
        CommentDetails(p0=2, p1=18, p2=32),
    )


def test_no_rows_are_no_weeks() -> None:
    assert weekly(()) == ()


@given(
    credits=st.lists(st.floats(0, 1e6), min_size=1, max_size=40),
    shuffle=st.randoms(use_true_random=False),
)
def test_weeks_hold_all_credits_in_any_order(credits: list[float], shuffle: object) -> None:  # noqa: A002 - the field's name
    rows = [
        usage_row(MONDAY + timedelta(days=n % 7), totals=Usage(threads=1, turns=1, credits=amount))
        for n, amount in enumerate(credits)
    ]
    (before,) = weekly(rows)
    shuffle.shuffle(rows)  # type: ignore[attr-defined]
    (after,) = weekly(rows)
    assert before.totals == after.totals
    assert before.totals.credits == pytest.approx(sum(credits))
