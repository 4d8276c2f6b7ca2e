"""What setting up a schedule needs from outside: whether a command may be repeated in a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.kit.command import Command
from bot.model.chat import Asker, Place, Request


class Judge(Protocol):
    """Reads a command line that is to be answered again and again."""

    def __call__(self, text: str, request: Request) -> Command:
        """The command of `text`, allowed to the asker in the place of `request`.

        Raises WrongUse for one that is not understood or changes something, NotAllowed for one whose answer
        the asker or the place may not see.
        """
        ...


class Reach(Protocol):
    """Finds out whether the bot can post somewhere, before anything is promised."""

    async def __call__(self, place: Place, asker: Asker) -> bool:
        """True when it can; the asker may see that it was tried. Raises Unavailable when nobody knows."""
        ...


async def everywhere(place: Place, asker: Asker) -> bool:
    """The `Reach` of a console: there is no platform to refuse."""
    del place, asker
    return True


@dataclass(frozen=True, slots=True)
class Scheduling:
    """The two together."""

    judge: Judge
    reach: Reach = everywhere
