"""Answers leave a receipt in the state database, so that `explain` can compute them again."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from bot.kit.command import Command
from bot.kit.receipts import exact
from bot.model.chat import Reply, Request
from bot.model.errors import StateAway
from bot.state.engine import StateDb
from bot.state.receipts import IntFact, LakeFile, NewReceipt, Receipts

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ReceiptBook:
    """Writes down answers that have a window; a database that is away costs the receipt, not the answer."""

    state: StateDb

    async def remember(self, reply: Reply, command: Command, request: Request) -> str | None:
        """The receipt's id, None for answers without figures of a window."""
        if reply.footer.window is None or not reply.footer.definitions_version:
            return None
        answer = NewReceipt(
            command=request.text,
            level=command.level,
            asker_id=request.asker.id,
            definitions_version=reply.footer.definitions_version,
            window=reply.footer.window,
            facts=tuple(IntFact(fact.key, exact(fact)) for fact in reply.facts),
            files=tuple(LakeFile(file.name, file.digest) for file in reply.basis),
            place_level=request.place.level,
        )
        try:
            stored = await Receipts(self.state).store(answer, request.now)
        except StateAway:
            log.warning("receipt_not_kept")
            return None
        return stored.id
