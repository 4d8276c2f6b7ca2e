"""Keeps calls under a per-minute limit of the API."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

WINDOW_SECONDS = 60.0


class Pace:
    """At most `per_minute` turns in any 60 seconds. `ticks` counts seconds and never goes back."""

    def __init__(
        self, per_minute: int, *, ticks: Callable[[], float], sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        self._started: deque[float] = deque(maxlen=per_minute)
        self._ticks = ticks
        self._sleep = sleep
        self._lock = asyncio.Lock()

    async def turn(self) -> None:
        """Returns when the next call may start."""
        async with self._lock:
            wait_seconds = self._wait_seconds(self._ticks())
            if wait_seconds > 0:
                await self._sleep(wait_seconds)
            self._started.append(max(self._ticks(), self._oldest_end()))

    def _wait_seconds(self, now: float) -> float:
        return max(0.0, self._oldest_end() - now)

    def _oldest_end(self) -> float:
        if len(self._started) < (self._started.maxlen or 0):
            return float("-inf")
        return self._started[0] + WINDOW_SECONDS
