from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bot.lake import SCHEMAS, Dataset, Lake, Person, Receipt, days_of, forget
from bot.lake.forgetting import NOTE_KEY
from bot.model.timerange import DAY, TimeRange

NOW = datetime(2026, 10, 21, 15, tzinfo=UTC)
MONDAY = date(2026, 10, 12)
ANA, BEN = "user-ana", "user-ben"


def usage(*users: str) -> pa.Table:
    rows = [
        {
            **dict.fromkeys(SCHEMAS[Dataset.USAGE].names),
            "user_id": user,
            "part_kind": "total",
            "part": "",
            "turns": 3,
            "credits": 1_500_000,
        }
        for user in users
    ]
    return pa.Table.from_pylist(rows, schema=SCHEMAS[Dataset.USAGE])


def receipt(day: date) -> Receipt:
    return Receipt(Dataset.USAGE, day, TimeRange(day, day + DAY), NOW, 1, ("ab" * 32,), 2)


@pytest.fixture
def pulled(lake: Lake) -> Callable[[], None]:
    """What a sync of two days writes: one with Ana and Ben, one with Ben alone."""

    def pull() -> None:
        people = [Person(ANA, "ana@x.example", MONDAY, MONDAY), Person(BEN, "ben@x.example", MONDAY, MONDAY)]
        lake.add_people(people)
        lake.write_day([usage(ANA, BEN)], receipt(MONDAY))
        lake.write_day([usage(BEN)], receipt(MONDAY + DAY))
        refused = {"reason": "x", "row": {"user_id": ANA, "actor": {"user_id": ANA}}}
        lake.write_quarantine(Dataset.USAGE, MONDAY, [refused])

    pull()
    return pull


def everything(root: Path) -> bytes:
    tables = (pq.ParquetFile(path).read().to_pylist() for path in root.rglob("*.parquet"))
    texts = (path.read_bytes() for path in root.rglob("*.json*"))
    return b"".join([json.dumps([*tables], default=str).encode(), *texts])


@pytest.mark.usefixtures("pulled")
def test_nothing_of_a_forgotten_person_is_left(lake: Lake) -> None:
    (lake.root / "corrupt").mkdir()
    (lake.root / "corrupt" / "1_usage").write_bytes(b"user-ana, torn")
    assert days_of(lake, frozenset({ANA})) == 1
    assert forget(lake, frozenset({ANA}), NOW) == 1
    assert b"ana" not in everything(lake.root)
    assert [*lake.people()] == [BEN]
    assert not [*(lake.root / "corrupt").iterdir()]


@pytest.mark.usefixtures("pulled")
def test_figures_and_receipts_stay_and_the_file_says_that_it_was_rewritten(lake: Lake) -> None:
    before = lake.receipt(Dataset.USAGE, MONDAY)
    forget(lake, frozenset({ANA}), NOW)
    file = pq.ParquetFile(lake.path(Dataset.USAGE, MONDAY))
    assert [row["credits"] for row in file.read().to_pylist()] == [1_500_000, 1_500_000]
    assert lake.receipt(Dataset.USAGE, MONDAY) == before
    assert json.loads(file.metadata.metadata[NOTE_KEY.encode()])["at"] == "2026-10-21T15:00:00+00:00"
    untouched = pq.ParquetFile(lake.path(Dataset.USAGE, MONDAY + DAY)).metadata.metadata
    assert NOTE_KEY.encode() not in untouched


def test_pulling_the_same_days_again_brings_nobody_back(lake: Lake, pulled: Callable[[], None]) -> None:
    forget(lake, frozenset({ANA}), NOW)
    pulled()
    assert b"ana" not in everything(lake.root)
    assert pq.ParquetFile(lake.path(Dataset.USAGE, MONDAY)).read()["user_id"].to_pylist() == [
        lake.forgotten.pseudonym(ANA),
        BEN,
    ]


@pytest.mark.usefixtures("pulled")
def test_a_killed_run_can_be_repeated(lake: Lake) -> None:
    forget(lake, frozenset({ANA}), NOW)
    assert forget(lake, frozenset({ANA}), NOW) == 0


def test_a_pseudonym_is_the_same_everywhere_in_a_lake_and_tells_nothing_in_another(
    lake: Lake, tmp_path: Path
) -> None:
    assert lake.forgotten.pseudonym(ANA) == lake.forgotten.pseudonym(ANA)
    assert Lake(tmp_path / "other").forgotten.pseudonym(ANA) != lake.forgotten.pseudonym(ANA)
