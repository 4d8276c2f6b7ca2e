"""Answers leave a receipt in the state database, so that `explain` can compute them again."""

from __future__ import annotations

from dataclasses import dataclass

from bot.kit.command import Command
from bot.model.chat import Fact, Reply, Request
from bot.state.engine import StateDb
from bot.state.receipts import IntFact, LakeFile, NewReceipt, Receipts

MICRO = 1_000_000


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
        )
        stored = await Receipts(self.state).store(answer, request.now)
        return stored.id


def exact(fact: Fact) -> int | None:
    """The figure as an integer of millionths, so that equal figures are equal integers."""
    return None if fact.number is None else round(fact.number * MICRO)
