"""What is counted about answers: never who asked or what was typed."""

from __future__ import annotations

from typing import Protocol


class Meter(Protocol):
    """Counts answers and pictures."""

    def answered(self, command: str, outcome: str, seconds: float) -> None:
        """`command` is a registered name or "unknown"; `outcome` "reply" or the code of the refusal."""
        ...

    def pictured(self, *, drawn: bool) -> None:
        """A picture was drawn, or could not be."""
        ...


class Unmetered:
    """Counts nothing."""

    def answered(self, command: str, outcome: str, seconds: float) -> None:
        """Nothing."""

    def pictured(self, *, drawn: bool) -> None:
        """Nothing."""
