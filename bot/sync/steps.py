"""Named points of a sync, where tests kill the process."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum


class Step(StrEnum):
    """What is about to happen, or has just happened."""

    LOCKED = "locked"
    PAGE_READ = "page_read"
    WINDOW_READ = "window_read"
    PEOPLE_WRITTEN = "people_written"
    DAY_WRITTEN = "day_written"
    FINISHED = "finished"


OnStep = Callable[[Step], None]


def no_step(step: Step) -> None:
    """The hook of everyday runs."""
    del step
