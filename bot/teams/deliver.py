"""Brings an answer to the right people, with its pictures and files as this conversation can have them."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog

from bot.model.chat import Answer, Audience, File, Picture, PlaceKind, Refusal, RefusalCode, Reply
from bot.teams import limits
from bot.teams.consent import Offers
from bot.teams.incoming import Origin
from bot.teams.links import Kept, Links
from bot.teams.look import Capabilities, Frame, Look
from bot.teams.outbox import GONE, NotSentError, Outbox, RefusedByTeamsError
from bot.teams.ports import Address, Ending, NoEnding
from bot.teams.render import Activity, render

log = structlog.get_logger(__name__)

_PNG = "image/png"
_NO_LINKS = "Files cannot be sent here: ask again in a personal chat with me."
_FILE_LOST = "A file could not be sent: please ask again."
_IN_CHAT = "You asked in a channel or group chat; what is private comes here."
_TOO_LARGE = 413


class NoLinkError(NotSentError):
    """A file cannot be linked to: it is gone, or there is no public address."""

    def __init__(self) -> None:
        super().__init__("no link to a file")


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that stands."""

    address: Address
    activity_id: str
    is_targeted: bool = False


@dataclass(frozen=True, slots=True)
class Manners:
    """How the bot speaks: the clock, its command, what clients can show, where linked things are kept.

    Without `links` pictures stand inside the card and files go by consent in personal chats only.
    """

    clock: Callable[[], datetime]
    command: str = "/codex"
    can: Capabilities = field(default_factory=Capabilities)
    links: Links | None = None
    link_pictures: bool = False

    def look(self) -> Look:
        """What rendering needs, now."""
        return Look(now=self.clock(), command=self.command, can=self.can)


