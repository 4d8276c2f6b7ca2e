"""Slack people as the policy knows them: profile e-mail, guests kept out, user groups by id."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.dispatch.identity import Access
from bot.dispatch.policy import Identity, place_of
from bot.model.chat import Asker, Level, Place, PlaceKind
from bot.settings import Policy
from bot.slack.people import ChatProfile, People

T = TypeVar("T")
KEEP_SECONDS = 300.0


class Kept(Generic[T]):
    """Values looked up again after five minutes; the same key is never looked up twice at once."""

    def __init__(
        self, look_up: Callable[[str], Awaitable[T]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._look_up, self._clock = look_up, clock
        self._values: dict[str, tuple[float, T]] = {}
        self._lock = asyncio.Lock()

    async def get(self, key: str) -> T:
        """The value of `key`; raises what the look-up raises, and keeps nothing then."""
        async with self._lock:
            held = self._values.get(key)
            if held is None or self._clock() - held[0] > KEEP_SECONDS:
                held = self._values[key] = (self._clock(), await self._look_up(key))
            return held[1]


@dataclass(frozen=True, slots=True)
class SlackDirectory:
    """The `Directory` of the Slack adapter. `team_id` is the workspace the bot belongs to."""

    access: Access
    policy: Policy
    team_id: str
    profiles: Kept[ChatProfile]
    groups: Kept[frozenset[str]]

    @classmethod
    def over(cls, people: People, access: Access, policy: Policy, team_id: str) -> SlackDirectory:
        """A directory that reads through `people`."""
        return cls(access, policy, team_id, Kept(people.profile), Kept(people.members))

    async def asker(self, chat_user_id: str, team_id: str, enterprise_id: str | None) -> Asker:
        """The person behind a Slack user id; nobody for guests and for people of other workspaces."""
        del (
            team_id,
            enterprise_id,
        )  # the profile says where somebody belongs, the payload only where they typed
        profile = await self.profiles.get(chat_user_id)
        outsider = profile.is_outsider or bool(self.team_id and profile.team_id not in {self.team_id, ""})
        groups = frozenset[str]() if outsider else await self._groups(chat_user_id)
        return await self.access.asker(Identity(chat_user_id, profile.email, groups, guest=outsider))

    async def place(self, channel_id: str, channel_name: str = "", *, is_shared: bool = False) -> Place:
        """The place with the level that the policy gives it; a person's id means their direct messages."""
        del channel_name
        kind = PlaceKind.DM if channel_id.startswith(("D", "U", "W")) else PlaceKind.CHANNEL
        return place_of(channel_id, PlaceKind.SHARED if is_shared else kind, self.policy)

    async def _groups(self, user_id: str) -> frozenset[str]:
        named = {name for level in Level for name in self.policy.members_of(level) if _is_group(name)}
        return frozenset([group for group in sorted(named) if user_id in await self.groups.get(group)])


def _is_group(name: str) -> bool:
    return name.startswith("S") and name.isalnum() and name.isupper()
