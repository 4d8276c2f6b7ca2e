"""Answers leave a receipt in the state database, so that `explain` can compute them again."""

from __future__ import annotations

from dataclasses import dataclass

from bot.kit.command import Command
from bot.kit.receipts import exact
from bot.model.chat import Reply, Request
from bot.state.engine import StateDb
from bot.state.receipts import IntFact, LakeFile, NewReceipt, Receipts


@dataclass(frozen=True, slots=True)
class ReceiptBook:
    """Writes down every answer that has a window."""

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
        stored = await Receipts(self.state).store(answer, request.now)
        return stored.id
