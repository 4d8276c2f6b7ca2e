"""Figures that take more than one query: how use is spread, who stays, two windows side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from bot.analytics.reading import Reader
from bot.engine import Build
from bot.lake import Dataset, Person
from bot.metrics.activity import MONTH_DAYS, WEEK_DAYS, ActivityGrid, as_of_day, ending, l_histogram
from bot.metrics.coverage import Coverage
from bot.metrics.distribution import (
    DistributionResult,
    Spread,
    amounts,
    segment_window,
    segments,
    spread,
)
from bot.metrics.figures import Metric
from bot.metrics.retention import RetentionResult, retention_result
from bot.model.timerange import TimeRange


async def beside(
    reader: Reader, window: TimeRange, before: TimeRange | None, *datasets: Dataset
) -> tuple[Coverage, TimeRange]:
    """The coverage of `window`, and what it is compared with: `before`, else as many days just before."""
    against = window.before() if before is None else before
    coverage = await reader.cover.of(window, against, datasets=datasets)
    return coverage, coverage.window.before() if coverage.shortened and before is None else against


async def retention(reader: Reader, window: TimeRange, before: TimeRange | None) -> RetentionResult:
    """Cohorts of `window` and of the window before it."""
    coverage, grid = await reader.grid(window)
    against = before or coverage.window.before()
    return await asyncio.to_thread(retention_result, coverage, against, grid)


async def distribution(
    reader: Reader,
    window: TimeRange,
    metric: Metric,
    before: TimeRange | None,
    people: Callable[[], Awaitable[Mapping[str, Person]]],
    power_turns: int,
) -> DistributionResult:
    """How `metric` is spread over people, how many days they were active, and their segments."""
    coverage, grid = await reader.grid(window)
    against = before or coverage.window.before()
    weeks = segment_window(as_of := as_of_day(coverage))
    asked = (metric, coverage.window), (metric, against), (Metric.TURNS, weeks)
    now, earlier, turns = await _amounts(reader, coverage, *asked)
    seen = sum(1 for person in (await people()).values() if person.first_seen_day < weeks.end)
    return DistributionResult(
        coverage,
        against,
        metric,
        as_of,
        spread(now),
        _known_spread(coverage, against, earlier),
        *_habits(grid, as_of),
        segments(grid, {row["user_id"]: row["amount"] for row in turns}, weeks, seen, power_turns),
        power_turns,
    )


def _habits(grid: ActivityGrid, as_of: date) -> tuple[tuple[int, ...] | None, tuple[int, ...] | None]:
    return l_histogram(grid, ending(as_of, WEEK_DAYS)), l_histogram(grid, ending(as_of, MONTH_DAYS))


def _known_spread(coverage: Coverage, window: TimeRange, rows: list[dict[str, Any]]) -> Spread | None:
    return spread(rows) if coverage.meets(window) else None


async def _amounts(
    reader: Reader, coverage: Coverage, *asked: tuple[Metric, TimeRange]
) -> list[list[dict[str, Any]]]:
    builds: list[Build] = [partial(amounts, metric=metric, window=window) for metric, window in asked]
    tables = await reader.query(coverage, Dataset.USAGE, *builds)
    return [table.to_pylist() for table in tables]
