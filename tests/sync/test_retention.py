from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from bot.analytics.api import AnalyticsApi
from bot.lake import DAY_DATASETS, Dataset, Lake
from bot.model.timerange import DAY, TimeRange
from bot.sync import Rules, Sync

Make = Callable[..., dict[str, Any]]
TODAY = date(2026, 10, 21)
OLDEST = TODAY - 30 * DAY


@pytest.fixture
def keeping(api: AnalyticsApi, lake: Lake, clock: Any) -> Sync:
    return Sync(api, lake, clock=clock, rules=Rules(keep_days=30), lock_wait_seconds=0.05)


async def test_days_that_are_not_kept_are_not_pulled(keeping: Sync, source: Any, lake: Lake) -> None:
    report = await keeping.run()
    assert lake.days(Dataset.USAGE)[0] == report.planned[0] == OLDEST
    source.asked.clear()
    await keeping.ensure(TimeRange(OLDEST - 20 * DAY, OLDEST))
    assert source.asked == []


async def test_the_next_pull_ends_the_history_where_it_is_told_to(
    sync: Sync, keeping: Sync, source: Any, lake: Lake, clock: Any, make_row: Make
) -> None:
    source.rows["usage"] = [
        make_row(OLDEST - DAY, "gone", 3),
        make_row(OLDEST - DAY, "dana", 3),
        make_row(OLDEST - DAY, "bad", -1),
        make_row(OLDEST, "dana", 5),
    ]
    await sync.run()
    refused = lake.root / "quarantine" / f"day={OLDEST - DAY}" / "usage.jsonl"
    assert refused.is_file()
    assert {"dana", "gone"} <= set(lake.people())
    clock.now += timedelta(hours=2)
    await keeping.run()
    assert {dataset: lake.days(dataset)[0] for dataset in DAY_DATASETS} == dict.fromkeys(DAY_DATASETS, OLDEST)
    assert set(lake.people()) == {"dana"}
    assert not refused.exists()
