"""What happens between "somebody asked" and "it was delivered"."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import aiohttp
import structlog

from bot.dispatch.words import refusal
from bot.kit.exportfiles import discard
from bot.model.chat import Answer, Refusal, RefusalCode, Request
from bot.model.errors import PulseError, Unavailable
from bot.slack.deliver import Delivery
from bot.slack.home import QUESTIONS, HomePage
from bot.slack.incoming import Incoming, Visit
from bot.slack.outbox import RefusedBySlackError, UnconfirmedError
from bot.slack.ports import Answerer, Directory, Seen

log = structlog.get_logger(__name__)

_NOT_LOOKED_UP = (PulseError, RefusedBySlackError, UnconfirmedError, aiohttp.ClientError, TimeoutError)


class Desk:
    """Takes what was asked, once; finds out who and where; lets it be answered; delivers."""

    def __init__(
        self,
        answerer: Answerer,
        directory: Directory,
        seen: Seen,
        delivery: Delivery,
        clock: Callable[[], datetime],
    ) -> None:
        self._answerer = answerer
        self._directory = directory
        self._seen = seen
        self._delivery = delivery
        self._clock = clock

    async def serve(self, incoming: Incoming) -> None:
        """Answer one delivery; a second one of the same is dropped."""
        try:
            first = await self._seen.first_time(incoming.key)
        except Unavailable as error:  # it may have been answered before, so only that is said
            await self._delivery.deliver(refusal(error), incoming.origin)
            return
        if not first:
            log.info("slack_duplicate_dropped", kind=incoming.key.partition(":")[0])
            return
        answer = await self._answer(incoming)
        try:
            await self._delivery.deliver(answer, incoming.origin)
        finally:
            discard(answer)
        log.info("slack_answered", kind=incoming.key.partition(":")[0], answer=type(answer).__name__)

    async def home(self, visit: Visit) -> HomePage | None:
        """What the Home of a person shows; None when Slack does not say who it is."""
        try:
            asker = await self._directory.asker(visit.user_id, visit.team_id, visit.enterprise_id)
            place = await self._directory.place(visit.user_id)
        except _NOT_LOOKED_UP as failed:
            log.warning("slack_directory_failed", error=type(failed).__name__)
            return None
        answers = {}
        for text in QUESTIONS if asker.levels else ():
            answers[text] = await self._answerer(Request(text, asker, place, self._clock(), id=uuid4().hex))
        return HomePage(asker, answers)

    async def _answer(self, incoming: Incoming) -> Answer:
        origin = incoming.origin
        try:
            asker = await self._directory.asker(origin.user_id, incoming.team_id, incoming.enterprise_id)
            place = await self._directory.place(
                origin.channel_id, incoming.channel_name, is_shared=incoming.is_shared
            )
        except _NOT_LOOKED_UP as failed:
            log.warning("slack_directory_failed", error=type(failed).__name__)
            return Refusal(
                RefusalCode.UNAVAILABLE, "I could not look you up in Slack.", "Please try again in a minute."
            )
        return await self._answerer(Request(origin.text, asker, place, self._clock(), id=uuid4().hex))
