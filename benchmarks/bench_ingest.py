"""Decode + columns + Parquet of 1,000-row pages against the typed decode of the same pages alone.

Exit code 1 when it takes more than 4 times as long.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from pages import page

from bot.analytics.api.endpoints import USAGE
from bot.lake import Dataset, Lake, Receipt
from bot.model.timerange import DAY, TimeRange
from bot.sync.day import UsageDay

PAGES, ROWS, ROUNDS, MOST = 20, 1_000, 7, 4.0
TODAY = date(2026, 10, 20)
START = int(datetime(2026, 10, 20, tzinfo=UTC).timestamp())


def decode(bodies: list[bytes]) -> None:
    for body in bodies:
        USAGE.decode(body)


def ingest(bodies: list[bytes], lake: Lake) -> None:
    day = UsageDay(lake.root / "spool")
    for body in bodies:
        envelope, _ = USAGE.decode(body)
        day.add(envelope.data)
    receipt = Receipt(Dataset.USAGE, TODAY, TimeRange(TODAY, TODAY + DAY), datetime.now(UTC), PAGES, (), 0)
    lake.write_day(day.tables(), receipt)
    day.close()


def seconds(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> int:
    bodies = [page(START, number * ROWS, ROWS) for number in range(PAGES)]
    with tempfile.TemporaryDirectory() as folder:
        lake = Lake(Path(folder))
        ingest(bodies, lake)
        pairs = [
            (seconds(lambda: decode(bodies)), seconds(lambda: ingest(bodies, lake))) for _ in range(ROUNDS)
        ]
    alone, whole = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(whole / alone for alone, whole in pairs)
    print(f"page of {ROWS} rows: typed decode {alone / PAGES * 1e3:.2f} ms, ", end="")
    print(f"decode + columns + Parquet {whole / PAGES * 1e3:.2f} ms, ratio {ratio:.2f} (at most {MOST})")
    return 0 if ratio <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
