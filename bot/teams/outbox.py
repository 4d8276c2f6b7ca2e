"""Everything sent to Teams goes through an outbox: the live one, or one that records.

Errors: RefusedByTeamsError (not done), NotSentError (certainly not sent), UnconfirmedError (nobody knows).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from bot.teams.ports import Address

Body = dict[str, Any]


class RefusedByTeamsError(Exception):
    """Teams said no, so nothing was done. `code` is Teams' word for it."""

    def __init__(self, status: int, code: str = "") -> None:
        super().__init__(f"{status} {code}".strip())
        self.status = status
        self.code = code


class UnconfirmedError(Exception):
    """The connection broke or the service failed: it may or may not have been done."""


class NotSentError(Exception):
    """Certainly not sent: no token, or the limit was not lifted in time; seconds to wait where known."""

    def __init__(self, reason: str, retry_after_seconds: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after_seconds = retry_after_seconds


GONE = (RefusedByTeamsError, UnconfirmedError, NotSentError)


class Outbox(Protocol):
    """Sends; every method raises one of `GONE`."""

    async def send(self, address: Address, activity: Body, *, is_targeted: bool = False) -> str:
        """Post an activity and return its id."""
        ...

    async def update(
        self, address: Address, activity_id: str, activity: Body, *, is_targeted: bool = False
    ) -> None:
        """Replace a message."""
        ...

    async def delete(self, address: Address, activity_id: str) -> None:
        """Remove a message."""
        ...

    async def member(self, address: Address, user_id: str) -> Mapping[str, Any]:
        """Return a member of a conversation as Teams knows them."""
        ...

    async def personal(self, address: Address, user_id: str) -> Address:
        """Return the personal chat with a member of the conversation."""
        ...

    async def upload(self, url: str, data: bytes) -> None:
        """Put a file where Teams said that it may be put. Carries no token."""
        ...
