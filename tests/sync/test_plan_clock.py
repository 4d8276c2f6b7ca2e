from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.lake import Dataset, Receipt
from bot.model.timerange import DAY, TimeRange
from bot.sync import Rules

RULES = Rules()
FRIDAY = date(2026, 10, 16)


def receipt(fetched_at: datetime) -> Receipt:
    return Receipt(Dataset.USAGE, FRIDAY, TimeRange(FRIDAY, FRIDAY + DAY), fetched_at, 1, ("",), 0)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 10, 18, 15, tzinfo=UTC), True),
        (datetime(2026, 10, 24, 11, 59, tzinfo=UTC), True),
        (datetime(2026, 10, 24, 12, tzinfo=UTC), False),
    ],
)
def test_a_clock_set_back_pulls_again_what_was_not_known_then(now: datetime, due: bool) -> None:  # noqa: FBT001
    from_the_future = receipt(datetime(2026, 11, 20, tzinfo=UTC))
    assert RULES.due(FRIDAY, from_the_future, now) is due


def test_clocks_a_minute_apart_cause_no_second_pull() -> None:
    now = datetime(2026, 10, 18, 15, tzinfo=UTC)
    assert not RULES.due(FRIDAY, receipt(now + timedelta(minutes=1)), now)
