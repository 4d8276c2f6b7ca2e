"""What happens between "an activity came in" and "it was answered"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

import structlog

from bot.dispatch.words import refusal
from bot.kit.exportfiles import discard
from bot.model.chat import Answer, Refusal, RefusalCode, Request
from bot.model.errors import PulseError, Unavailable
from bot.teams.consent import Offers
from bot.teams.deliver import Delivery, Manners
from bot.teams.incoming import Asked, Consent, Incoming, Installed, Uninstalled
from bot.teams.outbox import GONE, Outbox
from bot.teams.people import People
from bot.teams.ports import Answerer, Conversations, Directory, Seen

log = structlog.get_logger(__name__)

_NOT_LOOKED_UP = Refusal(
    RefusalCode.UNAVAILABLE, "I could not look you up in Teams.", "Please try again in a minute."
)


@dataclass(frozen=True, slots=True)
class Counsel:
    """Who answers, who asks, what was seen, where the app is installed, and the time."""

    answerer: Answerer
    directory: Directory
    seen: Seen
    conversations: Conversations
    clock: Callable[[], datetime]


class Desk:
    """Takes each activity once; finds out who and where; lets it be answered; delivers."""

    def __init__(
        self,
        counsel: Counsel,
        outbox: Outbox,
        people: People,
        delivery: Delivery,
        offers: Offers,
        manners: Manners,
    ) -> None:
        self._counsel = counsel
        self._outbox = outbox
        self._people = people
        self._delivery = delivery
        self._offers = offers
        self._manners = manners

    async def serve(self, incoming: Incoming) -> None:
        """Do what an activity asks for; a second delivery of it does nothing."""
        match incoming:
            case Asked():
                await self._asked(incoming)
            case Consent():
                if await self._counsel.seen.first_time(incoming.key):
                    await self._offers.settle(incoming, self._outbox, self._manners.look())
            case Installed():
                await self._counsel.conversations.remember(incoming.address.root)
                log.info("teams_installed", kind=incoming.address.kind.value)
            case Uninstalled():
                await self._counsel.conversations.forget(incoming.address.place_id)
                log.info("teams_uninstalled", kind=incoming.address.kind.value)
            case _:
                log.info("teams_activity_ignored", kind=type(incoming).__name__)

    async def _asked(self, asked: Asked) -> None:
        try:
            first = await self._counsel.seen.first_time(asked.key)
            await self._counsel.conversations.remember(asked.origin.address.root)
        except Unavailable as error:  # it may have been answered before, so only that is said
            await self._delivery.deliver(refusal(error), asked.origin)
            return
        if not first:
            log.info("teams_duplicate_dropped")
            return
        answer = await self._answer(asked)
        try:
            await self._delivery.deliver(answer, asked.origin)
        finally:
            discard(answer)
        log.info("teams_answered", answer=type(answer).__name__)

    async def _answer(self, asked: Asked) -> Answer:
        """Levels are looked up anew for every request, a click included."""
        origin, counsel = asked.origin, self._counsel
        try:
            profile = await self._people.profile(origin.address, origin.user_id)
            asker = await counsel.directory.asker(profile)
            place = await counsel.directory.place(origin.address.place_id, origin.address.kind)
            place = replace(place, address=origin.address.service_url)
        except (*GONE, PulseError) as failed:
            log.warning("teams_directory_failed", error=type(failed).__name__)
            return _NOT_LOOKED_UP
        return await counsel.answerer(Request(origin.text, asker, place, counsel.clock(), id=uuid4().hex))
