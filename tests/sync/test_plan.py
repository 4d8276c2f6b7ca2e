from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.lake import Dataset, Receipt
from bot.model.timerange import DAY, TimeRange
from bot.sync.plan import DayState, Rules, windows

MONDAY = date(2026, 10, 19)
COMPLETE = datetime(2026, 10, 20, 12, tzinfo=UTC)
SETTLED = COMPLETE + timedelta(days=7)
SECOND = timedelta(seconds=1)


def fetched(at: datetime) -> Receipt:
    return Receipt(Dataset.USAGE, MONDAY, TimeRange(MONDAY, MONDAY + DAY), at, 1, (), 0)


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (COMPLETE - SECOND, DayState.PARTIAL),
        (COMPLETE, DayState.UNSETTLED),
        (SETTLED - SECOND, DayState.UNSETTLED),
        (SETTLED, DayState.SETTLED),
    ],
)
def test_a_day_is_worth_what_it_was_when_it_was_fetched(at: datetime, state: DayState) -> None:
    assert Rules().state(MONDAY, fetched(at)) is state
    assert Rules().state(MONDAY, None) is DayState.MISSING


@pytest.mark.parametrize(
    ("at", "now", "due"),
    [
        (COMPLETE, COMPLETE + timedelta(minutes=59), False),
        (COMPLETE, COMPLETE + timedelta(minutes=60), True),
        (COMPLETE - SECOND, COMPLETE, True),
        (COMPLETE - timedelta(minutes=30), COMPLETE - SECOND, False),
        (SETTLED - SECOND, SETTLED + timedelta(hours=1), True),
        (SETTLED, SETTLED + timedelta(days=300), False),
    ],
)
def test_a_day_is_pulled_again_until_it_is_settled_but_not_too_often(
    at: datetime, now: datetime, *, due: bool
) -> None:
    assert Rules().due(MONDAY, fetched(at), now) is due
    assert Rules().due(MONDAY, None, now)


def test_days_become_windows_newest_first_and_gaps_stay_out() -> None:
    days = [MONDAY + n * DAY for n in (0, 1, 2, 3, 7, 8)]
    assert windows(days, 3) == (
        TimeRange(MONDAY + 7 * DAY, MONDAY + 9 * DAY),
        TimeRange(MONDAY + 1 * DAY, MONDAY + 4 * DAY),
        TimeRange(MONDAY, MONDAY + 1 * DAY),
    )
    assert windows([], 3) == ()


def test_a_day_that_is_asked_for_alone_joins_neither_neighbour() -> None:
    days = [MONDAY + n * DAY for n in range(4)]
    assert windows(days, 3, MONDAY + DAY) == (
        TimeRange(MONDAY + 2 * DAY, MONDAY + 4 * DAY),
        TimeRange(MONDAY + DAY, MONDAY + 2 * DAY),
        TimeRange(MONDAY, MONDAY + DAY),
    )


def test_what_is_kept_ends_so_many_days_before_today() -> None:
    now = datetime(2026, 10, 21, 15, tzinfo=UTC)
    assert Rules(keep_days=30).first_kept(now) == date(2026, 9, 21)
    assert Rules().first_kept(now) == date.min
