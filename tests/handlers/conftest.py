from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.handlers.answering import Bot, a_bot
from tests.handlers.demo import Demo


@pytest.fixture
async def demo_bot(tmp_path: Path, demo: Demo) -> AsyncIterator[Bot]:
    """The bot of the demo workspace, asked by its analyst in a channel."""
    async with a_bot(tmp_path, demo.lake(), directory=demo.directory()) as bot:
        yield replace(bot, asker=demo.asker("analyst"))
