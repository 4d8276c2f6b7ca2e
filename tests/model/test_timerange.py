from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from bot.model.timerange import TimeRange, day_start, last_complete_day


def test_a_range_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        TimeRange(date(2026, 10, 2), date(2026, 10, 1))


def test_a_range_holds_its_first_day_and_not_its_end() -> None:
    window = TimeRange(date(2026, 10, 1), date(2026, 10, 3))
    assert list(window.days()) == [date(2026, 10, 1), date(2026, 10, 2)]
    assert (window.day_count, window.last) == (2, date(2026, 10, 2))
    assert date(2026, 10, 1) in window
    assert date(2026, 10, 3) not in window


def test_the_window_before_touches_it_and_is_as_long() -> None:
    window = TimeRange(date(2026, 3, 1), date(2026, 3, 31))
    assert window.before() == TimeRange(date(2026, 1, 30), date(2026, 3, 1))


@pytest.mark.parametrize(
    ("now", "lag_hours", "expected"),
    [
        ("2026-10-21T11:59:59+00:00", 12, "2026-10-19"),
        ("2026-10-21T12:00:00+00:00", 12, "2026-10-20"),
        ("2026-10-21T00:00:00+00:00", 0, "2026-10-20"),
        ("2026-10-21T23:59:59+00:00", 48, "2026-10-18"),
        ("2027-01-01T12:00:00+00:00", 12, "2026-12-31"),
        ("2028-03-01T12:00:00+00:00", 12, "2028-02-29"),
        ("2026-10-21T01:00:00-11:00", 12, "2026-10-20"),  # 12:00 UTC
        ("2026-10-22T01:59:59+14:00", 12, "2026-10-19"),  # 11:59:59 UTC the day before
    ],
)
def test_a_day_is_complete_when_its_end_plus_the_lag_has_passed(
    now: str, lag_hours: int, expected: str
) -> None:
    assert last_complete_day(datetime.fromisoformat(now), lag_hours) == date.fromisoformat(expected)


def test_a_day_starts_at_midnight_utc() -> None:
    elsewhere = timezone(timedelta(hours=2))
    assert day_start(date(2026, 10, 21)) == datetime(2026, 10, 21, 2, tzinfo=elsewhere)
    assert day_start(date(2026, 10, 21)).tzinfo is UTC
