"""Where the Teams app is installed, kept in the state database; uninstalling ends what was posted there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.model.chat import Platform
from bot.model.posting import Poster, PosterError
from bot.state.conversations import Conversation, KnownPlaces
from bot.state.deliveries import DeliveryError
from bot.state.engine import StateDb
from bot.state.subscriptions import Subscription, Subscriptions
from bot.teams.ports import Address

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class InstalledPlaces:
    """The `Conversations` of the Teams adapter. `posters` are filled in as the platforms come up."""

    state: StateDb
    posters: Mapping[Platform, Poster]
    clock: Callable[[], datetime]

    async def remember(self, address: Address) -> None:
        """Keep the newest address of a place."""
        root = address.root
        one = Conversation(root.conversation_id, root.kind, root.service_url, root.tenant_id)
        await KnownPlaces(self.state).remember(one, self.clock())

    async def find(self, place_id: str) -> Address | None:
        """The address of a place, None when the app is not, or no longer, there."""
        return _address(await KnownPlaces(self.state).find(place_id))

    async def newest(self, tenant_id: str) -> Address | None:
        """The last address noted of the organisation."""
        return _address(await KnownPlaces(self.state).newest(tenant_id))

    async def forget(self, place_id: str) -> None:
        """Pause what is posted there, tell each owner, and forget the place."""
        store = Subscriptions(self.state)
        for one in await store.of_place(Platform.TEAMS, place_id):
            if await store.pause(one.id, DeliveryError.NOT_IN_CHANNEL.value):
                await self._tell(one)
        await KnownPlaces(self.state).forget(place_id)

    async def _tell(self, paused: Subscription) -> None:
        """A person who cannot be reached sees it in the list of subscriptions."""
        poster = self.posters.get(Platform.TEAMS)
        said = (
            f"{paused.id} ({paused.wanted.command}) is paused: I was removed from the place it is posted to. "
        )
        said += f"Add me there again and type `resume {paused.id}`."
        try:
            if poster is not None:
                await poster.tell_owner(paused.wanted.owner_id, said)
        except PosterError as error:
            log.warning("owner_not_told", subscription=paused.id, error=type(error).__name__)


def _address(one: Conversation | None) -> Address | None:
    return Address(one.place_id, one.service_url, one.kind, one.tenant_id) if one else None
