"""Raw rows in a lake asked through the real engine, and invented days with a known rhythm."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest

from bot.analytics.api.wire import ReviewResponseRow, ReviewRow, UsageRow
from bot.engine import Engine
from bot.lake import Dataset, Lake, Receipt
from bot.metrics.coverage import Coverage
from bot.model.timerange import DAY, TimeRange
from bot.sync import columns
from bot.sync.day import ReviewDay, UsageDay

COMPLETE_THROUGH = date(2027, 1, 1)
Raw = dict[str, Any]


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = Engine(tmp_path_factory.getbasetemp())
    yield engine
    asyncio.run(engine.close())


class Workspace:
    """A lake filled with raw rows; every day of `held` is known."""

    def __init__(self, root: Path, engine: Engine) -> None:
        self.lake = Lake(root)
        self.engine = engine

    def put(self, rows: Iterable[Raw], held: TimeRange, dataset: Dataset = Dataset.USAGE) -> None:
        rows = list(rows)
        for day in held.days():
            second = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
            self._put_day(day, [row for row in rows if row["start_time"] == second], dataset)

    def _put_day(self, day: date, rows: list[Raw], dataset: Dataset) -> None:
        into: UsageDay | ReviewDay
        match dataset:
            case Dataset.USAGE:
                into = UsageDay(self.lake.root / "spool")
                into.add(msgspec.convert(rows, tuple[UsageRow, ...], strict=False))
            case Dataset.CODE_REVIEWS:
                into = ReviewDay(columns.reviews)
                into.add(msgspec.convert(rows, tuple[ReviewRow, ...]))
            case _:
                into = ReviewDay(columns.responses)
                into.add(msgspec.convert(rows, tuple[ReviewResponseRow, ...]))
        fetched_at = datetime(2027, 1, 1, tzinfo=UTC)
        receipt = Receipt(dataset, day, TimeRange(day, day + DAY), fetched_at, 1, (), len(rows))
        self.lake.write_day(into.tables(), receipt)

    async def ask(self, *builds: Any, dataset: Dataset = Dataset.USAGE) -> tuple[Any, ...]:
        files = [self.lake.path(dataset, day) for day in self.lake.days(dataset)]
        return await self.engine.fetch(dataset, files, *builds)

    def coverage(self, window: TimeRange, dataset: Dataset = Dataset.USAGE) -> Coverage:
        held = frozenset(self.lake.days(dataset))
        return Coverage(window, window, COMPLETE_THROUGH, held)


@pytest.fixture
def workspace(tmp_path: Path, engine: Engine) -> Workspace:
    return Workspace(tmp_path, engine)


@pytest.fixture
def new_workspace(tmp_path_factory: pytest.TempPathFactory, engine: Engine) -> Callable[[], Workspace]:
    return lambda: Workspace(tmp_path_factory.mktemp("lake"), engine)


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