class Delivery:
    """Sends answers as design section 7 says: aggregates into the place, the rest to the asker."""

    def __init__(
        self, outbox: Outbox, manners: Manners, offers: Offers | None = None, ending: Ending | None = None
    ) -> None:
        self._outbox = outbox
        self._manners = manners
        self._offers = offers
        self._ending = ending or NoEnding()

    async def deliver(self, answer: Answer, origin: Origin) -> None:
        """Send `answer`; a failure of Teams is logged, never raised."""
        try:
            if origin.address.kind is PlaceKind.DM:
                await self._personally(answer, origin.address, origin.user_id, Frame())
            elif isinstance(answer, Reply) and answer.dm_only:
                await self._in_personal_chat(answer, origin)
            elif isinstance(answer, Reply) and answer.audience is Audience.HERE and not origin.is_private:
                await self._here(answer, origin)
            else:
                await self._privately(answer, origin)
        except GONE as failed:
            log.warning("teams_answer_undelivered", error=str(failed))

    async def post(self, answer: Answer, address: Address, frame: Frame | None = None) -> Posted:
        """Post where all can see it; raises what the outbox raises."""
        activity = await self._activity(answer, frame or Frame(), with_files=address.kind is not PlaceKind.DM)
        return Posted(address, await self._sent(address, activity, answer))

    async def update(self, posted: Posted, answer: Answer, frame: Frame | None = None) -> None:
        """Replace a message; raises what the outbox raises."""
        activity = await self._activity(answer, frame or Frame(), with_files=False)
        await self._outbox.update(
            posted.address, posted.activity_id, activity, is_targeted=posted.is_targeted
        )

    async def send_file(self, file: File, address: Address, user_id: str = "") -> None:
        """Offer a file in a personal chat, link to it elsewhere; raises what the outbox does, and OSError.

        NoLinkError where there can be no link.
        """
        if address.kind is PlaceKind.DM and self._offers is not None:
            await self._outbox.send(address, await self._offers.offer(file, user_id))
            return
        links = await self._file_links((file,))
        if not links:
            raise NoLinkError
        reply = Reply("file", file.name)
        await self._outbox.send(address, render(reply, self._manners.look(), Frame(links=links)))

    async def _here(self, reply: Reply, origin: Origin) -> None:
        """For all in the conversation; for the asker when the bot may not post there."""
        try:
            await self.post(reply, origin.address, Frame(origin.name or "a member", origin.text))
        except RefusedByTeamsError as refused:
            log.info("teams_post_refused", error=str(refused))
            await self._privately(reply, origin)

    async def _personally(self, answer: Answer, address: Address, user_id: str, frame: Frame) -> None:
        sent_id = await self._sent(address, await self._activity(answer, frame, with_files=False), answer)
        if isinstance(answer, Reply) and answer.expires_at:
            await self._ending.message(address, sent_id, answer.expires_at)
        for file in answer.files if isinstance(answer, Reply) else ():
            await self._offered(file, address, user_id)

    async def _privately(self, answer: Answer, origin: Origin) -> None:
        """A message in the conversation that only the asker sees; if Teams refuses it, the personal chat."""
        frame = Frame(is_private=True)
        activity = await self._activity(answer, frame, with_files=True)
        targeted = {**activity, "recipient": {"id": origin.user_id, "isTargeted": True}}
        try:
            await self._outbox.send(origin.address, targeted, is_targeted=True)
        except RefusedByTeamsError as refused:
            log.info("teams_targeted_refused", error=str(refused))
            await self._in_personal_chat(answer, origin)

    async def _in_personal_chat(self, answer: Answer, origin: Origin) -> None:
        chat = await self._outbox.personal(origin.address, origin.user_id)
        await self._personally(answer, chat, origin.user_id, Frame(note=_IN_CHAT))

    async def _sent(self, address: Address, activity: Activity, answer: Answer) -> str:
        """Send; when it is too large after all, without pictures."""
        try:
            return await self._outbox.send(address, activity)
        except RefusedByTeamsError as refused:
            if refused.status != _TOO_LARGE or not isinstance(answer, Reply) or not answer.pictures:
                raise
            log.warning("teams_message_too_large")
            return await self._outbox.send(address, render(answer, self._manners.look()))

    async def _activity(self, answer: Answer, frame: Frame, *, with_files: bool) -> Activity:
        if isinstance(answer, Refusal):
            return render(answer, self._manners.look(), frame)
        if with_files and answer.files:
            links = await self._file_links(answer.files)
            note = "" if links else _NO_LINKS
            frame = replace(frame, links=links, note=frame.note or note)
        return render(answer, self._manners.look(), frame, await self._urls(answer.pictures))

    async def _urls(self, pictures: Sequence[Picture]) -> tuple[str, ...]:
        """Where clients find the pictures; none when one of them cannot be shown, then the table says it."""
        if not all(_showable(picture) for picture in pictures):
            log.warning("teams_picture_too_large")
            return ()
        if not self._manners.link_pictures or self._manners.links is None:
            return tuple(f"data:{_PNG};base64,{base64.b64encode(p.png).decode()}" for p in pictures)
        return await self._linked([Kept(p.png, p.name, _PNG) for p in pictures])

    async def _file_links(self, files: Sequence[File]) -> tuple[tuple[str, str], ...]:
        if self._manners.links is None:
            return ()
        try:
            kept = [Kept(await asyncio.to_thread(f.path.read_bytes), f.name, f.media_type) for f in files]
        except OSError as failed:
            log.warning("teams_file_failed", error=type(failed).__name__)
            return ()
        urls = await self._linked(kept)
        return tuple((file.name, url) for file, url in zip(files, urls, strict=False))

    async def _linked(self, things: Sequence[Kept]) -> tuple[str, ...]:
        links = self._manners.links
        if links is None:
            return ()
        try:
            return tuple([await asyncio.to_thread(links.link, kept) for kept in things])
        except OSError as failed:
            log.warning("teams_link_failed", error=type(failed).__name__)
            return ()

    async def _offered(self, file: File, address: Address, user_id: str) -> None:
        """A file that cannot be offered is said and does not stop the others."""
        try:
            await self.send_file(file, address, user_id)
        except (*GONE, OSError) as failed:
            log.warning("teams_file_failed", error=type(failed).__name__)
            lost = Refusal(RefusalCode.UNAVAILABLE, _FILE_LOST)
            await self._outbox.send(address, render(lost, self._manners.look()))


def _showable(picture: Picture) -> bool:
    sides = (picture.width_px, picture.height_px)
    return len(picture.png) <= limits.PICTURE_BYTES and max(sides) <= limits.PICTURE_PX
