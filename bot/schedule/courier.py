"""Brings one claimed run to its place: compute, post, picture, files."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.kit.exportfiles import discard
from bot.model.chat import Audience, File, PlaceKind, Refusal, RefusalCode, Reply
from bot.model.message import Destination, MessageRef, Platform
from bot.schedule.attempt import Attempt
from bot.schedule.due import as_posted
from bot.schedule.ports import (
    Answerer,
    ChannelGone,
    MaybeSent,
    NotInChannel,
    Poster,
    PosterError,
    PosterUnavailable,
    Refused,
    TokenRevoked,
)
from bot.state.deliveries import DeliveryError, DeliveryStep, FileState
from bot.state.subscriptions import Subscription

_REFUSALS = {
    RefusalCode.NOT_ALLOWED: DeliveryError.NOT_ALLOWED,
    RefusalCode.WRONG_USE: DeliveryError.WRONG_USE,
    RefusalCode.BUG: DeliveryError.BUG,
}


@dataclass(frozen=True, slots=True)
class _Outlet:
    """A place and the platform that posts to it."""

    poster: Poster
    place: Destination


@dataclass(frozen=True, slots=True)
class Courier:
    """Delivers with one answerer and one poster per platform."""

    answer: Answerer
    posters: Mapping[Platform, Poster]

    async def deliver(self, attempt: Attempt, subscription: Subscription) -> None:
        """Continue where the delivery stands, to its end or until it must wait.

        Raises TokenRevoked, and LeaseLost when another process has taken the delivery over.
        """
        try:
            reply = await self._compute(attempt, subscription)
            if reply is not None:
                await self._sent(attempt, subscription, reply)
        except PosterError as error:
            await _cannot(attempt, error)

    async def _sent(self, attempt: Attempt, subscription: Subscription, reply: Reply) -> None:
        try:
            await _send(attempt, self._outlet(subscription.wanted.destination), reply)
        finally:
            # an answer that has to wait is made again
            await asyncio.to_thread(discard, reply)

    def _outlet(self, place: Destination) -> _Outlet:
        poster = self.posters.get(place.platform)
        if poster is None:  # another replica may have it
            raise PosterUnavailable
        return _Outlet(poster, place)

    async def _compute(self, attempt: Attempt, subscription: Subscription) -> Reply | None:
        # Also when only the picture is missing: the bytes of an answer are never stored.
        delivery, wanted = attempt.delivery, subscription.wanted
        answer = await self.answer(subscription, delivery.planned_at)
        if isinstance(answer, Refusal):
            await _refused(attempt, answer.code)
            return None
        if answer.audience is Audience.ASKER and wanted.destination.kind is not PlaceKind.DM:
            await attempt.end(DeliveryStep.FAILED, DeliveryError.PRIVATE)
            return None
        if delivery.step is DeliveryStep.CLAIMED:
            await attempt.to(DeliveryStep.COMPUTED, receipt_id=answer.footer.receipt)
        return as_posted(answer, delivery, wanted.schedule, attempt.pace, attempt.clock())


async def _send(attempt: Attempt, outlet: _Outlet, reply: Reply) -> None:
    message = attempt.delivery.message or await _post(attempt, outlet, reply)
    if attempt.delivery.step is DeliveryStep.POSTED:
        await _picture(attempt, outlet, message, reply)
    if attempt.delivery.step is DeliveryStep.PICTURED:
        for file in reply.files:
            await _file(attempt, outlet, message, file)
        await attempt.to(DeliveryStep.FILED)
    await attempt.end(DeliveryStep.DONE, attempt.delivery.error)


async def _post(attempt: Attempt, outlet: _Outlet, reply: Reply) -> MessageRef:
    await attempt.to(DeliveryStep.POSTING)
    message = await outlet.poster.post(outlet.place, reply)
    await attempt.to(
        DeliveryStep.POSTED,
        message_place=message.place_id,
        message_id=message.message_id,
        posted_at=attempt.clock(),
        error=DeliveryError.NONE.value,
    )
    return message


async def _picture(attempt: Attempt, outlet: _Outlet, message: MessageRef, reply: Reply) -> None:
    error = attempt.delivery.error
    if reply.pictures:
        try:
            await outlet.poster.add_picture(outlet.place, message, reply)
        except Refused:
            error = DeliveryError.PICTURE
    await attempt.to(DeliveryStep.PICTURED, error=error.value)


async def _file(attempt: Attempt, outlet: _Outlet, message: MessageRef, file: File) -> None:
    held = attempt.delivery.files.get(file.name)
    if held is FileState.SENDING:
        await attempt.mark_file(file.name, FileState.UNKNOWN)
    if held is not None:
        return
    await attempt.mark_file(file.name, FileState.SENDING)
    try:
        await outlet.poster.add_file(outlet.place, message, file)
    except (MaybeSent, Refused):
        await attempt.mark_file(file.name, FileState.UNKNOWN)
    except PosterError:
        await attempt.mark_file(file.name, None)
        raise
    else:
        await attempt.mark_file(file.name, FileState.DONE)


async def _refused(attempt: Attempt, code: RefusalCode) -> None:
    error = _REFUSALS.get(code)
    if error is None:
        # The source may be back before the grace is over.
        await attempt.hold(attempt.pace.source_retry, DeliveryError.SOURCE)
    else:
        await attempt.end(DeliveryStep.FAILED, error)


async def _cannot(attempt: Attempt, error: PosterError) -> None:
    match error:
        case ChannelGone():
            await attempt.end(DeliveryStep.FAILED, DeliveryError.CHANNEL_GONE)
        case NotInChannel():
            await attempt.end(DeliveryStep.FAILED, DeliveryError.NOT_IN_CHANNEL)
        case MaybeSent() if attempt.delivery.step is DeliveryStep.POSTING:
            await attempt.end(DeliveryStep.UNKNOWN, DeliveryError.MAYBE_SENT)
        case PosterUnavailable() | MaybeSent():
            asked = timedelta(seconds=getattr(error, "retry_after_seconds", None) or 0)
            await attempt.hold(max(asked, attempt.pace.retry), DeliveryError.PLATFORM)
        case TokenRevoked():
            await attempt.hold(timedelta(), DeliveryError.PLATFORM)
            raise error
        case _:
            await attempt.end(DeliveryStep.FAILED, DeliveryError.REFUSED)
