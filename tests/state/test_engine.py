from __future__ import annotations

import asyncio
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from bot.model.errors import BadSetting
from bot.state.engine import StateDb, state_url
from bot.state.tables import LEASES, SEEN

# Reads first and writes after it: the order in which deferred transactions fail each other.
COUNTER = """
import asyncio, sys
from datetime import UTC, datetime
from sqlalchemy import select, update
from bot.state.columns import insert_new
from bot.state.engine import StateDb
from bot.state.tables import LEASES

async def main(url, turns):
    async with StateDb(url) as db:
        for _ in range(turns):
            async with db.write(lock="count") as c:
                first = {"name": "n", "owner": "0", "until": datetime(2026, 1, 1, tzinfo=UTC)}
                await insert_new(c, LEASES, first)
                held = (await c.execute(select(LEASES.c.owner).where(LEASES.c.name == "n"))).scalar_one()
                await c.execute(update(LEASES).where(LEASES.c.name == "n").values(owner=str(int(held) + 1)))

asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""


def test_three_processes_write_without_losing_a_turn_or_a_lock(state_url: str) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", COUNTER, state_url, "50"]) for _ in range(3)]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0, 0]

    async def total() -> str:
        async with StateDb(state_url) as db, db.read() as connection:
            return str((await connection.execute(select(LEASES.c.owner))).scalar_one())

    assert asyncio.run(total()) == "150"


async def test_sqlite_writers_begin_immediately_in_wal_with_ten_seconds_of_patience(tmp_path: Path) -> None:
    async with StateDb(f"sqlite:///{tmp_path}/state.db") as db, db.write() as connection:
        assert (await connection.execute(text("PRAGMA journal_mode"))).scalar_one() == "wal"
        assert (await connection.execute(text("PRAGMA busy_timeout"))).scalar_one() == 10_000
        other = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('BEGIN IMMEDIATE')",
            f"{tmp_path}/state.db",
            stderr=asyncio.subprocess.PIPE,
        )
        _, stderr = await other.communicate()
    assert b"database is locked" in stderr


async def test_a_reader_cannot_write(db: StateDb) -> None:
    with pytest.raises(DBAPIError, match=r"read-?only"):
        async with db.read() as connection:
            await connection.execute(text("DELETE FROM seen"))
    async with db.write() as connection:
        await connection.execute(text("DELETE FROM seen"))


async def test_an_exception_rolls_the_transaction_back(db: StateDb, now: datetime) -> None:
    async def fail() -> None:
        async with db.write() as connection:
            await connection.execute(SEEN.insert().values(key="a", at=now))
            raise KeyError

    with pytest.raises(KeyError):
        await fail()
    async with db.read() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM seen"))).scalar_one() == 0


async def test_opening_again_keeps_what_is_there(state_url: str) -> None:
    for _ in range(2):
        async with StateDb(state_url) as db, db.write() as connection:
            await connection.execute(LEASES.insert().values(name=str(id(db)), owner="a", until=func.now()))
    async with StateDb(state_url) as db, db.read() as connection:
        assert (await connection.execute(select(func.count()).select_from(LEASES))).scalar_one() == 2


async def test_a_database_that_is_not_open_says_so(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="not open"):
        async with StateDb(f"sqlite:///{tmp_path}/state.db").read():
            pass


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("data/state.db", "sqlite+aiosqlite:///data/state.db"),
        ("sqlite:////var/lib/pulse/state.db", "sqlite+aiosqlite:////var/lib/pulse/state.db"),
        ("postgresql://u@h/d", "postgresql+asyncpg://u@h/d"),
        ("postgresql+asyncpg://u@h/d", "postgresql+asyncpg://u@h/d"),
    ],
)
def test_a_url_gets_the_driver_that_belongs_to_it(given: str, used: str) -> None:
    assert state_url(given).render_as_string(hide_password=False) == used


@pytest.mark.parametrize(
    "given", ["mysql://u@h/d", "sqlite://", "sqlite:///:memory:", "", "nonsense://", "a://b:c:d"]
)
def test_another_kind_of_database_is_a_bad_setting(given: str) -> None:
    with pytest.raises(BadSetting, match="PULSE_STATE_URL"):
        state_url(given)
