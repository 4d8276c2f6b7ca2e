"""Posts what nobody asked for just now: to the security channel, and to single people."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from bot.model.chat import Platform, Reply
from bot.model.message import destination_named
from bot.model.posting import Poster, PosterError

log = structlog.get_logger(__name__)

FindChat = Callable[[str], Awaitable[str | None]]
"""The chat account of an e-mail address, None for nobody of the workspace; raises PosterError."""


@dataclass(frozen=True, slots=True)
class PostedNotices:
    """The `Notices` of the running bot. Platforms fill in `posters` and `finders` as they come up."""

    channel: str
    posters: dict[Platform, Poster] = field(default_factory=dict)
    finders: dict[Platform, FindChat] = field(default_factory=dict)

    async def security(self, reply: Reply) -> bool:
        """True when the platform of the security channel took it."""
        return await self.to(self.channel, reply)

    async def to(self, channel: str, reply: Reply) -> bool:
        """Post to a channel; True when its platform took it."""
        place = destination_named(channel)
        poster = self.posters.get(place.platform) if place else None
        if place is None or poster is None:
            return False
        try:
            await poster.post(place, reply)
        except PosterError as error:
            log.warning("notice_not_posted", kind=type(error).__name__)
            return False
        return True

    async def chat_of_email(self, email: str) -> str | None:
        """The chat account of an address, of the first platform that knows it."""
        for find in self.finders.values():
            try:
                found = await find(email)
            except PosterError as error:
                log.warning("person_not_looked_up", kind=type(error).__name__)
            else:
                if found is not None:
                    return found
        return None

    async def person(self, chat_id: str, text: str) -> bool:
        """True when a platform knows the person and took it."""
        for poster in self.posters.values():
            try:
                await poster.tell_owner(chat_id, text)
            except PosterError as error:
                log.warning("person_not_told", kind=type(error).__name__)
            else:
                return True
        return False
