"""One run: planned windows fetched side by side, each day written when its window is whole."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from bot.analytics.api import AnalyticsApi, Page
from bot.lake import Dataset, Difference, Lake, Person, Receipt
from bot.model.errors import (
    BadAnswer,
    Forbidden,
    LakeUnwritable,
    PulseError,
    RateLimited,
    SourceMissing,
    TimedOut,
    Unauthorized,
    Unreachable,
)
from bot.model.timerange import DAY, TimeRange
from bot.sync import columns
from bot.sync.day import ReviewDay, UsageDay
from bot.sync.intake import DayRows, Intake
from bot.sync.reconcile import differences
from bot.sync.report import Failure, StageSeconds
from bot.sync.steps import OnStep, Step

HOPELESS: Final = (Unauthorized, RateLimited, Unreachable, TimedOut, LakeUnwritable)
"""After one of these every other window would meet the same."""
HOPELESS_HERE: Final = (Forbidden, SourceMissing)
"""After one of these the other windows of the dataset would meet the same."""
LARGE_ROWS: Final = 10_000
SMALL_WRITES: Final = 6


class Pull:
    """Fetches and writes; keeps the tally of one run."""

    def __init__(
        self,
        api: AnalyticsApi,
        lake: Lake,
        *,
        clock: Callable[[], datetime],
        on_step: OnStep,
        on_day: Callable[[Dataset, date], None],
    ) -> None:
        self._api = api
        self._lake = lake
        self._clock = clock
        self._on_step = on_step
        self._on_day = on_day
        self._large_writes = asyncio.Lock()
        self._small_writes = asyncio.Semaphore(SMALL_WRITES)
        self.failures: list[Failure] = []
        self.seconds = StageSeconds()
        self.rows = self.quarantined = self.differences = 0

    async def windows(self, dataset: Dataset, windows: tuple[TimeRange, ...], parallel: int) -> None:
        """Pulls windows in their order, `parallel` at a time. Failures are kept, not raised."""
        waiting = iter(windows)

        async def work() -> None:
            for window in waiting:
                await self._window(dataset, window)

        async with asyncio.TaskGroup() as group:
            for _ in range(min(parallel, len(windows))):
                group.create_task(work())

    async def _window(self, dataset: Dataset, window: TimeRange) -> None:
        hopeless = next((failure.error for failure in self.failures if _ends(failure, dataset)), None)
        if hopeless is not None:
            self.failures.append(Failure(dataset, window, hopeless))
            return
        intake = Intake(dataset, window, self._new_day(dataset))
        try:
            fetched_at = self._clock()
            await self._read(dataset, window, intake)
            await self._write(intake, fetched_at)
        except PulseError as error:
            self.failures.append(Failure(dataset, window, error))
        except OSError as error:  # the API's own are PulseErrors: this is the disk
            self.failures.append(Failure(dataset, window, LakeUnwritable(type(error).__name__)))
        finally:
            intake.close()

    async def _read(self, dataset: Dataset, window: TimeRange, intake: Intake) -> None:
        async for page in self._pages(dataset, window):
            started = perf_counter()
            await asyncio.to_thread(intake.take, page)
            self.seconds.columns += perf_counter() - started
            self.seconds.fetch += page.fetch_seconds
            self.seconds.decode += page.decode_seconds
            self._on_step(Step.PAGE_READ)
        self._on_step(Step.WINDOW_READ)

    def _pages(self, dataset: Dataset, window: TimeRange) -> AsyncIterator[Page[Any]]:
        match dataset:
            case Dataset.USAGE:
                return self._api.usage(window)
            case Dataset.WORKSPACE_USAGE:
                return self._api.usage(window, group="workspace")
            case Dataset.CODE_REVIEWS:
                return self._api.code_reviews(window)
            case _:
                return self._api.code_review_responses(window)

    def _new_day(self, dataset: Dataset) -> Callable[[], UsageDay | ReviewDay]:
        match dataset:
            case Dataset.CODE_REVIEWS:
                return lambda: ReviewDay(columns.reviews)
            case Dataset.CODE_REVIEW_RESPONSES:
                return lambda: ReviewDay(columns.responses)
            case _:
                folder: Path = self._lake.root / ".spool"
                return lambda: UsageDay(folder)

    async def _write(self, intake: Intake, fetched_at: datetime) -> None:
        known = intake.known_days()
        # before the days: a killed run may leave a person too many, never a day whose people are unknown
        await asyncio.to_thread(self._lake.add_people, _people(intake, known))
        self._on_step(Step.PEOPLE_WRITTEN)
        await asyncio.gather(*(self._write_known(intake, day, fetched_at) for day in known))
        for day in set(intake.window.days()).difference(known):
            self._refuse_day(intake, day)

    async def _write_known(self, intake: Intake, day: date, fetched_at: datetime) -> None:
        rows = intake.days.get(day) or self._new_day(intake.dataset)()
        # small days side by side, because each waits for the disk; of large ones a single day in memory
        async with self._large_writes if rows.row_count > LARGE_ROWS else self._small_writes:
            receipt = await asyncio.to_thread(self._write_day, intake, day, rows, fetched_at)
        self.rows += receipt.rows
        self.quarantined += receipt.quarantined
        self.differences += len(receipt.differences)
        self._on_step(Step.DAY_WRITTEN)
        self._on_day(intake.dataset, day)

    def _refuse_day(self, intake: Intake, day: date) -> None:
        self._lake.write_quarantine(intake.dataset, day, _refused(intake, day))
        self.quarantined += len(intake.refused_on(day))
        refused = BadAnswer(detail="every row of the day was refused")
        self.failures.append(Failure(intake.dataset, TimeRange(day, day + DAY), refused))

    def _write_day(self, intake: Intake, day: date, rows: DayRows, fetched_at: datetime) -> Receipt:
        started = perf_counter()
        compared = self._compared(intake.dataset, day, rows)
        receipt = Receipt(
            intake.dataset,
            day,
            intake.window,
            fetched_at,
            len(intake.page_sha256s),
            tuple(intake.page_sha256s),
            rows.row_count,
            len(intake.refused_on(day)),
            rows.duplicate_count,
            compared is not None,
            compared or (),
        )
        self._lake.write_quarantine(intake.dataset, day, _refused(intake, day))
        self._lake.write_day(rows.tables(), receipt)
        rows.close()
        pa.default_memory_pool().release_unused()
        self.seconds.write += perf_counter() - started
        return receipt

    def _compared(self, dataset: Dataset, day: date, rows: DayRows) -> tuple[Difference, ...] | None:
        path = self._lake.path(Dataset.WORKSPACE_USAGE, day)
        if dataset is not Dataset.USAGE or not isinstance(rows, UsageDay) or not path.is_file():
            return None
        return differences(rows.part, pq.ParquetFile(path).read())


def _ends(failure: Failure, dataset: Dataset) -> bool:
    here = failure.dataset is dataset and isinstance(failure.error, HOPELESS_HERE)
    return here or isinstance(failure.error, HOPELESS)


def _people(intake: Intake, days: Iterable[date]) -> Iterator[Person]:
    if intake.dataset is Dataset.USAGE:
        for day in days:
            rows = intake.days.get(day)
            if isinstance(rows, UsageDay):
                yield from rows.people(day)


def _refused(intake: Intake, day: date) -> list[dict[str, Any]]:
    return [{"reason": refused.reason, "row": refused.row} for refused in intake.refused_on(day)]
