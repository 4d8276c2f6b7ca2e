"""What the lake holds and how good it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.lake import DAY_DATASETS, Dataset, Difference, HeldFile, Lake
from bot.model.timerange import DAY, TimeRange
from bot.sync import DayState, Rules


@dataclass(frozen=True, slots=True)
class DatasetStatus:
    """Days of one dataset. `missing` lie between its first held day and the last complete one."""

    dataset: Dataset
    held_count: int
    first: date | None
    last: date | None
    missing: tuple[date, ...]
    partial: tuple[date, ...]
    unsettled: tuple[date, ...]
    quarantined: tuple[tuple[date, int], ...]
    rows: int
    fetched_at: datetime | None


@dataclass(frozen=True, slots=True)
class DayDifferences:
    """A day whose people's rows do not add up to its workspace row."""

    day: date
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class StatusResult:
    """`compared_count` days were held against their workspace row; `differing` are those that differ.

    `set_aside` counts unreadable files moved to `corrupt/`. Instants are UTC.
    """

    complete_through: date
    synced_at: datetime | None
    datasets: tuple[DatasetStatus, ...]
    compared_count: int
    differing: tuple[DayDifferences, ...]
    people_count: int
    set_aside: int
    first_sync: tuple[int, int] | None = None

    @property
    def missing(self) -> tuple[date, ...]:
        """Days that any dataset misses."""
        return tuple(sorted({day for dataset in self.datasets for day in dataset.missing}))

    @property
    def quarantined(self) -> int:
        """Refused rows of all held days."""
        return sum(count for dataset in self.datasets for _, count in dataset.quarantined)


def lake_status(lake: Lake, rules: Rules, now: datetime, first_sync: tuple[int, int] | None) -> StatusResult:
    """Reads every receipt (cached by the lake); blocking."""
    complete_through = rules.complete_through(now)
    files = {dataset: _all_files(lake, dataset) for dataset in DAY_DATASETS}
    compared = [file.receipt for file in files[Dataset.USAGE] if file.receipt.compared]
    datasets = tuple(_dataset(dataset, found, rules, complete_through) for dataset, found in files.items())
    return StatusResult(
        complete_through,
        max((status.fetched_at for status in datasets if status.fetched_at), default=None),
        datasets,
        len(compared),
        tuple(
            DayDifferences(receipt.day, receipt.differences) for receipt in compared if receipt.differences
        ),
        len(lake.people()),
        lake.set_aside_count(),
        first_sync,
    )


def _all_files(lake: Lake, dataset: Dataset) -> tuple[HeldFile, ...]:
    found = (lake.file(dataset, day) for day in lake.days(dataset))
    return tuple(file for file in found if file is not None)


def _dataset(
    dataset: Dataset, files: tuple[HeldFile, ...], rules: Rules, complete_through: date
) -> DatasetStatus:
    receipts = [file.receipt for file in files]
    days = {receipt.day: rules.state(receipt.day, receipt) for receipt in receipts}
    first = min(days, default=None)
    wanted = TimeRange(first, max(complete_through + DAY, first)) if first else None
    return DatasetStatus(
        dataset,
        len(days),
        first,
        max(days, default=None),
        tuple(day for day in wanted.days() if day not in days) if wanted else (),
        tuple(day for day, state in days.items() if state is DayState.PARTIAL),
        tuple(day for day, state in days.items() if state is DayState.UNSETTLED),
        tuple((receipt.day, receipt.quarantined) for receipt in receipts if receipt.quarantined),
        sum(receipt.rows for receipt in receipts),
        max((receipt.fetched_at for receipt in receipts), default=None),
    )
