"""A platform that posts what nobody asked for just now: scheduled answers, alerts.

PosterError
├── ChannelGone         the place is deleted or archived
├── NotInChannel        the bot was removed from the place
├── TokenRevoked        nothing can be sent anywhere any more
├── Refused             this message, picture or file will never be accepted
├── PosterUnavailable   certainly not sent: no connection, rate limit; try again later
└── MaybeSent           the connection broke after sending: nobody knows
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.model.chat import File, Reply
from bot.model.message import Destination, MessageRef


class PosterError(Exception):
    """Base of what a platform can answer instead of doing what it was asked."""


class ChannelGone(PosterError):
    """The place is deleted or archived."""


class NotInChannel(PosterError):
    """The bot is not, or no longer, in the place."""


class TokenRevoked(PosterError):
    """The bot's token is revoked or invalid."""


class Refused(PosterError):
    """The platform will never take this."""


@dataclass(slots=True, eq=False)
class PosterUnavailable(PosterError):
    """Certainly not sent; try again after `retry_after_seconds`, None when the platform did not say."""

    retry_after_seconds: float | None = None


class MaybeSent(PosterError):
    """The connection broke, or the server failed, after the request was sent."""


class Poster(Protocol):
    """A platform. `post` and `add_file` must not retry by themselves; every method raises PosterError."""

    async def post(self, place: Destination, reply: Reply) -> MessageRef:
        """Post the final headline, text and blocks, without pictures and files."""
        ...

    async def add_picture(self, place: Destination, message: MessageRef, reply: Reply) -> None:
        """Edit the message so that it shows `reply` with its pictures; doing it again changes nothing."""
        ...

    async def add_file(self, place: Destination, message: MessageRef, file: File) -> None:
        """Send a file into the message's thread."""
        ...

    async def tell_owner(self, owner_id: str, text: str) -> None:
        """Send plain text to a person's direct messages."""
        ...
