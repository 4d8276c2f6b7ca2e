"""Of all replicas one does the work of all: it holds a lease, and another takes over when it is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.model.errors import StateAway
from bot.state.engine import StateDb
from bot.state.leases import Leases
from bot.state.owners import new_owner

log = structlog.get_logger(__name__)
RENEW_SECONDS: Final = 15.0


@dataclass(slots=True)
class Leader:
    """Runs `work`, which does not end, while this process holds the lease `name`; else it is cancelled.

    Work that fails is logged and begun anew. `on_change` hears whether it leads. A state database that is
    away costs the lead.
    """

    db: StateDb
    name: str
    work: Callable[[], Awaitable[None]]
    clock: Callable[[], datetime]
    on_change: Callable[[bool], None] = lambda _leads: None
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    owner: str = field(default_factory=new_owner)
    _task: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Until cancelled; then the lease is given back."""
        try:
            while True:
                await self._follow(leads=await self._holds())
                await self.sleep(RENEW_SECONDS)
        finally:
            await self._follow(leads=False)
            with suppress(StateAway):
                await Leases(self.db).release(self.name, self.owner)

    async def _holds(self) -> bool:
        try:
            return await Leases(self.db).acquire(self.name, self.owner, self.clock())
        except (StateAway, SQLAlchemyError) as error:
            log.warning("state_unavailable", error=type(error).__name__)
            return False

    async def _follow(self, *, leads: bool) -> None:
        if self._task is not None and self._task.done():
            log.error("led_work_failed", name=self.name, exc_info=self._task.exception())
            self._task = None
        if leads == (self._task is not None):
            return
        self.on_change(leads)
        log.info("lead", name=self.name, leads=leads)
        if leads:
            self._task = asyncio.create_task(_run(self.work))
        elif self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None


async def _run(work: Callable[[], Awaitable[None]]) -> None:
    await work()
