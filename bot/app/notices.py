"""Posts what nobody asked for just now: to the security channel, and to single people."""

from __future__ import annotations

from dataclasses import dataclass, field

import structlog

from bot.model.chat import Platform, Reply
from bot.model.message import destination_named
from bot.model.posting import Poster, PosterError

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PostedNotices:
    """The `Notices` of the running bot. `posters` are filled in by the platforms as they come up."""

    channel: str
    posters: dict[Platform, Poster] = field(default_factory=dict)

    async def security(self, reply: Reply) -> bool:
        """True when the platform of the security channel took it."""
        place = destination_named(self.channel)
        poster = self.posters.get(place.platform) if place else None
        if place is None or poster is None:
            return False
        try:
            await poster.post(place, reply)
        except PosterError as error:
            log.warning("notice_not_posted", kind=type(error).__name__)
            return False
        return True

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
