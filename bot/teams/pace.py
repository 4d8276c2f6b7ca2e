"""Keeps sends to one conversation under Teams' limit."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable

from bot.teams.limits import SENDS_PER_SECOND

Sleep = Callable[[float], Awaitable[None]]
_WINDOW_SECONDS = 1.0
_CONVERSATIONS = 1_000


class Pace:
    """At most seven sends in any second and conversation. `ticks` counts seconds and never goes back."""

    def __init__(self, ticks: Callable[[], float], sleep: Sleep = asyncio.sleep) -> None:
        self._ticks = ticks
        self._sleep = sleep
        self._lanes: OrderedDict[str, deque[float]] = OrderedDict()

    async def turn(self, conversation_id: str) -> None:
        """Return when the next send to the conversation may start."""
        starts = self._lane(conversation_id)
        now = self._ticks()
        full = len(starts) == SENDS_PER_SECOND
        start = max(now, starts[0] + _WINDOW_SECONDS) if full else now
        # Booked before waiting, so that who comes next queues behind.
        starts.append(start)
        if start > now:
            await self._sleep(start - now)

    def _lane(self, conversation_id: str) -> deque[float]:
        lane = self._lanes.setdefault(conversation_id, deque(maxlen=SENDS_PER_SECOND))
        self._lanes.move_to_end(conversation_id)
        if len(self._lanes) > _CONVERSATIONS:
            self._lanes.popitem(last=False)
        return lane
