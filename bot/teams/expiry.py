"""Answers that stand for a while: what was sent is noted, and at its end it gives way to a tombstone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.kit.sweeping import TOMBSTONE, Sweeping
from bot.model.chat import PlaceKind, Platform, Reply
from bot.model.message import MessageRef
from bot.state.expiring import Expiring, ExpiringMessage
from bot.teams.look import Look
from bot.teams.outbox import NotSentError, Outbox, RefusedByTeamsError, UnconfirmedError
from bot.teams.ports import Address, Conversations
from bot.teams.render import render

log = structlog.get_logger(__name__)

_GONE = frozenset({404, 410})


@dataclass(frozen=True, slots=True)
class TeamsEnding:
    """The `Ending` that outlives the process: what is noted is deleted by whichever replica sweeps."""

    expiring: Expiring

    async def message(self, address: Address, activity_id: str, delete_at: datetime) -> None:
        """Note a message."""
        ref = MessageRef(address.conversation_id, activity_id)
        await self.expiring.add(ExpiringMessage(Platform.TEAMS, ref, delete_at, TOMBSTONE))


@dataclass(frozen=True, slots=True)
class TeamsSweeper:
    """Replaces what is due by its tombstone, picture and buttons included."""

    outbox: Outbox
    expiring: Expiring
    conversations: Conversations
    tenant_id: str
    clock: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    def sweeping(self) -> Sweeping:
        """What runs beside the answers."""
        return Sweeping(Platform.TEAMS, self._ended, self.expiring, self.clock, self.sleep)

    async def _ended(self, due: ExpiringMessage) -> bool:
        address = await self._address(due.message.place_id)
        if address is None:
            log.warning("expiry_unreachable")
            return False
        tombstone = render(Reply("expired", due.tombstone), Look(now=self.clock()))
        try:
            await self.outbox.update(address, due.message.message_id, tombstone)
        except RefusedByTeamsError as refused:
            log.info("expiry_refused", error=str(refused))
            return refused.status in _GONE
        except (NotSentError, UnconfirmedError):
            log.warning("expiry_unconfirmed")
            return False
        return True

    async def _address(self, conversation_id: str) -> Address | None:
        """Of a personal chat that the bot opened only the id is kept; the organisation has one service."""
        known = await self.conversations.find(conversation_id)
        home = known or await self.conversations.newest(self.tenant_id)
        return replace(home, conversation_id=conversation_id, kind=PlaceKind.DM) if home else None
