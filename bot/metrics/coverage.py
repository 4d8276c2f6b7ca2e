"""What an answer stands on: its window, the days held, and the files behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.lake.schema import Dataset
from bot.model.errors import PulseError
from bot.model.timerange import TimeRange


@dataclass(frozen=True, slots=True)
class FileReceipt:
    """A lake file behind a figure. `digest` is the sha256 of its receipt, which names its pages."""

    dataset: Dataset
    day: date
    rows: int
    fetched_at: datetime
    digest: str

    @property
    def name(self) -> str:
        """`DATASET/day=YYYY-MM-DD`."""
        return f"{self.dataset}/day={self.day.isoformat()}"


@dataclass(frozen=True, slots=True)
class Coverage:
    """`window` is answered, `asked` was asked: it may begin before `first_held_day`.

    `held` are the days known, also those of the window before. `missing_days`, `partial_days` and
    `unsettled_days` lie in `window`: not held, fetched before complete, fetched before the figures stopped
    moving. `synced_at` (UTC) is the newest fetch of the lake. `first_sync` is (days held, days wanted)
    while the first history is being pulled. `fault` is why a pull failed; `locked_out`: another process
    was pulling.
    """

    window: TimeRange
    asked: TimeRange
    complete_through: date
    held: frozenset[date] = frozenset()
    missing_days: tuple[date, ...] = ()
    partial_days: tuple[date, ...] = ()
    unsettled_days: tuple[date, ...] = ()
    synced_at: datetime | None = None
    first_held_day: date | None = None
    files: tuple[FileReceipt, ...] = ()
    first_sync: tuple[int, int] | None = None
    fault: PulseError | None = None
    locked_out: bool = False

    @property
    def shortened(self) -> bool:
        """True when the answer begins later than asked."""
        return self.window.start > self.asked.start

    def holds(self, window: TimeRange) -> bool:
        """True when every day of `window` is known."""
        return self.held.issuperset(window.days())

    def meets(self, against: TimeRange) -> bool:
        """True when a change against that window is one: both are held whole and no day here still runs."""
        held = self.holds(self.window) and self.holds(against)
        return held and bool(against.day_count) and not self.partial_days
