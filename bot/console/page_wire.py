"""What the local chat page and its server say to each other."""

from __future__ import annotations

from typing import Any, Literal, Protocol

import msgspec

Who = Literal["member", "analyst", "investigator", "approver", "admin", "guest"]
Where = Literal["channel", "analysts", "dm", "shared"]
Payload = dict[str, Any]


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A command as typed after the slash, by whom and where."""

    text: str
    who: Who
    where: Where


class Clicked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A click: the control's opaque value, when it was clicked, and the message it belongs to."""

    value: str
    action_ts: str
    who: Who
    where: Where
    message_ts: str | None = None
    is_ephemeral: bool = False


class SentFile(msgspec.Struct, frozen=True):
    """A picture or file of an answer: the placeholder id that blocks name, and where its bytes are."""

    id: str
    url: str
    name: str
    title: str
    bytes_count: int


class Told(msgspec.Struct, frozen=True):
    """An answer: what would be sent to Slack, in order; the same as terminal text; the bytes it refers to."""

    command: str
    entries: list[Payload]
    text: str
    files: list[SentFile]


class Person(msgspec.Struct, frozen=True):
    """Somebody to be: `id` is the chat user id in mentions."""

    role: Who
    id: str
    name: str
    says: str


class Room(msgspec.Struct, frozen=True):
    """Somewhere to ask."""

    key: Where
    id: str
    name: str
    topic: str


class Step(msgspec.Struct, frozen=True):
    """One step of the guided story: what to notice, and the command that shows it."""

    title: str
    says: str
    who: Who
    where: Where
    text: str


class Start(msgspec.Struct, frozen=True):
    """All the page needs to open: an answered question included."""

    command: str
    workspace: str
    today: str
    people: list[Person]
    rooms: list[Room]
    suggestions: list[str]
    commands: list[tuple[str, str]]
    story: list[Step]
    opening: Told


class Chat(Protocol):
    """Who answers the page."""

    async def ask(self, asked: Asked) -> Told:
        """The answer to a typed command; refusals are answers."""
        ...

    async def click(self, clicked: Clicked) -> Told | None:
        """The answer to a click; None for a value that is not ours or a click answered before."""
        ...

    def file(self, key: str) -> tuple[bytes, str] | None:
        """Bytes and name of a file that was told about, while it is kept."""
        ...
