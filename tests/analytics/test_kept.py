from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest

from bot.analytics.kept import Kept, anew, key_of
from bot.lake import Dataset


@dataclass
class Engine:
    """Counts what it computes."""

    made: list[str] = field(default_factory=list)
    door: asyncio.Event = field(default_factory=asyncio.Event)
    broken: bool = False

    async def make(self, name: str, rows: int = 1) -> pa.Table:
        self.made.append(name)
        await self.door.wait()
        if self.broken:
            raise ValueError(name)
        return pa.table({"n": list(range(rows))})


@pytest.fixture
def engine() -> Engine:
    engine = Engine()
    engine.door.set()
    return engine


async def ask(kept: Kept, engine: Engine, name: str, rows: int = 1) -> pa.Table:
    return await kept.get(name, partial(engine.make, name, rows))


async def test_the_same_question_is_computed_once(engine: Engine) -> None:
    kept = Kept()
    assert await ask(kept, engine, "a") is await ask(kept, engine, "a")
    assert engine.made == ["a"]


async def test_many_at_once_wait_for_one_and_who_leaves_costs_the_others_nothing(engine: Engine) -> None:
    kept = Kept()
    engine.door.clear()
    tasks = [asyncio.create_task(ask(kept, engine, "a")) for _ in range(5)]
    await asyncio.sleep(0)
    tasks[0].cancel()
    await asyncio.sleep(0)
    engine.door.set()
    done = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(done[0], asyncio.CancelledError)
    assert all(isinstance(table, pa.Table) for table in done[1:])
    assert engine.made == ["a"]


async def test_a_failure_is_not_kept(engine: Engine) -> None:
    kept = Kept()
    engine.broken = True
    with pytest.raises(ValueError, match="a"):
        await ask(kept, engine, "a")
    engine.broken = False
    assert (await ask(kept, engine, "a")).num_rows == 1


async def test_the_oldest_go_by_number_and_by_size(engine: Engine) -> None:
    kept = Kept(most=2)
    for name in "abcba":
        await ask(kept, engine, name)
    assert engine.made == ["a", "b", "c", "a"]
    small = Kept(most_bytes=1000)
    engine.made.clear()
    for name in ("large", "tiny", "large"):
        await ask(small, engine, name, rows=200 if name == "large" else 1)
    assert engine.made == ["large", "tiny", "large"]


async def test_a_check_computes_anew(engine: Engine) -> None:
    kept = Kept()
    await ask(kept, engine, "a")
    with anew():
        await ask(kept, engine, "a")
    assert engine.made == ["a", "a"]


def question(table: object, day: int) -> object:
    return table, day


def test_a_key_tells_expressions_and_files_apart(tmp_path: Path) -> None:
    path = tmp_path / "part.parquet"
    path.write_bytes(b"one")
    key = key_of(Dataset.USAGE, [path], partial(question, day=1))
    assert key == key_of(Dataset.USAGE, [path], partial(question, day=1))
    assert key != key_of(Dataset.USAGE, [path], partial(question, day=2))
    assert key != key_of(Dataset.CODE_REVIEWS, [path], partial(question, day=1))
    path.write_bytes(b"other")
    assert key != key_of(Dataset.USAGE, [path], partial(question, day=1))
    path.unlink()
    assert key != key_of(Dataset.USAGE, [path], partial(question, day=1))


def test_an_expression_that_cannot_be_told_apart_has_no_key(tmp_path: Path) -> None:
    day = int("1")
    assert key_of(Dataset.USAGE, [tmp_path], lambda table: (table, day)) is None
    assert key_of(Dataset.USAGE, [tmp_path], question) is not None


def test_nor_has_one_whose_arguments_are_not_values(tmp_path: Path) -> None:
    assert key_of(Dataset.USAGE, [tmp_path], partial(question, team_of={"u1": "Web"})) is None
