from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest


@pytest.fixture
def waits() -> list[float]:
    """Seconds slept, in order."""
    return []


@pytest.fixture
def sleep(waits: list[float]) -> Callable[[float], Awaitable[None]]:
    """A sleep that only takes notes."""

    async def note(seconds: float) -> None:
        waits.append(seconds)

    return note
