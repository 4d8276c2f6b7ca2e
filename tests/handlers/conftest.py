from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.lake import Lake
from tests.handlers.answering import Bot, a_bot
from tests.handlers.demo import Demo
from tests.handlers.spending import spending_lake


@pytest.fixture
async def demo_bot(tmp_path: Path, demo: Demo) -> AsyncIterator[Bot]:
    """The bot of the demo workspace, asked by its analyst in a channel."""
    async with a_bot(tmp_path, demo.lake(), directory=demo.directory()) as bot:
        yield replace(bot, asker=demo.asker("analyst"))


@pytest.fixture(scope="session")
def spending(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Half a year of equal working days; tests only read it."""
    return spending_lake(tmp_path_factory.mktemp("spending")).lake
