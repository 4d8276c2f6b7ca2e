"""Answers that stand for a while: what was sent is noted, and at its end it gives way to a tombstone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from bot.kit.sweeping import TOMBSTONE, Sweeping
from bot.model.chat import Platform
from bot.model.message import MessageRef
from bot.slack.blocks import section
from bot.slack.outbox import Args, Outbox, RefusedBySlackError, UnconfirmedError
from bot.state.expiring import Expiring, ExpiringMessage

log = structlog.get_logger(__name__)

FILES: Final = "files"
"""Stands for the conversation where a file is meant: files have none of their own."""
_GONE: Final = frozenset(
    {"message_not_found", "channel_not_found", "file_not_found", "file_deleted", "is_archived"}
)
_NOT_EDITABLE: Final = frozenset({"cant_update_message", "edit_window_closed", "message_not_editable"})


@dataclass(frozen=True, slots=True)
class SlackEnding:
    """The `Ending` that outlives the process: what is noted is deleted by whichever replica sweeps."""

    expiring: Expiring

    async def message(self, channel_id: str, ts: str, delete_at: datetime) -> None:
        """Note a message."""
        ref = MessageRef(channel_id, ts)
        await self.expiring.add(ExpiringMessage(Platform.SLACK, ref, delete_at, TOMBSTONE))

    async def files(self, file_ids: Sequence[str], delete_at: datetime) -> None:
        """Note uploaded pictures and files."""
        for file_id in file_ids:
            ref = MessageRef(FILES, file_id)
            await self.expiring.add(ExpiringMessage(Platform.SLACK, ref, delete_at, ""))


@dataclass(frozen=True, slots=True)
class Sweeper:
    """Deletes what is due; what Slack does not confirm is tried again at the next sweep."""

    outbox: Outbox
    expiring: Expiring
    clock: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def run(self) -> None:
        """Sweep for ever."""
        await self._sweeping().run()

    async def sweep(self) -> int:
        """Return how many messages and files are gone."""
        return await self._sweeping().sweep()

    def _sweeping(self) -> Sweeping:
        return Sweeping(Platform.SLACK, self._ended, self.expiring, self.clock, self.sleep)

    async def _ended(self, due: ExpiringMessage) -> bool:
        ref = due.message
        if ref.place_id == FILES:
            return await self._done("files.delete", {"file": ref.message_id})
        where: Args = {"channel": ref.place_id, "ts": ref.message_id}
        words: Args = {"text": due.tombstone, "blocks": [section(due.tombstone)]}
        try:
            return await self._done("chat.update", {**where, **words})
        except RefusedBySlackError:
            return await self._done("chat.delete", where)

    async def _done(self, method: str, args: Args) -> bool:
        """True when it is gone now or was before; raises when a message may not be edited."""
        try:
            await self.outbox.call(method, args)
        except RefusedBySlackError as refused:
            if refused.code in _NOT_EDITABLE and method == "chat.update":
                raise
            log.info("expiry_refused", method=method, error=refused.code)
            return refused.code in _GONE
        except UnconfirmedError:
            log.warning("expiry_unconfirmed", method=method)
            return False
        return True
