"""Taking turns: a lane per cost, and in each lane people one after the other, so that nobody starves anybody.

A person has only so much in hand and a lane only so many waiting; beyond that the answer is Busy, at once.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from bot.kit.command import Command
from bot.model.errors import Busy
from bot.model.query import Query

LONG_DAYS: Final = 180
"""A longer window reads so much that it waits in the lane of the expensive."""


class Lane(StrEnum):
    """What an answer costs: a look at the state, a query over some months, or more."""

    QUICK = "quick"
    FIGURES = "figures"
    HEAVY = "heavy"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is worked on and kept waiting."""

    at_once: Mapping[Lane, int] = field(
        default_factory=lambda: {Lane.QUICK: 16, Lane.FIGURES: 6, Lane.HEAVY: 1}
    )
    waiting: int = 500
    per_person: int = 5


def lane_of(command: Command, query: Query) -> Lane:
    """The lane of a command that is understood."""
    if command.heavy or (query.asked and query.asked.window.day_count > LONG_DAYS):
        return Lane.HEAVY
    return Lane.FIGURES if command.ranged else Lane.QUICK


class Lanes:
    """The queues of one process. `on_busy` hears of everyone who is turned away."""

    def __init__(
        self, limits: Limits | None = None, on_busy: Callable[[Lane], None] = lambda _lane: None
    ) -> None:
        self._limits = limits or Limits()
        self._on_busy = on_busy
        self._queues = {lane: _Queue(self._limits.at_once[lane]) for lane in Lane}
        self._in_hand: Counter[str] = Counter()

    @asynccontextmanager
    async def turn(self, lane: Lane, person: str) -> AsyncIterator[None]:
        """Wait for a place in the lane and hold it. Raises Busy instead of waiting without end."""
        queue = self._queues[lane]
        if self._in_hand[person] >= self._limits.per_person or queue.waiting >= self._limits.waiting:
            self._on_busy(lane)
            raise Busy
        self._in_hand[person] += 1
        try:
            await queue.enter(person)
            try:
                yield
            finally:
                queue.leave()
        finally:
            self._in_hand -= Counter({person: 1})

    def waiting(self, lane: Lane) -> int:
        """Questions that wait in the lane."""
        return self._queues[lane].waiting

    def working(self, lane: Lane) -> int:
        """Questions of the lane that are being answered."""
        return self._queues[lane].working


class _Queue:
    """First come, first served, one question a person and round."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._people: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()
        self.working = 0

    @property
    def waiting(self) -> int:
        return sum(len(turns) for turns in self._people.values())

    async def enter(self, person: str) -> None:
        if self.working < self._places and not self._people:
            self.working += 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._people.setdefault(person, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            self._give_up(person, turn)
            raise

    def leave(self) -> None:
        self.working -= 1
        if self._people:
            person, turns = self._people.popitem(last=False)
            turns.popleft().set_result(None)
            self.working += 1
            if turns:
                self._people[person] = turns

    def _give_up(self, person: str, turn: asyncio.Future[None]) -> None:
        """Who is cancelled passes on a place already given, and leaves the row otherwise."""
        if turn.done() and not turn.cancelled():
            self.leave()
            return
        turns = self._people.get(person, deque())
        if turn in turns:
            turns.remove(turn)
        if not turns:
            self._people.pop(person, None)
