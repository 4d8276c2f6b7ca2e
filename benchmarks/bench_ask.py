"""A warm `ask "usage 30d"` at 10,000 people against its engine queries and its chart alone, in one run.

Exit code 1 when the whole takes more than twice as long as the two together.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from time import perf_counter

import structlog
from lakes import build
from pydantic import SecretStr

from bot.analytics.client import AnalyticsClient
from bot.app.build import Product, product
from bot.app.drawing import DrawingThread
from bot.dispatch.policy import INCLUDES
from bot.lake import Dataset
from bot.metrics.usage import UsageQuestion, daily_sums, presence_words
from bot.model.chat import Asker, Level, Place, Request
from bot.model.timerange import TimeRange
from bot.settings import Settings

NOW = datetime(2026, 10, 21, 15, tzinfo=UTC)
LAST, DAYS, PEOPLE, RUNS, MOST = date(2026, 10, 20), 90, 10_000, 15, 2.0
WINDOW = TimeRange(date(2026, 9, 21), date(2026, 10, 21))


async def main(folder: Path) -> int:
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    build(folder / "lake", PEOPLE, LAST, DAYS, NOW)
    settings = Settings.load(
        workspace_id="6a1f0c52-8d7b-4c1e-9a35-0b6f3d2e7c11",
        analytics_api_key=SecretStr("none"),
        lake_url=str(folder / "lake"),
        state_url=f"sqlite:///{folder}/state.db",
        now=NOW,
    )
    async with product(settings) as built:
        return await compare(built)


async def compare(built: Product) -> int:
    asker = Asker("U1", levels=INCLUDES[Level.ANALYST])
    request = Request("usage 30d", asker, Place("C1"), NOW, id="bench")
    (drawing,) = (await built.dispatcher.run(request)).drawings
    coverage = (await built.analytics.usage(WINDOW)).coverage
    question = UsageQuestion(coverage, WINDOW.before())
    builds = (partial(daily_sums, question=question), partial(presence_words, question=question))
    thread = DrawingThread()
    works: dict[str, Callable[[], Awaitable[object]]] = {
        "engine queries": lambda: anew(built.analytics.reader.query(coverage, Dataset.USAGE, *builds)),
        "chart": lambda: thread.draw(drawing),
        "whole answer": lambda: anew(built.dispatcher.answer(request)),
        "answered again": lambda: built.dispatcher.answer(request),
    }
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(RUNS):
        for name, work in works.items():
            started = perf_counter()
            await work()
            seconds[name].append(perf_counter() - started)
    thread.close()
    return judged({name: statistics.median(values) for name, values in seconds.items()})


async def anew(work: Awaitable[object]) -> None:
    """Without what was computed before."""
    with AnalyticsClient.anew():
        await work


def judged(medians: dict[str, float]) -> int:
    for name, median in medians.items():
        sys.stdout.write(f"{name:16} {median * 1000:8.1f} ms\n")
    ratio = medians["whole answer"] / (medians["engine queries"] + medians["chart"])
    sys.stdout.write(f"whole answer / (engine queries + chart): {ratio:.2f} (at most {MOST:g})\n")
    return int(ratio > MOST)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        sys.exit(asyncio.run(main(Path(name))))
