"""The one message of an alert: posted at most once, then only edited."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import structlog
from msgspec.structs import replace

from bot.kit.alerting import PostState, Told
from bot.model.chat import Answer, Reply
from bot.model.message import Destination, MessageRef, Platform
from bot.model.posting import (
    ChannelGone,
    MaybeSent,
    NotInChannel,
    Poster,
    PosterError,
    PosterUnavailable,
    Refused,
    TokenRevoked,
)
from bot.state.alerts import Alert, Alerts, AlertState

LOG = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class OneMessage:
    """Posts and edits through the platform's poster; every step is written down before the next begins.

    Raises TokenRevoked, with the message still to be posted.
    """

    alerts: Alerts
    posters: Mapping[Platform, Poster]
    answer: Callable[[int], Awaitable[Answer]]

    async def bring_up_to_date(self, alert: Alert) -> None:
        """Post the message of an alert that waits for it, or edit one that shows an older state."""
        told = Told.of(alert)
        poster = self.posters.get(told.place.platform) if told.place else None
        if poster is None or told.place is None:  # another replica may have it
            return
        if told.post is PostState.WAITING and alert.state is not AlertState.RESOLVED:
            await self._post(alert, told, poster, told.place)
        elif told.post is PostState.SENDING and alert.message is None:
            # The process that posted did not live to say so: a second message would be worse than none.
            await self._keep(alert, replace(told, post=PostState.UNSURE))
        elif alert.message is not None and told.shown != told.wanted(alert.state):
            await self._edit(alert, told, poster, told.place, alert.message)

    async def _post(self, alert: Alert, told: Told, poster: Poster, place: Destination) -> None:
        reply = await self._reply(alert)
        if reply is None:
            return
        await self._keep(alert, replace(told, post=PostState.SENDING))
        try:
            message = await poster.post(place, reply)
        except PosterError as error:
            await self._not_posted(alert, told, poster, error)
            return
        await self.alerts.posted(alert.number, message)
        # Without its picture the message is not yet what it should be.
        shown = "" if reply.pictures else told.wanted(alert.state)
        posted = replace(told, post=PostState.POSTED, shown=shown)
        await self._keep(alert, posted)
        if reply.pictures:
            await self._show(alert, posted, poster, place, message, reply)

    async def _edit(
        self, alert: Alert, told: Told, poster: Poster, place: Destination, message: MessageRef
    ) -> None:
        reply = await self._reply(alert)
        if reply is not None:
            await self._show(alert, told, poster, place, message, reply)

    async def _show(
        self,
        alert: Alert,
        told: Told,
        poster: Poster,
        place: Destination,
        message: MessageRef,
        reply: Reply,
    ) -> None:
        try:
            await poster.add_picture(place, message, reply)
        except (PosterUnavailable, MaybeSent):
            return  # editing again changes nothing, so the next round may
        except (ChannelGone, NotInChannel, Refused) as error:
            LOG.warning("alert_not_edited", alert=alert.id, error=type(error).__name__)
        await self._keep(alert, replace(told, post=PostState.POSTED, shown=told.wanted(alert.state)))

    async def _not_posted(self, alert: Alert, told: Told, poster: Poster, error: PosterError) -> None:
        match error:
            case PosterUnavailable():
                await self._keep(alert, told)
            case TokenRevoked():
                await self._keep(alert, told)
                raise error
            case MaybeSent():
                await self._keep(alert, replace(told, post=PostState.UNSURE))
            case _:
                await self._keep(alert, replace(told, post=PostState.REFUSED))
                LOG.warning("alert_not_posted", alert=alert.id, error=type(error).__name__)
                await self._tell_owner(alert, told, poster)

    async def _tell_owner(self, alert: Alert, told: Told, poster: Poster) -> None:
        if not told.owner_id:
            return
        lead = told.text.partition("\n")[0]
        text = f"{lead} I could not post {alert.id} to its channel; `alerts {alert.id}` shows it."
        try:
            await poster.tell_owner(told.owner_id, text)
        except TokenRevoked:
            raise
        except PosterError as error:
            LOG.warning("owner_not_told", alert=alert.id, error=type(error).__name__)

    async def _reply(self, alert: Alert) -> Reply | None:
        answer = await self.answer(alert.number)
        if isinstance(answer, Reply):
            return answer
        LOG.warning("alert_not_rendered", alert=alert.id, code=answer.code.value)
        return None

    async def _keep(self, alert: Alert, told: Told) -> None:
        await self.alerts.keep(alert.number, told.to_json())
