"""Activities read once into small types. What Teams did not send, or sent in another shape, is absent."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.model.chat import PlaceKind
from bot.teams.ports import Address

Body = Mapping[str, Any]

_TAG = re.compile(r"</?at\b[^<>]*>", re.IGNORECASE)
_COMMAND_LIMIT = 2_000


class MalformedError(Exception):
    """An activity without what every activity has."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an answer goes. `is_private`: it was asked in private, so it is answered in private."""

    address: Address
    user_id: str
    text: str
    name: str = ""
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A command: typed, mentioned, or behind a button. `key` is the same for a second delivery of it."""

    key: str
    origin: Origin
    tenant_id: str


@dataclass(frozen=True, slots=True)
class Consent:
    """What somebody answered to a file that was offered."""

    key: str
    address: Address
    user_id: str
    accepted: bool
    context: str
    upload_url: str = ""
    content_url: str = ""
    unique_id: str = ""
    file_type: str = ""
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class Installed:
    """The app was added to a conversation."""

    address: Address


@dataclass(frozen=True, slots=True)
class Uninstalled:
    """The app was removed from a conversation."""

    address: Address


@dataclass(frozen=True, slots=True)
class Unknown:
    """An activity that needs no answer. `is_invoke`: its sender waits for one all the same."""

    is_invoke: bool = False


@dataclass(frozen=True, slots=True)
class NotOurs:
    """A click whose data is not that of one of our buttons."""


Incoming = Asked | Consent | Installed | Uninstalled | Unknown | NotOurs


def read(body: Body, command: str = "/codex") -> Incoming:
    """What happened; raises MalformedError when it cannot be told where or by whom."""
    match _text(body.get("type")):
        case "message":
            return _message(body, command)
        case "invoke":
            return _invoke(body)
        case "installationUpdate":
            removed = _text(body.get("action")).startswith("remove")
            return Uninstalled(address_of(body)) if removed else Installed(address_of(body))
        case "conversationUpdate":
            return _membership(body)
        case "":
            raise MalformedError("type")
        case _:
            return Unknown()


def address_of(body: Body) -> Address:
    """The conversation of an activity."""
    conversation = _inside(body, "conversation")
    conversation_id, service_url = _id(conversation.get("id")), _text(body.get("serviceUrl"))
    if not conversation_id or not service_url:
        raise MalformedError("conversation")
    return Address(conversation_id, service_url, _kind(body), _tenant(body))


def _message(body: Body, command: str) -> Incoming:
    value = body.get("value")
    if isinstance(value, Mapping) and not _text(body.get("text")).strip():
        return _clicked(body, value)
    typed = typed_text(body, command) if isinstance(body.get("text"), str) else "help"
    return _asked(body, typed, is_private=_inside(body, "recipient").get("isTargeted") is True)


def _invoke(body: Body) -> Incoming:
    value = _inside(body, "value")
    match _text(body.get("name")):
        case "adaptiveCard/action":
            return _clicked(body, _inside(_inside(value, "action"), "data"))
        case "fileConsent/invoke":
            return _consent(body, value)
        case _:
            return Unknown(is_invoke=True)


def _clicked(body: Body, data: Mapping[str, Any]) -> Incoming:
    command = data.get("command")
    if not isinstance(command, str) or len(command) > _COMMAND_LIMIT:
        return NotOurs()
    targeted = _inside(body, "recipient").get("isTargeted") is True
    return _asked(body, command.strip(), is_private=targeted or data.get("private") is True)


def _asked(body: Body, text: str, *, is_private: bool) -> Asked:
    address = address_of(body)
    origin = Origin(
        address=address,
        user_id=_sender(body),
        text=text,
        name=_text(_inside(body, "from").get("name")),
        is_private=is_private and address.kind is not PlaceKind.DM,
    )
    return Asked(_key(body, address), origin, address.tenant_id)


def _consent(body: Body, value: Mapping[str, Any]) -> Consent:
    address, upload = address_of(body), _inside(value, "uploadInfo")
    return Consent(
        key=_key(body, address),
        address=address,
        user_id=_sender(body),
        accepted=value.get("action") == "accept",
        context=_text(_inside(value, "context").get("file")),
        upload_url=_text(upload.get("uploadUrl")),
        content_url=_text(upload.get("contentUrl")),
        unique_id=_text(upload.get("uniqueId")),
        file_type=_text(upload.get("fileType")),
        message_id=_text(body.get("replyToId")),
    )


def _membership(body: Body) -> Incoming:
    """Teams tells of the bot's own coming and going as a change of members, too."""
    bot = _text(_inside(body, "recipient").get("id"))
    if bot and bot in _ids(body.get("membersRemoved")):
        return Uninstalled(address_of(body))
    if bot and bot in _ids(body.get("membersAdded")):
        return Installed(address_of(body))
    return Unknown()


def typed_text(body: Body, command: str) -> str:
    """What was typed, without the mention of the bot and without our own slash command in front."""
    text = _text(body.get("text"))
    bot = _text(_inside(body, "recipient").get("id"))
    for entity in _maps(body.get("entities")):
        mentioned = _inside(entity, "mentioned")
        if bot and mentioned.get("id") == bot:
            text = text.replace(_text(entity.get("text")) or f"<at>{_text(mentioned.get('name'))}</at>", " ")
    words = html.unescape(_TAG.sub("", text)).replace("\N{NO-BREAK SPACE}", " ").strip()
    first, _, rest = words.partition(" ")
    if first.lower() == command.lower():
        return rest.strip()
    return words.removeprefix("/")


def _kind(body: Body) -> PlaceKind:
    if _text(_inside(body, "conversation").get("conversationType")) == "personal":
        return PlaceKind.DM
    channel = _inside(_inside(body, "channelData"), "channel")
    return PlaceKind.SHARED if _text(channel.get("type")).lower() == "shared" else PlaceKind.CHANNEL


def _tenant(body: Body) -> str:
    named = _text(_inside(_inside(body, "channelData"), "tenant").get("id"))
    return named or _text(_inside(body, "conversation").get("tenantId"))


def _sender(body: Body) -> str:
    user_id = _id(_inside(body, "from").get("id"))
    if not user_id:
        raise MalformedError("from")
    return user_id


def _key(body: Body, address: Address) -> str:
    activity_id = _id(body.get("id"))
    if not activity_id:
        raise MalformedError("id")
    return f"teams:{address.conversation_id}:{activity_id}"


def _ids(members: object) -> set[str]:
    return {_text(member.get("id")) for member in _maps(members)}


def _maps(items: object) -> list[Body]:
    return [item for item in items if isinstance(item, Mapping)] if isinstance(items, list) else []


def _inside(body: Body, name: str) -> Mapping[str, Any]:
    value = body.get(name)
    return value if isinstance(value, Mapping) else {}


def _id(value: object) -> str:
    """An id that an address can carry: half a surrogate pair, which JSON may hold, is none."""
    text = _text(value)
    return text if text.encode(errors="ignore").decode() == text else ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
