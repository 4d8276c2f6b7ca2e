"""What a redactor promises; the one that ships stands in `bot.redaction`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Withheld:
    """How often something of a kind was withheld, e.g. `AWS Access Key`."""

    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class Redacted:
    """The text with `[withheld: KIND]` in the place of each finding, and what was found, by kind."""

    text: str
    withheld: tuple[Withheld, ...]


class Redactor(Protocol):
    """Takes secrets and personal data out of a text."""

    def redact(self, text: str) -> Redacted:
        """The text as it may be shown."""
        ...
