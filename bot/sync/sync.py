"""Keeps the lake up to date: what is missing or unsettled, newest first, one run at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

import structlog

from bot.analytics.api import AnalyticsApi, earliest_day
from bot.lake import DAY_DATASETS, Dataset, Lake, LakeLocked, delete_before
from bot.lake.lock import WAIT_SECONDS
from bot.model.errors import LakeUnwritable, TooOld
from bot.model.timerange import DAY, TimeRange
from bot.sync.plan import Rules, today_utc, windows
from bot.sync.pull import Pull
from bot.sync.report import Failure, Progress, SyncReport
from bot.sync.steps import OnStep, Step, no_step
from bot.sync.tally import Plan, Tally

log = structlog.get_logger(__name__)

USAGE_WINDOW_DAYS: Final = 3
OTHER_WINDOW_DAYS: Final = 90
LARGE_DAY_ROWS: Final = 1_000
FIRST_ANSWER_DAYS: Final = 7
PAUSE: Final = timedelta(minutes=1)
"""How long questions leave a dataset alone that has just failed; `run` always tries."""


class Sync:
    """Pulls whole UTC days. One run at a time in this process, and one across processes (file lock).

    A killed run leaves whole days only; the next run goes on where it ended.
    """

    def __init__(
        self,
        api: AnalyticsApi,
        lake: Lake,
        *,
        clock: Callable[[], datetime],
        rules: Rules | None = None,
        parallel: int = 8,
        lock_wait_seconds: float = WAIT_SECONDS,
        on_step: OnStep = no_step,
    ) -> None:
        self.rules = rules or Rules()
        self._api = api
        self._lake = lake
        self._clock = clock
        self._parallel = parallel
        self._lock_wait_seconds = lock_wait_seconds
        self._on_step = on_step
        self._changed = asyncio.Condition()
        self._busy = False
        self._in_background = False
        self._failed: dict[Dataset, tuple[datetime, Failure]] = {}

    async def run(self, since: date | None = None, progress: Progress | None = None) -> SyncReport:
        """Pulls everything due from `since` (default: as far back as the API goes) to the last complete day.

        Days older than the rules keep are not pulled, and deleted with each pull. Failures are in the report.
        Raises TooOld when `since` is older than the API answers for.
        """
        now = self._clock()
        earliest = earliest_day(now)
        if since is not None and since < earliest:
            raise TooOld(earliest=earliest)
        end = self.rules.complete_through(now) + DAY
        start = min(max(since or earliest, self.rules.first_kept(now)), end)
        return await self._alone(TimeRange(start, end), progress, background=True)

    async def ensure(self, window: TimeRange, progress: Progress | None = None) -> SyncReport:
        """Pulls what is due in `window`, days that are not complete included.

        Nothing older than the API answers for or the rules keep. While `run` pulls the history this returns
        as soon as the window is there, or on a first sync its newest seven days. Failures are in the report.
        """
        now = self._clock()
        start = max(window.start, self._oldest(now))
        end = min(window.end, today_utc(now) + DAY)
        if start >= end:
            return SyncReport(now)
        return await self._alone(TimeRange(start, end), progress, background=False)

    def first_sync_progress(self) -> tuple[int, int] | None:
        """Days held and days wanted while the first history is being pulled, else None."""
        if not self._in_background:
            return None
        now = self._clock()
        window = TimeRange(self._oldest(now), self.rules.complete_through(now) + DAY)
        held = len(self._lake.held(Dataset.USAGE, window))
        return (held, window.day_count) if held < window.day_count else None

    async def _alone(self, window: TimeRange, progress: Progress | None, *, background: bool) -> SyncReport:
        async with self._changed:
            await self._changed.wait_for(lambda: not self._busy or (not background and self._enough(window)))
            if self._busy:
                return SyncReport(self._clock())
            self._busy, self._in_background = True, background
        try:
            return await self._pull(window, progress)
        finally:
            self._busy = self._in_background = False
            async with self._changed:
                self._changed.notify_all()

    async def _pull(self, window: TimeRange, progress: Progress | None) -> SyncReport:
        started_at = self._clock()
        paused = self._paused(started_at)
        if not self._due(window, started_at, paused):
            return SyncReport(started_at, failures=tuple(paused.values()))
        try:
            async with self._lake.write_lock(self._lock_wait_seconds):
                self._on_step(Step.LOCKED)
                self._lake.sweep()
                if self.rules.keep_days:
                    await asyncio.to_thread(delete_before, self._lake, self.rules.first_kept(started_at))
                # the process that held the lock before may have pulled the very days
                report = await self._pull_plan(self._due(window, started_at, paused), started_at, progress)
        except LakeLocked:
            report = SyncReport(started_at, locked_out=True)
        except OSError as error:
            report = _unwritable(self._due(window, started_at, paused), started_at, error)
        kept = {dataset: self._failed[dataset] for dataset in paused}
        failed = {failure.dataset: (self._clock(), failure) for failure in reversed(report.failures)}
        self._failed = kept | failed
        _log_done(report)
        return replace(report, failures=(*report.failures, *paused.values()))

    async def _pull_plan(self, plan: Plan, started_at: datetime, progress: Progress | None) -> SyncReport:
        planned = tuple(sorted({day for days in plan.values() for day in days}))
        tally = Tally(plan, progress)
        pull = Pull(self._api, self._lake, clock=self._clock, on_step=self._on_step, on_day=tally.day_written)
        async with asyncio.TaskGroup() as group:
            notifier = group.create_task(self._notify(tally))
            await self._pull_windows(pull, plan, earliest_day(started_at))
            notifier.cancel()
        self._on_step(Step.FINISHED)
        return SyncReport(
            started_at,
            planned,
            tuple(sorted(set(planned) - tally.open_days())),
            tuple(pull.failures),
            pull.rows,
            pull.quarantined,
            pull.differences,
            seconds=pull.seconds,
        )

    async def _pull_windows(self, pull: Pull, plan: Plan, edge: date) -> None:
        """Whether the API still answers for `edge` may depend on the hour: a refusal costs no other day."""
        # the small datasets first: a day of people is compared with its workspace row when it is written
        others = [dataset for dataset in plan if dataset is not Dataset.USAGE]
        await asyncio.gather(
            *(pull.windows(other, windows(plan[other], OTHER_WINDOW_DAYS, edge), 1) for other in others)
        )
        usage = plan.get(Dataset.USAGE, ())
        await pull.windows(Dataset.USAGE, windows(usage, self._usage_days(usage), edge), self._parallel)

    async def _notify(self, tally: Tally) -> None:
        while True:
            await tally.changed.wait()
            tally.changed.clear()
            async with self._changed:
                self._changed.notify_all()

    def _oldest(self, now: datetime) -> date:
        return max(earliest_day(now), self.rules.first_kept(now))

    def _usage_days(self, days: tuple[date, ...]) -> int:
        """Days of a usage window: a day that fills pages of its own is asked for alone, side by side."""
        newest = (self._lake.receipt(Dataset.USAGE, day) for day in days)
        largest = max((receipt.rows for receipt in newest if receipt), default=0)
        return 1 if largest > LARGE_DAY_ROWS else USAGE_WINDOW_DAYS

    def _paused(self, now: datetime) -> dict[Dataset, Failure]:
        if self._in_background:
            return {}
        return {dataset: failure for dataset, (at, failure) in self._failed.items() if now - at < PAUSE}

    def _due(self, window: TimeRange, now: datetime, but: Iterable[Dataset] = ()) -> Plan:
        plan = {
            dataset: tuple(
                day for day in window.days() if self.rules.due(day, self._lake.receipt(dataset, day), now)
            )
            for dataset in DAY_DATASETS
            if dataset not in but
        }
        return {dataset: days for dataset, days in plan.items() if days}

    def _enough(self, window: TimeRange) -> bool:
        if not self._in_background:
            return False
        now = self._clock()
        if not self._due(window, now):
            return True
        complete = min(window.end, self.rules.complete_through(now) + DAY)
        newest = TimeRange(max(window.start, min(complete, complete - FIRST_ANSWER_DAYS * DAY)), complete)
        return len(self._lake.held(Dataset.USAGE, newest)) == newest.day_count


def _log_done(report: SyncReport) -> None:
    log.info(
        "sync_done",
        days=len(report.written),
        missing=len(report.missing),
        rows=report.rows,
        quarantined=report.quarantined,
        locked_out=report.locked_out,
    )


def _unwritable(plan: Plan, started_at: datetime, error: OSError) -> SyncReport:
    """Not even the lock or the first folder could be written."""
    reason = LakeUnwritable(type(error).__name__)
    spans = {dataset: TimeRange(min(days), max(days) + DAY) for dataset, days in plan.items()}
    planned = tuple(sorted({day for days in plan.values() for day in days}))
    failures = tuple(Failure(dataset, span, reason) for dataset, span in spans.items())
    return SyncReport(started_at, planned, failures=failures)
