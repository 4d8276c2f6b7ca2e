"""The shared analytics client: the only way a handler gets a figure."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial

import pyarrow as pa

from bot.analytics.cover import Cover
from bot.engine import Build, Engine
from bot.lake import Dataset, Lake, Person
from bot.metrics.coverage import Coverage
from bot.metrics.usage import (
    Dimension,
    UsageQuestion,
    UsageResult,
    daily_sums,
    distinct_people,
    distinct_people_by_period,
    usage_result,
)
from bot.model.asked import View
from bot.model.timerange import TimeRange
from bot.sync import Rules, Sync


class AnalyticsClient:
    """Figures of windows, from the days held; missing days not older than 90 are pulled first.

    Every result carries its `coverage`. Without `sync` nothing is pulled. When a pull fails and some days
    are held, the answer stands on those and `coverage.fault` says why; with none held the error is raised:
    NoHistory, or another under Unavailable.
    """

    def __init__(
        self,
        lake: Lake,
        engine: Engine,
        sync: Sync | None,
        *,
        clock: Callable[[], datetime],
        lag_hours: int = 12,
        seats: int | None = None,
    ) -> None:
        self._lake = lake
        self._engine = engine
        self._sync = sync
        self._clock = clock
        self._seats = seats
        self._cover = Cover(lake, sync, clock, sync.rules if sync else Rules(lag_hours=lag_hours))

    async def usage(
        self,
        window: TimeRange,
        by: Dimension | None = None,
        view: View = View.DAILY,
        before: TimeRange | None = None,
        user_id: str | None = None,
    ) -> UsageResult:
        """Totals, series and breakdown of `window`, against `before` (default: as many days just before)."""
        against = window.before() if before is None else before
        coverage = await self._cover.of(window, against, datasets=(Dataset.USAGE,))
        if coverage.shortened and before is None:
            against = coverage.window.before()
        question = UsageQuestion(coverage, against, by, view, user_id)
        builds: list[Build] = [
            partial(daily_sums, question=question),
            partial(distinct_people, question=question),
        ]
        if view is not View.DAILY:
            builds.append(partial(distinct_people_by_period, question=question))
        daily, people, *by_period = await self._query(coverage, Dataset.USAGE, *builds)
        return usage_result(question, daily, people, by_period[0] if by_period else None)

    async def people(self) -> dict[str, Person]:
        """Everyone ever seen, by user id."""
        return await asyncio.to_thread(self._lake.people)

    async def _query(self, coverage: Coverage, dataset: Dataset, *builds: Build) -> tuple[pa.Table, ...]:
        files = [self._lake.path(dataset, file.day) for file in coverage.files if file.dataset is dataset]
        return await self._engine.fetch(dataset, files, *builds)
