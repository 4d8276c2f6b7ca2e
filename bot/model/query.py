"""What a command line says once it is understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.model.ranges import Asked, View


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed command line. `words` are the free words in the order and case they were typed."""

    command: str = "overview"
    asked: Asked | None = None
    view: View | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()

    def option(self, name: str, default: str = "") -> str:
        """The value given for an option, or `default`."""
        return self.options.get(name, default)

    def has(self, flag: str) -> bool:
        """True when the plain word `flag` was typed."""
        return flag in self.flags
