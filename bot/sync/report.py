"""What a sync did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.lake import Dataset
from bot.model.errors import PulseError
from bot.model.timerange import TimeRange

Progress = Callable[[int, int, date], None]
"""Called with days done, days planned and the day just written."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A window of a dataset that could not be had."""

    dataset: Dataset
    window: TimeRange
    error: PulseError


@dataclass(slots=True)
class StageSeconds:
    """Seconds spent per stage, summed over windows that ran side by side: waits are counted as often."""

    fetch: float = 0.0
    decode: float = 0.0
    columns: float = 0.0
    write: float = 0.0


@dataclass(frozen=True, slots=True)
class SyncReport:
    """`locked_out` tells that another process was writing for longer than the allowed wait."""

    started_at: datetime
    planned: tuple[date, ...] = ()
    written: tuple[date, ...] = ()
    failures: tuple[Failure, ...] = ()
    rows: int = 0
    quarantined: int = 0
    differences: int = 0
    locked_out: bool = False
    seconds: StageSeconds = field(default_factory=StageSeconds, compare=False)

    @property
    def missing(self) -> tuple[date, ...]:
        """Planned days that were not written, oldest first."""
        return tuple(sorted(set(self.planned) - set(self.written)))

    @property
    def error(self) -> PulseError | None:
        """The first failure, if any."""
        return self.error_of(*(failure.dataset for failure in self.failures))

    def error_of(self, *datasets: Dataset) -> PulseError | None:
        """The first failure of these datasets, if any."""
        return next((failure.error for failure in self.failures if failure.dataset in datasets), None)
