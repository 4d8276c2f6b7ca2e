"""How the bot ends: nothing new is taken, what was accepted is finished, and after 20 seconds it is over."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

GRACE_SECONDS: Final = 16.0
LAST_SECONDS: Final = 19.5
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class Stop:
    """Set by SIGINT or SIGTERM; knows how long the work in hand may still take."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._until: float | None = None

    def set(self) -> None:
        """Stop now. Asking again gives no more time."""
        if self._until is None:
            self._until = asyncio.get_running_loop().time() + GRACE_SECONDS
        self._event.set()

    def is_set(self) -> bool:
        """True once somebody asked."""
        return self._event.is_set()

    async def wait(self) -> None:
        """Until somebody asks the bot to stop."""
        await self._event.wait()

    def grace_seconds(self) -> float:
        """What is left for the work in hand; all of it while nobody asked."""
        if self._until is None:
            return GRACE_SECONDS
        return max(0.0, self._until - asyncio.get_running_loop().time())


@contextmanager
def on_signals() -> Iterator[Stop]:
    """A Stop that SIGINT and SIGTERM set.

    When the block does not end within the last seconds, the process does: a thread may hang in a query.
    """
    stop, loop = Stop(), asyncio.get_running_loop()

    def begin() -> None:
        if not stop.is_set():
            signal.setitimer(signal.ITIMER_REAL, LAST_SECONDS)
        stop.set()

    for number in _SIGNALS:
        loop.add_signal_handler(number, begin)
    try:
        yield stop
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number in _SIGNALS:
            loop.remove_signal_handler(number)
