from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from bot.state import migrations
from bot.state.approvals import Approvals, NewApproval
from bot.state.engine import StateDb
from bot.state.holds import Holds
from bot.state.siem import SiemFiles
from bot.state.tables import METADATA
from bot.state.trail import Trail
from bot.state.trailheads import TrailHeads


async def test_the_migrations_make_exactly_the_tables_of_the_code(db: StateDb) -> None:
    def differences(connection: Connection) -> list[object]:
        return compare_metadata(MigrationContext.configure(connection), METADATA)

    async with db.write() as connection:
        assert await connection.run_sync(differences) == []


def test_the_newest_version_is_the_one_the_code_knows() -> None:
    assert ScriptDirectory(str(Path(migrations.__file__).parent)).get_heads() == [migrations.HEAD]


async def test_a_database_made_before_is_brought_up_to_date(state_url: str) -> None:
    async with StateDb(state_url) as db, db.write() as connection:
        await connection.execute(text("DELETE FROM alembic_version"))
        for table in reversed(METADATA.sorted_tables):
            await connection.execute(text(f"DROP TABLE {table.name}"))
        if not db.is_sqlite:
            await connection.execute(text("DROP FUNCTION trail_append_only"))
    async with StateDb(state_url) as db, db.read() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM trail"))).scalar_one() == 0


async def test_a_database_of_before_governance_keeps_its_rows(
    state_url: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = command.upgrade
    with monkeypatch.context() as older:
        older.setattr(command, "upgrade", lambda config, _: real(config, "v0002"))
        async with StateDb(state_url) as db:
            await Trail(db).append("U1", "look-up", {"n": 1}, now)
            asked = await Approvals(db).request(NewApproval("U1", "{}", "why"), now)
            async with db.read() as connection:
                held = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    assert not {"holds", "siem_files", "trail_heads"} & set(held)
    async with StateDb(state_url) as db:
        assert (await Trail(db).verify()).seq == 1
        assert await Approvals(db).get(asked.number) == asked
        assert await Holds(db).standing() == ()
        assert await SiemFiles(db).counts() == {}
        assert await TrailHeads(db).all() == ()


def test_a_database_that_is_up_to_date_opens_without_alembic(tmp_path: Path) -> None:
    script = (
        "import asyncio, sys; from bot.state.engine import StateDb\n"
        "async def main():\n"
        "    async with StateDb(sys.argv[1]): pass\n"
        "asyncio.run(main()); print('alembic' in sys.modules)"
    )
    line = [sys.executable, "-c", script, f"sqlite:///{tmp_path}/state.db"]
    runs = [subprocess.run(line, check=True, capture_output=True, text=True).stdout for _ in range(2)]
    assert runs == ["True\n", "False\n"]
