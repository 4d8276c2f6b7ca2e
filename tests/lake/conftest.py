from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from bot.lake import SCHEMAS, Dataset, Lake, Receipt
from bot.model.timerange import DAY, TimeRange


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


def receipt(day: date, rows: int = 1, dataset: Dataset = Dataset.CODE_REVIEWS) -> Receipt:
    window = TimeRange(day, day + DAY)
    return Receipt(dataset, day, window, datetime(2026, 10, 21, 15, tzinfo=UTC), 1, ("ab" * 32,), rows)


def reviews(count: int) -> pa.Table:
    columns = {name: [count] for name in SCHEMAS[Dataset.CODE_REVIEWS].names}
    return pa.table(columns, schema=SCHEMAS[Dataset.CODE_REVIEWS])


@pytest.fixture
def put(lake: Lake) -> Callable[..., None]:
    def write(day: date, count: int | None = 3) -> None:
        lake.write_day([] if count is None else [reviews(count)], receipt(day, rows=int(count is not None)))

    return write
