from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.engine import Engine
from bot.lake import Lake


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "it's a lake")


@pytest.fixture
async def engine(lake: Lake) -> AsyncIterator[Engine]:
    engine = Engine(lake.root)
    yield engine
    await engine.close()
