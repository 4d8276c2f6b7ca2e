"""What the Teams adapter needs from the rest of the product, and the parts it brings along itself."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from ipaddress import ip_address
from typing import Protocol

from bot.model.chat import Answer, Asker, Place, PlaceKind, Request

LOGIN = "https://login.microsoftonline.com"
OPENID_METADATA = "https://login.botframework.com/v1/.well-known/openidconfiguration"
TOKEN_ISSUER = "https://api.botframework.com"  # noqa: S105  (who signs, no secret)


@dataclass(frozen=True, slots=True)
class Address:
    """A conversation and the service that carries it. A thread of a channel is part of the id."""

    conversation_id: str
    service_url: str
    kind: PlaceKind = PlaceKind.CHANNEL
    tenant_id: str = ""

    @property
    def place_id(self) -> str:
        """The channel or chat without the thread: what a policy names."""
        return self.conversation_id.partition(";")[0]

    @property
    def root(self) -> Address:
        """The same place outside of any thread."""
        return replace(self, conversation_id=self.place_id)


@dataclass(frozen=True, slots=True)
class Profile:
    """A member of a conversation as Teams vouches for them.

    `object_id` is the Entra object id. `is_outsider`: a guest, an anonymous visitor, or of another
    organisation.
    """

    object_id: str
    email: str | None
    is_outsider: bool


class Answerer(Protocol):
    """Answers one request; never raises."""

    async def __call__(self, request: Request) -> Answer:
        """Return the reply or the refusal."""
        ...


class Directory(Protocol):
    """Who somebody is and what a place may show. Policy lives behind it; the adapter decides nothing."""

    async def asker(self, profile: Profile) -> Asker:
        """Return the person; without levels for outsiders."""
        ...

    async def place(self, place_id: str, kind: PlaceKind) -> Place:
        """Return the place with what may be shown in it."""
        ...


class Seen(Protocol):
    """Remembers deliveries, so that a second one of the same is dropped."""

    async def first_time(self, key: str) -> bool:
        """Return True once for each key."""
        ...


class Conversations(Protocol):
    """Where the app is installed: needed for posts that nobody asked for."""

    async def remember(self, address: Address) -> None:
        """Keep the newest address of a conversation."""
        ...

    async def find(self, place_id: str) -> Address | None:
        """Return the address of a conversation, None when the app is not, or no longer, there."""
        ...

    async def newest(self, tenant_id: str) -> Address | None:
        """Return one of the organisation, of any when `tenant_id` is empty: it leads to personal chats."""
        ...

    async def forget(self, place_id: str) -> None:
        """Remove what is kept about a conversation: the app was uninstalled there."""
        ...


class Ending(Protocol):
    """Remembers what is to be deleted later."""

    async def message(self, address: Address, activity_id: str, delete_at: datetime) -> None:
        """Note a posted message."""
        ...


class NoEnding:
    """For recorders, which send nothing that could be deleted."""

    async def message(self, address: Address, activity_id: str, delete_at: datetime) -> None:
        """Forget it."""


@dataclass(frozen=True, slots=True)
class TeamsConfig:
    """The registration of the bot and how it behaves.

    `link_key` signs links to files (32 bytes). `unauthenticated` is for local tools on loopback only.
    """

    app_id: str = ""
    password: str = field(default="", repr=False)
    tenant_id: str = ""
    public_url: str = ""
    command: str = "/codex"
    link_pictures: bool = False
    link_hours: int = 24
    link_key: bytes = field(default=b"", repr=False)
    unauthenticated: bool = False
    http_host: str = "127.0.0.1"
    openid_metadata_url: str = OPENID_METADATA
    login_url: str = LOGIN
    token_issuer: str = TOKEN_ISSUER


class KnownConversations:
    """`Conversations` in the memory of this process."""

    def __init__(self) -> None:
        self._known: dict[str, Address] = {}

    async def remember(self, address: Address) -> None:
        """Keep the newest address of a conversation."""
        self._known[address.place_id] = address

    async def find(self, place_id: str) -> Address | None:
        """Return the address, None when it is not known."""
        return self._known.get(place_id)

    async def newest(self, tenant_id: str) -> Address | None:
        """Return the last one remembered of the organisation."""
        known = (a for a in reversed(self._known.values()) if tenant_id in {"", a.tenant_id})
        return next(known, None)

    async def forget(self, place_id: str) -> None:
        """Remove the address."""
        self._known.pop(place_id, None)


def is_loopback(host: str) -> bool:
    """True for this machine's own addresses and `localhost`."""
    name = host.strip("[]").partition("%")[0]
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
