from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.metrics.coverage import Coverage
from bot.model.timerange import TimeRange

DAY_20, DAY_21 = date(2026, 10, 20), date(2026, 10, 21)
TODAY = TimeRange(DAY_21, date(2026, 10, 22))
YESTERDAY = TimeRange(DAY_20, DAY_21)


@pytest.mark.parametrize(
    ("changes", "compared"),
    [
        ({}, True),
        ({"partial_days": (DAY_21,)}, False),
        ({"held": frozenset({DAY_21})}, False),
        ({"held": frozenset({DAY_20})}, False),
    ],
)
def test_only_whole_windows_are_compared(changes: dict[str, Any], compared: bool) -> None:  # noqa: FBT001  # a table's column
    facts = {"held": frozenset({DAY_20, DAY_21}), **changes}
    assert Coverage(TODAY, TODAY, DAY_20, **facts).meets(YESTERDAY) is compared


def test_no_day_is_nothing_to_compare_with() -> None:
    nothing = TimeRange(DAY_21, DAY_21)
    assert not Coverage(TODAY, TODAY, DAY_20, frozenset({DAY_21})).meets(nothing)
