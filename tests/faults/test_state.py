"""A state database that is locked, full or gone: the person is told, nothing is done twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.model.chat import Refusal, RefusalCode, Reply
from bot.model.errors import StateAway
from bot.state.away import is_away
from bot.state.engine import StateDb
from tests.faults.conftest import World
from tests.faults.test_api import TURNS_A_DAY, turns


@pytest.fixture(autouse=True)
def _little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.state.engine.BUSY_TIMEOUT_SECONDS", 0.1)


@pytest.fixture
def locked(tmp_path: Path, world: World) -> Iterator[sqlite3.Connection]:
    """Somebody else is in the middle of writing."""
    del world
    with closing(sqlite3.connect(tmp_path / "state.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


async def test_figures_are_answered_without_a_receipt(world: World, locked: sqlite3.Connection) -> None:
    answer = await world.ask()
    assert turns(answer) == 7 * TURNS_A_DAY
    assert isinstance(answer, Reply)
    assert answer.footer.receipt is None
    locked.execute("ROLLBACK")
    answer = await world.ask()
    assert isinstance(answer, Reply)
    assert answer.footer.receipt


async def test_what_has_to_be_written_is_refused_and_works_later(
    world: World, locked: sqlite3.Connection
) -> None:
    told = await world.ask("subscribe digest weekly")
    assert isinstance(told, Refusal)
    assert told.code is RefusalCode.UNAVAILABLE
    assert "database" in told.message
    locked.execute("ROLLBACK")
    assert isinstance(await world.ask("subscribe digest weekly"), Reply)
    listed = await world.ask("subscriptions")
    assert isinstance(listed, Reply)
    assert listed.table is not None
    assert len(listed.table.rows) == 1


def sqlite_error(text: str, code: int) -> OperationalError:
    cause = sqlite3.OperationalError(text)
    cause.sqlite_errorcode = code
    cause.sqlite_errorname = {5: "SQLITE_BUSY", 13: "SQLITE_FULL", 8: "SQLITE_READONLY", 1: "SQLITE_ERROR"}[
        code
    ]
    return OperationalError("INSERT", {}, cause)


@pytest.mark.parametrize("code", [5, 13, 8])
def test_locked_full_and_read_only_are_away(code: int) -> None:
    assert is_away(sqlite_error("x", code))


def test_a_wrong_statement_is_our_bug() -> None:
    assert not is_away(sqlite_error("no such table", 1))
    assert not is_away(ValueError())


class PostgresError(Exception):
    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("sqlstate", "away"),
    [("57P01", True), ("53100", True), ("08006", True), ("25006", True), ("42P01", False), ("23505", False)],
)
def test_postgres_says_by_its_code(sqlstate: str, away: bool) -> None:  # noqa: FBT001
    assert is_away(DBAPIError("SELECT", {}, PostgresError(sqlstate))) is away


async def test_a_server_that_is_not_there_is_away() -> None:
    db = StateDb("postgresql+asyncpg://nobody@127.0.0.1:1/nothing")
    with pytest.raises(StateAway):
        await db.open()
    await db.close()


async def test_a_file_that_is_no_database_is_away(tmp_path: Path) -> None:
    (tmp_path / "state.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(StateAway):
        await StateDb(f"sqlite:///{tmp_path}/state.db").open()
