"""Work beside everything else, in tasks that nobody forgets."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine

import structlog

log = structlog.get_logger(__name__)


class Tasks:
    """The work in hand of one platform. A task that fails is logged; closing waits for the rest."""

    def __init__(self, platform: str) -> None:
        self._platform = platform
        self._running: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[None, None, None]) -> None:
        """Run `work` beside everything else."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._done)

    async def drain(self, grace_seconds: float = 20) -> None:
        """Wait for the work in hand; what is not done in time is cancelled and logged."""
        if not self._running:
            return
        _, late = await asyncio.wait(self._running, timeout=grace_seconds)
        for task in late:
            task.cancel()
        if late:
            log.warning("work_cancelled", platform=self._platform, count=len(late))
            await asyncio.wait(late)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("task_failed", platform=self._platform, exc_info=error)
