"""What delivery needs from outside: an answer, and a platform that posts it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.model.chat import Answer
from bot.model.posting import (
    ChannelGone,
    MaybeSent,
    NotInChannel,
    Poster,
    PosterError,
    PosterUnavailable,
    Refused,
    TokenRevoked,
)
from bot.state.subscriptions import Subscription

__all__ = [
    "Answerer",
    "ChannelGone",
    "MaybeSent",
    "NotInChannel",
    "Poster",
    "PosterError",
    "PosterUnavailable",
    "Refused",
    "TokenRevoked",
]


class Answerer(Protocol):
    """Answers a subscription's command as its owner, with the owner's present level, as of an instant."""

    async def __call__(self, subscription: Subscription, as_of: datetime) -> Answer:
        """A Reply, or the Refusal that says why there is none."""
        ...
