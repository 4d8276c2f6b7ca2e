"""How far a run has come."""

from __future__ import annotations

import asyncio
from datetime import date

from bot.lake import Dataset
from bot.sync.report import Progress

Plan = dict[Dataset, tuple[date, ...]]


class Tally:
    """Which planned files are still open, and who wants to hear of it."""

    def __init__(self, plan: Plan, progress: Progress | None) -> None:
        self.changed = asyncio.Event()
        self._open = {(dataset, day) for dataset, days in plan.items() for day in days}
        self._day_count = len({day for _, day in self._open})
        self._progress = progress

    def day_written(self, dataset: Dataset, day: date) -> None:
        """Notes a written file."""
        self._open.discard((dataset, day))
        if self._progress is not None and dataset is Dataset.USAGE:
            self._progress(self._day_count - len(self.open_days()), self._day_count, day)
        self.changed.set()

    def open_days(self) -> set[date]:
        """Days of which a file is still to be written."""
        return {day for _, day in self._open}
