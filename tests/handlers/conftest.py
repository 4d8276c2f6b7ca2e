from __future__ import annotations

import pytest

from bot.lake import Lake
from tests.handlers.spending import spending_lake


@pytest.fixture(scope="session")
def spending(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Read only: written once for all tests."""
    return spending_lake(tmp_path_factory.mktemp("spending")).lake
