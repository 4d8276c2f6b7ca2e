"""Receipts of answers as handlers use them: who may see one, and figures as integers."""

from __future__ import annotations

import re

from bot.kit.command import Command, Shows
from bot.kit.deps import Deps
from bot.model.chat import Fact, Place, PlaceKind, PlaceLevel, Request
from bot.model.errors import BadValue, NotAllowed
from bot.state.receipts import Receipt, Receipts

MICRO = 1_000_000
RECEIPT_ID = re.compile(r"R-[0-9A-Z]{8}")


def exact(fact: Fact) -> int | None:
    """The figure as an integer of millionths, so that equal figures are equal integers."""
    return None if fact.number is None else round(fact.number * MICRO)


async def receipt_named(request: Request, deps: Deps) -> Receipt | None:
    """The receipt that was typed, or without one that of the asker's newest answer, None when there is none.

    Raises NotAllowed, in the words for things not found, when the asker may not see that answer.
    """
    words = request.query.words
    receipts = Receipts(deps.state)
    if not words:
        return await receipts.latest(request.asker.id)
    if len(words) > 1 or not RECEIPT_ID.fullmatch(words[0].upper()):
        raise BadValue("A receipt looks like R-7K3M9QXD; it stands under each answer.", "usage 30d")
    found = await receipts.load(words[0])
    if found is None or not request.asker.has(found.answer.level):
        raise NotAllowed
    return found


def check_owner(command: Command, receipt: Receipt, request: Request) -> None:
    """Raises NotAllowed when the answer is another person's own."""
    personal = command.shows in {Shows.OWN, Shows.AUDIT}
    if personal and receipt.answer.asker_id != request.asker.id:
        raise NotAllowed


def may_share(command: Command, place: Place) -> bool:
    """True when an answer of `command` may be put into `place` for all to see."""
    if place.kind is PlaceKind.SHARED:
        return False
    match command.shows:
        case Shows.AGGREGATES:
            return True
        case Shows.PEOPLE | Shows.OWN:
            return place.level is not PlaceLevel.AGGREGATE
        case _:
            return False
