"""Whether the bot can post to a place, asked at the platform that the place belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.kit.scheduling import Reach, everywhere
from bot.model.chat import Asker, Place, Platform


@dataclass(frozen=True, slots=True)
class Reaches:
    """The `Reach` of the whole product; a platform that is not running refuses nothing."""

    platforms: dict[Platform, Reach] = field(default_factory=dict)

    async def __call__(self, place: Place, asker: Asker) -> bool:
        """As the platform says."""
        return await self.platforms.get(place.platform, everywhere)(place, asker)
