from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.state.engine import StateDb
from tests.remembering import new_state


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 10, 21, 15, tzinfo=UTC)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def state_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Both databases: a test that takes this proves the same promise in each."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/state.db"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
async def db(state_url: str, tmp_path: Path) -> AsyncIterator[StateDb]:
    if state_url.startswith("sqlite"):
        await new_state(tmp_path)
    async with StateDb(state_url) as opened:
        yield opened


@pytest.fixture
async def other_db(state_url: str, db: StateDb) -> AsyncIterator[StateDb]:
    """A second replica on the same database."""
    assert db
    async with StateDb(state_url) as opened:
        yield opened
