"""The expressions of the metrics on Apache Spark, over the lake's own files: the same integers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import ibis
import pytest

from bot.engine import Engine
from bot.lake import Dataset, Lake
from bot.metrics import exports, reviews
from bot.metrics.activity import activity_words
from bot.metrics.coverage import Coverage
from bot.metrics.distribution import amounts
from bot.metrics.figures import Metric
from bot.metrics.ranking import RankBy, RankingQuestion, figures_of, ranked, ranked_count
from bot.metrics.teams import person_sums
from bot.metrics.usage import Dimension, UsageQuestion, daily_sums, presence_words
from bot.model.timerange import TimeRange
from tests.handlers.demo import PEOPLE, filled

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    # Spark warns of pandas 3, which Ibis brings; nothing here goes through pandas
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
    # py4j leaves its sockets to the collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

WINDOW = TimeRange(date(2026, 9, 21), date(2026, 10, 21))
BEFORE = WINDOW.before()
COVERAGE = Coverage(WINDOW, WINDOW, WINDOW.last, frozenset((*WINDOW.days(), *BEFORE.days())))
SOMEBODY = PEOPLE["analyst"].user_id


def usage(function: Callable[..., Any], **more: Any) -> Callable[..., Any]:
    return partial(function, question=UsageQuestion(COVERAGE, BEFORE, **more))


def ranking(function: Callable[..., Any], by: RankBy, **more: Any) -> Callable[..., Any]:
    return partial(function, question=RankingQuestion(COVERAGE, by, 10, 0, **more))


EXPRESSIONS: dict[str, tuple[Dataset, Callable[..., Any]]] = {
    "sums": (Dataset.USAGE, usage(daily_sums)),
    "people": (Dataset.USAGE, usage(presence_words)),
    **{f"sums by {by}": (Dataset.USAGE, usage(daily_sums, by=by)) for by in Dimension},
    **{f"people by {by}": (Dataset.USAGE, usage(presence_words, by=by)) for by in Dimension},
    "sums of one": (Dataset.USAGE, usage(daily_sums, by=Dimension.MODEL, user_id=SOMEBODY)),
    "sums through": (Dataset.USAGE, usage(daily_sums, by=Dimension.CLIENT, through="ide")),
    "people through": (Dataset.USAGE, usage(presence_words, by=Dimension.CLIENT, through="ide")),
    **{f"top by {by}": (Dataset.USAGE, ranking(ranked, by)) for by in RankBy if by is not RankBy.STREAK},
    "how many ranked": (Dataset.USAGE, ranking(ranked_count, RankBy.CREDITS)),
    "figures of one": (Dataset.USAGE, ranking(partial(figures_of, user_ids=(SOMEBODY,)), RankBy.STREAK)),
    "teams": (Dataset.USAGE, partial(person_sums, window=WINDOW, against=BEFORE)),
    "credits of each": (Dataset.USAGE, partial(amounts, metric=Metric.CREDITS, window=WINDOW)),
    "activity": (Dataset.USAGE, partial(activity_words, first=BEFORE.start)),
    "reviews": (Dataset.CODE_REVIEWS, reviews.review_days),
    "responses": (Dataset.CODE_REVIEW_RESPONSES, reviews.response_days),
    "export of people": (Dataset.USAGE, partial(exports.sample_of_people, drawn="")),
    "export of parts": (Dataset.USAGE, exports.person_parts),
    "export of days": (Dataset.USAGE, exports.workspace_days),
    "export of reviews": (Dataset.CODE_REVIEWS, exports.review_days),
}


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return filled(tmp_path_factory.mktemp("interop") / "demo").lake()


def teach_bit_or() -> None:
    """Spark has `bit_or`; only Ibis 12 does not know it there (docs/scale.md)."""
    from ibis.backends.sql.compilers.pyspark import PySparkCompiler  # noqa: PLC0415  (only with Spark)

    def visit(self: Any, _op: object, *, arg: Any, where: Any) -> Any:
        return self.agg.bit_or(arg, where=where)

    PySparkCompiler.visit_BitOr = visit


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from pyspark.sql import SparkSession  # noqa: PLC0415  (only where it is installed)

    folder = tmp_path_factory.mktemp("spark")
    settings = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": str(folder),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    session = SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    teach_bit_or()
    yield ibis.pyspark.connect(session)
    session.stop()


def rows(names: list[str], values: list[tuple[Any, ...]]) -> Counter[tuple[Any, ...]]:
    """Rows without an order, columns by name."""
    order = sorted(range(len(names)), key=names.__getitem__)
    return Counter(tuple(row[place] for place in order) for row in values)


def on_spark(
    backend: Any, folder: Path, held: list[Path], build: Callable[..., Any]
) -> Counter[tuple[Any, ...]]:
    files = backend._session.read.option("basePath", str(folder)).parquet(*map(str, held))
    files.createOrReplaceTempView("held")
    found = backend.raw_sql(backend.compile(build(backend.table("held")))).collect()
    return rows(found[0].__fields__, [tuple(row) for row in found]) if found else Counter()


@pytest.mark.parametrize("name", EXPRESSIONS)
async def test_spark_gives_the_same_integers(lake: Lake, spark: Any, name: str) -> None:
    dataset, build = EXPRESSIONS[name]
    engine = Engine(lake.root)
    # expressions are built over the files of their days, as the client chooses them
    held = [lake.path(dataset, day) for day in (*BEFORE.days(), *WINDOW.days())]
    (ours,) = await engine.fetch(dataset, held, build)
    await engine.close()
    values = list(zip(*(column.to_pylist() for column in ours.columns), strict=True))
    assert values
    theirs = on_spark(spark, lake.root / dataset, held, build)
    assert theirs == rows(ours.column_names, values)
