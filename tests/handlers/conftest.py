from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.lake import Lake
from tests.handlers import small
from tests.handlers.answering import Bot, a_bot
from tests.handlers.demo import Demo
from tests.handlers.live import Live, a_live_bot
from tests.handlers.spending import spending_lake
from tests.handlers.weeks import SmallLake


@pytest.fixture
async def demo_bot(tmp_path: Path, demo: Demo) -> AsyncIterator[Bot]:
    """The bot of the demo workspace, asked by its analyst in a channel."""
    async with a_bot(tmp_path, demo.lake(), directory=demo.directory()) as bot:
        bot.asker = demo.asker("analyst")
        yield bot


@pytest.fixture(scope="session")
def small_lake(tmp_path_factory: pytest.TempPathFactory) -> SmallLake:
    """Ten weeks of four people; only read."""
    return small.small_lake(tmp_path_factory.mktemp("small"))


@pytest.fixture
async def small_bot(tmp_path: Path, small_lake: SmallLake) -> AsyncIterator[Bot]:
    """The bot of the small company, with its directory."""
    async with a_bot(tmp_path, small_lake.lake, directory=small.directory()) as bot:
        yield bot


@pytest.fixture(scope="session")
def spending(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Half a year of equal working days; only read."""
    return spending_lake(tmp_path_factory.mktemp("spending")).lake


@pytest.fixture
async def live(tmp_path: Path, demo: Demo) -> AsyncIterator[Live]:
    """The demo workspace's bot, asked by an investigator, with its source still there."""
    async with a_live_bot(tmp_path, demo) as live:
        yield live
