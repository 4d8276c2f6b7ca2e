"""Invented days with a known rhythm, for the metrics that look back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from random import Random

import pytest

MICRO = 1_000_000
FLAT = (100,) * 7
WORKING_WEEK = (110, 120, 120, 115, 90, 15, 10)

DailyMaker = Callable[..., dict[date, int | None]]


def make_daily(kind: str, seed: int, start: date, days: int) -> dict[date, int | None]:
    """Micro-credits a day: `flat`, `weekly` (a working week) or `spike` (that, with a rare fourfold day)."""
    chance = Random(f"{kind}-{seed}")  # noqa: S311  # repeatable, not secret
    rhythm = FLAT if kind == "flat" else WORKING_WEEK
    found: dict[date, int | None] = {}
    for day in (start + timedelta(days=n) for n in range(days)):
        burst = 4 if kind == "spike" and chance.random() < 1 / 50 else 1
        found[day] = round(rhythm[day.weekday()] * MICRO * chance.lognormvariate(0, 0.15) * burst)
    return found


def make_repeated(
    week: Mapping[int, int] | tuple[int, ...], start: date, days: int
) -> dict[date, int | None]:
    """The same week, Monday first, again and again."""
    return {day: week[day.weekday()] for day in (start + timedelta(days=n) for n in range(days))}


@pytest.fixture
def daily() -> DailyMaker:
    return make_daily


@pytest.fixture
def repeated() -> DailyMaker:
    return make_repeated
