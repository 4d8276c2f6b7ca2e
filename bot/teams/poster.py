"""Scheduled posts to Teams: the message first, its picture by an edit, files behind links in its thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import structlog

from bot.model.chat import File, PlaceKind, Reply
from bot.model.message import Destination, MessageRef
from bot.model.posting import (
    ChannelGone,
    MaybeSent,
    NotInChannel,
    PosterError,
    PosterUnavailable,
    Refused,
    TokenRevoked,
)
from bot.teams.deliver import Delivery, NoLinkError, Posted
from bot.teams.outbox import NotSentError, Outbox, RefusedByTeamsError, UnconfirmedError
from bot.teams.people import People
from bot.teams.ports import Address, Conversations, Profile

log = structlog.get_logger(__name__)

_NOT_FOUND = 404
_CHANNEL_SUFFIX = "@thread.tacv2"
_NO_CONVERSATION = "ConversationNotFound"


@dataclass(frozen=True, slots=True)
class TeamsPoster:
    """The `Poster` of one organisation. Its outbox must not retry posts."""

    outbox: Outbox
    delivery: Delivery
    conversations: Conversations
    people: People
    tenant_id: str

    async def post(self, place: Destination, reply: Reply) -> MessageRef:
        """Post headline, text and card without pictures; raises PosterError."""
        address = await self._address(place)
        with _translated(MaybeSent):
            posted = await self.delivery.post(replace(reply, pictures=(), files=()), address)
        return MessageRef(place.place_id, posted.activity_id)

    async def add_picture(self, place: Destination, message: MessageRef, reply: Reply) -> None:
        """Edit the message so that it shows `reply`; raises PosterError."""
        address = await self._address(place)
        with _translated(PosterUnavailable):
            await self.delivery.update(Posted(address, message.message_id), replace(reply, files=()))

    async def add_file(self, place: Destination, message: MessageRef, file: File) -> None:
        """Send a link to a file, in a channel under the message; raises PosterError.

        A consent card would need to know who clicks it, and nobody asked.
        """
        address = replace(_under(await self._address(place), message), kind=PlaceKind.CHANNEL)
        with _translated(MaybeSent):
            await self.delivery.send_file(file, address)

    async def tell_owner(self, owner_id: str, text: str) -> None:
        """Send a card of plain text to the personal chat of an Entra object id; raises PosterError."""
        home = await self.conversations.newest(self.tenant_id)
        if home is None:
            raise NotInChannel
        with _translated(PosterUnavailable):
            chat = await self.outbox.personal(home, owner_id)
        with _translated(MaybeSent):
            await self.delivery.post(Reply("notice", text), chat)

    async def profile(self, place: Destination, owner_id: str) -> Profile | None:
        """The member of the place with an Entra object id, None when not in it; raises PosterError."""
        address = await self._address(place)
        try:
            return await self.people.profile(address, owner_id)
        except RefusedByTeamsError as refused:
            if refused.status == _NOT_FOUND and refused.code != _NO_CONVERSATION:
                return None
            raise of_refusal(refused) from refused
        except NotSentError as unsent:
            raise PosterUnavailable(unsent.retry_after_seconds) from unsent
        except UnconfirmedError as unsure:
            raise PosterUnavailable from unsure

    async def _address(self, place: Destination) -> Address:
        """Where the conversation is now; as it was when it was set up, if nothing newer is known."""
        known = await self.conversations.find(place.place_id)
        if known is not None:
            return known
        if not place.address:
            raise NotInChannel
        return Address(place.place_id, place.address, place.kind, self.tenant_id)


def _under(address: Address, message: MessageRef) -> Address:
    """The thread of a message: channels have threads, chats have none."""
    if not address.conversation_id.endswith(_CHANNEL_SUFFIX):
        return address
    return replace(address, conversation_id=f"{address.place_id};messageid={message.message_id}")


@contextmanager
def _translated(unsure_error: type[PosterUnavailable | MaybeSent]) -> Iterator[None]:
    """`unsure_error`: a post would be seen twice, so it is not repeated; an edit may be."""
    try:
        yield
    except RefusedByTeamsError as refused:
        log.warning("teams_scheduled_refused", error=str(refused))
        raise of_refusal(refused) from refused
    except NoLinkError as unlinked:
        log.warning("teams_file_not_linked")
        raise Refused from unlinked
    except NotSentError as unsent:
        log.warning("teams_scheduled_not_sent", error=str(unsent))
        raise PosterUnavailable(unsent.retry_after_seconds) from unsent
    except UnconfirmedError as unsure:
        log.warning("teams_scheduled_unconfirmed", error=str(unsure))
        raise unsure_error from unsure


def of_refusal(refused: RefusedByTeamsError) -> PosterError:
    """What a refusal of Teams means for a scheduled post."""
    match refused.status:
        case 401:
            return TokenRevoked()
        case 403:
            return NotInChannel()
        case 404 | 410:
            is_message = "activity" in refused.code.lower() or "message" in refused.code.lower()
            return Refused() if is_message else ChannelGone()
        case _:
            return Refused()
