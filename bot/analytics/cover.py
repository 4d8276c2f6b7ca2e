"""Which files answer a window: pulled where needed, read from the lake's receipts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Final

from bot.lake import Dataset, HeldFile, Lake, Receipt
from bot.metrics.coverage import Coverage, FileReceipt
from bot.model.errors import NoHistory, PulseError
from bot.model.timerange import TimeRange
from bot.sync import DayState, Rules, Sync, SyncReport

Report = SyncReport | None
_NEWEST_DAYS: Final = 10


class Cover:
    """Makes sure that windows are in the lake, and says what is."""

    def __init__(self, lake: Lake, sync: Sync | None, clock: Callable[[], datetime], rules: Rules) -> None:
        self.rules = rules
        self._lake = lake
        self._sync = sync
        self._clock = clock

    async def of(self, asked: TimeRange, *others: TimeRange, datasets: tuple[Dataset, ...]) -> Coverage:
        """Coverage of `asked`; the days of `others` are pulled and listed in `held` and `files` too.

        Raises NoHistory, or the error of the pull, when no day of `asked` is held.
        """
        report = await self._pulled(asked, others, datasets)
        return await asyncio.to_thread(self._read, asked, others, datasets, report)

    def first_held_day(self, dataset: Dataset = Dataset.USAGE) -> date | None:
        """The oldest day of the lake."""
        return next(iter(self._lake.days(dataset)), None)

    def synced_at(self) -> datetime | None:
        """The newest fetch (UTC) among the newest days of usage."""
        newest = self._lake.days(Dataset.USAGE)[-_NEWEST_DAYS:]
        receipts = (self._lake.receipt(Dataset.USAGE, day) for day in newest)
        return max((receipt.fetched_at for receipt in receipts if receipt), default=None)

    async def _pulled(
        self, asked: TimeRange, others: tuple[TimeRange, ...], datasets: tuple[Dataset, ...]
    ) -> Report:
        if self._sync is None:
            return None
        report = None
        for window in _joined(asked, others):
            found = await self._sync.ensure(window)
            report = (
                found
                if report is None or (found.error_of(*datasets) and not report.error_of(*datasets))
                else report
            )
        return report

    def _read(
        self, asked: TimeRange, others: tuple[TimeRange, ...], datasets: tuple[Dataset, ...], report: Report
    ) -> Coverage:
        files = [file for window in _joined(asked, others) for file in self._files(window, datasets)]
        held = _held_by_all(files, datasets)
        first = self.first_held_day(datasets[0])
        if not any(day in held for day in asked.days()):
            raise _fault(report, datasets) or NoHistory(starts=first)
        window = TimeRange(max(asked.start, min(first or asked.start, asked.last)), asked.end)
        states = self._states(files, window)
        return Coverage(
            window,
            asked,
            self.rules.complete_through(self._clock()),
            held,
            tuple(day for day in window.days() if day not in held),
            _days_in(states, DayState.PARTIAL),
            _days_in(states, DayState.UNSETTLED),
            self.synced_at(),
            first,
            tuple(_file_receipt(file.receipt) for file in files),
            self._sync.first_sync_progress() if self._sync else None,
            _fault(report, datasets),
            report.locked_out if report else False,
        )

    def _files(self, window: TimeRange, datasets: tuple[Dataset, ...]) -> Iterable[HeldFile]:
        return (file for dataset in datasets for file in self._lake.files(dataset, window))

    def _states(self, files: list[HeldFile], window: TimeRange) -> dict[date, set[DayState]]:
        states: dict[date, set[DayState]] = {}
        for file in files:
            day = file.receipt.day
            if day in window:
                states.setdefault(day, set()).add(self.rules.state(day, file.receipt))
        return states


def _fault(report: Report, datasets: tuple[Dataset, ...]) -> PulseError | None:
    return report.error_of(*datasets) if report else None


def _joined(asked: TimeRange, others: tuple[TimeRange, ...]) -> tuple[TimeRange, ...]:
    """The windows, those that touch or overlap made one."""
    joined: list[TimeRange] = []
    for window in sorted((asked, *(other for other in others if other.day_count))):
        if joined and window.start <= joined[-1].end:
            joined[-1] = TimeRange(joined[-1].start, max(joined[-1].end, window.end))
        else:
            joined.append(window)
    return tuple(joined)


def _held_by_all(files: list[HeldFile], datasets: tuple[Dataset, ...]) -> frozenset[date]:
    by_dataset = [{f.receipt.day for f in files if f.receipt.dataset is dataset} for dataset in datasets]
    return frozenset(set.intersection(*by_dataset))


def _days_in(states: dict[date, set[DayState]], state: DayState) -> tuple[date, ...]:
    return tuple(sorted(day for day, found in states.items() if state in found))


def _file_receipt(receipt: Receipt) -> FileReceipt:
    return FileReceipt(receipt.dataset, receipt.day, receipt.rows, receipt.fetched_at, receipt.digest)
