"""The declaration of a command: what it is called, what it takes, who may run it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from bot.kit.deps import Deps
from bot.model.chat import Level, Reply, Request
from bot.model.query import Query
from bot.model.ranges import Asked, Calendar

Run = Callable[[Request, Deps], Awaitable[Reply]]


class Words(Enum):
    """Whether words that are neither range nor option are wanted."""

    NONE = "none"
    SOME = "some"
    RAW = "raw"


class Shows(Enum):
    """What an answer is about; policy and audience follow from it."""

    AGGREGATES = "aggregates"
    OWN = "own"
    PEOPLE = "people"
    AUDIT = "audit"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Option:
    """`name VALUE`, e.g. `by model`. Without `values` any one word is taken; `bare` values stand alone too.

    A `number` is a whole one from `least` to `most`.
    """

    name: str
    help: str
    values: tuple[str, ...] = ()
    bare: bool = False
    number: bool = False
    least: int = 1
    most: int = 1_000


@dataclass(frozen=True, slots=True)
class Command:
    """One command. `usage` is the hint after its name; every example runs as written.

    A `heavy` one asks several large questions, so it waits in a lane of its own.
    One that is not `repeatable` changes something or only helps: nothing to be posted again and again;
    with one of the `changes_with` words it is not either. `variant` makes it stricter for some queries.
    `exports` is the kind of export that has its figures by day. `windows` reads the ranges among the words
    of a command that is not `ranged`; raises WrongUse.
    """

    name: str
    summary: str
    run: Run
    examples: tuple[str, ...]
    usage: str = ""
    level: Level = Level.MEMBER
    also: tuple[Level, ...] = ()
    shows: Shows = Shows.AGGREGATES
    ranged: bool = True
    default_range: str = "30d"
    views: bool = False
    options: tuple[Option, ...] = ()
    flags: tuple[str, ...] = ()
    words: Words = Words.NONE
    aliases: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    repeatable: bool = True
    heavy: bool = False
    changes_with: tuple[str, ...] = ()
    exports: str = ""
    variant: Callable[[Command, Query], Command] | None = None
    windows: Callable[[Sequence[str], Calendar], tuple[Asked, ...]] | None = None

    @property
    def line(self) -> str:
        """The command and what it takes, as help shows it."""
        return f"{self.name} {self.usage}".strip()

    def asked(self, query: Query) -> Command:
        """The command as this query needs it."""
        return self.variant(self, query) if self.variant else self

    @property
    def levels(self) -> frozenset[Level]:
        """Any one of these suffices."""
        return frozenset((self.level, *self.also))
