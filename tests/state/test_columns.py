from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from bot.state.columns import insert_new
from bot.state.engine import StateDb
from bot.state.tables import SEEN


async def test_an_instant_comes_back_in_utc_whatever_its_zone_was(db: StateDb) -> None:
    at = datetime(2026, 10, 21, 23, 30, 0, 123456, tzinfo=timezone(timedelta(hours=-7)))
    async with db.write() as connection:
        await insert_new(connection, SEEN, {"key": "a", "at": at})
    async with db.read() as connection:
        held = (await connection.execute(select(SEEN.c.at))).scalar_one()
    assert held == at
    assert held.tzinfo is UTC


async def test_an_instant_without_a_zone_is_refused(db: StateDb) -> None:
    with pytest.raises(StatementError, match="no time zone"):
        async with db.write() as connection:
            await insert_new(connection, SEEN, {"key": "a", "at": datetime(2026, 10, 21)})  # noqa: DTZ001 - the point
