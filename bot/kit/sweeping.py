"""Deletes what was to stand for a while only; what a platform does not confirm is tried again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.model.chat import Platform
from bot.model.errors import StateAway
from bot.state.expiring import Expiring, ExpiringMessage

log = structlog.get_logger(__name__)

TOMBSTONE: Final = "This look-up has expired and was deleted. Ask again if you still need it."
SWEEP_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Sweeping:
    """The sweeps of one platform. `ended` replaces a message by its tombstone and says whether it is gone."""

    platform: Platform
    ended: Callable[[ExpiringMessage], Awaitable[bool]]
    expiring: Expiring
    clock: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def run(self) -> None:
        """Sweep for ever; a state database that is away is back later."""
        while True:
            try:
                await self.sweep()
            except (SQLAlchemyError, StateAway, OSError) as error:
                log.warning("expiry_unavailable", error=type(error).__name__)
            await self.sleep(SWEEP_SECONDS)

    async def sweep(self) -> int:
        """Return how many messages and files are gone."""
        now, gone = self.clock(), 0
        for due in await self.expiring.due(now, platform=self.platform):
            if await self.ended(due):
                gone += await self.expiring.deleted(due, now)
        return gone
