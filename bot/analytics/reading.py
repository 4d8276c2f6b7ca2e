"""The lake's files read through the engine, for one coverage at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from functools import partial, update_wrapper
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast

import pyarrow as pa
import structlog

from bot.analytics.cover import Cover
from bot.analytics.kept import Kept, key_of
from bot.engine import Build, Engine, QueryFailed
from bot.lake import DAY_DATASETS, Dataset, Lake
from bot.metrics.activity import MONTH_DAYS, ActivityGrid, activity_words
from bot.metrics.coverage import Coverage, FileReceipt
from bot.model.timerange import DAY, TimeRange

log = structlog.get_logger(__name__)

P = ParamSpec("P")
T = TypeVar("T")


class Reader:
    """Queries over the files that a coverage names."""

    def __init__(self, lake: Lake, engine: Engine, cover: Cover) -> None:
        self.cover = cover
        self._lake = lake
        self._engine = engine
        self._kept = Kept()

    async def query(self, coverage: Coverage, dataset: Dataset, *builds: Build) -> tuple[pa.Table, ...]:
        """Results of the expressions, in order. Raises QueryFailed when a file cannot be read."""
        files = (file for file in coverage.files if file.dataset is dataset)
        return await self.query_files(dataset, files, *builds)

    async def query_files(
        self, dataset: Dataset, files: Iterable[FileReceipt], *builds: Build
    ) -> tuple[pa.Table, ...]:
        """The same over some of the files."""
        paths = [self._lake.path(dataset, file.day) for file in files]
        keys = await asyncio.to_thread(lambda: [key_of(dataset, paths, build) for build in builds])
        makes = [partial(self._one, dataset, paths, build) for build in builds]
        both = zip(keys, makes, strict=True)
        return tuple([await self._kept.get(key, make) for key, make in both])

    async def _one(self, dataset: Dataset, paths: list[Path], build: Build) -> pa.Table:
        (table,) = await self._engine.fetch(dataset, paths, build)
        return table

    async def grid(self, window: TimeRange, user_id: str | None = None) -> tuple[Coverage, ActivityGrid]:
        """Who was active on which day, of `window` and of the history before it."""
        first = self.cover.first_held_day() or window.start
        history = TimeRange(min(first, window.start, window.end - MONTH_DAYS * DAY), window.end)
        coverage = await self.cover.of(window, history, datasets=(Dataset.USAGE,))
        build = partial(activity_words, first=history.start, user_id=user_id)
        (words,) = await self.query(coverage, Dataset.USAGE, build)
        return coverage, await asyncio.to_thread(ActivityGrid, words, history, coverage.held)

    async def set_damaged_aside(self) -> int:
        """Reads every held file whole; unreadable ones become missing days. Returns how many there were."""
        return await asyncio.to_thread(self._set_damaged_aside)

    def _set_damaged_aside(self) -> int:
        count = 0
        for dataset in DAY_DATASETS:
            days = self._lake.days(dataset)
            if days:
                count += len(self._lake.check(dataset, TimeRange(days[0], days[-1] + DAY)))
        log.warning("lake_checked", damaged=count)
        return count


class HasReader(Protocol):
    """An object whose methods read through `reader`."""

    reader: Reader


S = TypeVar("S", bound=HasReader)


def mended(
    method: Callable[Concatenate[S, P], Awaitable[T]],
) -> Callable[Concatenate[S, P], Coroutine[Any, Any, T]]:
    """Asks again when a file could not be read.

    It may have been replaced just then, or be damaged: then it is set aside and its day is missing, so the
    second answer pulls it again or names the gap.
    """

    async def ask(self: S, *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await method(self, *args, **kwargs)
        except QueryFailed:
            await self.reader.set_damaged_aside()
            return await method(self, *args, **kwargs)

    return cast("Callable[Concatenate[S, P], Coroutine[Any, Any, T]]", update_wrapper(ask, method))
