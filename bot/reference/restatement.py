"""What of a day the API shows at an instant: data arrive late and are corrected for some days.

A person's use arrives up to ``lag_hours`` after it happened. From the day's end + lag on, turns and
threads stay; credits and tokens still grow, and a few people's rows are still missing, until
everything stands four days later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from bot.reference.chance import Floats, Ints, Topic, uniforms
from bot.reference.days import Column
from bot.reference.people import People

SETTLED_STAGE = 4
_HOURS = 24
_WORK_BEGINS, _WORK_HOURS = 6, 13
_LATE_ROWS_UNTIL_STAGE = 2
_LATE_PEOPLE = 0.015
_COUNTS = [Column.TURNS, Column.THREADS]
_VALUES = [Column.CREDITS, Column.ESTIMATE, Column.BILLED, Column.UNCACHED, Column.CACHED, Column.OUTPUT]


@dataclass(frozen=True, slots=True)
class Moment:
    """How far a day has got: whole hours since it began, and days since it was complete (0-4)."""

    hours: int
    stage: int

    @classmethod
    def of(cls, ordinal: int, now: datetime, lag_hours: int) -> Moment:
        """Look at a day at an instant; equal moments show equal values."""
        start = datetime.fromordinal(ordinal).replace(tzinfo=UTC)
        hours = int((now - start).total_seconds() // 3600)
        complete = _HOURS + lag_hours
        stage = min(max((hours - complete) // _HOURS, 0), SETTLED_STAGE)
        return cls(min(hours, complete), stage)

    @property
    def begun(self) -> bool:
        """Whether the day has begun at all."""
        return self.hours >= 0


def visible(people: People, ordinal: int, cells: Ints, moment: Moment, lag_hours: int) -> Ints:
    """Reduce settled cells to what is known at the moment."""
    if not moment.begun:
        return cells[:0]
    if moment.stage == SETTLED_STAGE:
        return cells
    u = uniforms((people.seed, Topic.LATENESS, ordinal), (len(people), 3))[cells[:, Column.PERSON]]
    arrived = _arrived(moment, u[:, 0], lag_hours)
    late = (u[:, 1] < _LATE_PEOPLE) & (moment.stage < _LATE_ROWS_UNTIL_STAGE)
    known = _scaled(cells, arrived, _corrected(moment, u[:, 2]))
    return known[(known[:, Column.TURNS] > 0) & ~late]


def _arrived(moment: Moment, u: Floats, lag_hours: int) -> Floats:
    """Share of a person's day that has arrived: 0 before work begins, 1 after the lag."""
    seen_hours = moment.hours - u**2 * lag_hours
    return ((seen_hours - _WORK_BEGINS) / _WORK_HOURS).clip(0.0, 1.0)


def _corrected(moment: Moment, u: Floats) -> Floats:
    """Share of credits and tokens booked: a third of the people still gain up to 8 %, a few lose 1 %."""
    missing = np.where(u < 0.33, u / 4, np.where(u > 0.95, -0.01, 0.0))  # noqa: PLR2004  # shares of people
    return 1 - missing * (1 - moment.stage / SETTLED_STAGE)


def _scaled(cells: Ints, arrived: Floats, corrected: Floats) -> Ints:
    known = cells.copy()
    for column in _COUNTS:
        known[:, column] = np.floor(cells[:, column] * arrived)
    known[:, Column.THREADS] = np.maximum(known[:, Column.THREADS], 1)
    for column in _VALUES:
        part = np.floor(cells[:, column] * arrived * corrected)
        known[:, column] = np.maximum(part, cells[:, column] > 0)
    return known
