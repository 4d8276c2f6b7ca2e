"""Brings an answer to the right people, with its pictures when Slack takes them and without when not."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog

from bot.model.chat import Answer, Audience, File, Refusal, RefusalCode, Reply
from bot.slack.incoming import Origin
from bot.slack.outbox import Content, Outbox, RefusedBySlackError, Share, UnconfirmedError
from bot.slack.ports import Ending, NoEnding
from bot.slack.posting import Manners, Posted, Posting
from bot.slack.render import Frame, render
from bot.slack.whisper import GONE, Whisper

__all__ = ["Delivery", "Manners"]

log = structlog.get_logger(__name__)

_NOT_A_MEMBER = frozenset({"not_in_channel", "channel_not_found"})
_NO_CHART_BY_DM = "I could not send you the chart or file by direct message."
_FILE_LOST = "One file could not be sent: please ask again."
_NO_DM = Refusal(
    RefusalCode.UNAVAILABLE,
    "I could not send you the answer by direct message, and it is shown nowhere else.",
    "Open a direct message with me and ask again.",
)
_UNCONFIRMED = Refusal(
    RefusalCode.UNAVAILABLE, "Slack did not confirm the answer.", "If it does not show up, ask again."
)


class Delivery:
    """Sends answers as design section 7 says: aggregates into the place, the rest to the asker."""

    def __init__(self, outbox: Outbox, manners: Manners, ending: Ending | None = None) -> None:
        self._outbox = outbox
        self._manners = manners
        self._posting = Posting(outbox, manners)
        self._ending = ending or NoEnding()

    async def deliver(self, answer: Answer, origin: Origin) -> None:
        """Send `answer`; a failure of Slack is told to the asker or logged, never raised."""
        whisper = Whisper(self._outbox, origin, self._manners.clock)
        match answer:
            case Refusal():
                await whisper.say(render(answer, self._manners.look()))
            case Reply(audience=Audience.HERE):
                await self._here(answer, origin, whisper)
            case Reply(dm_only=True):
                await self._directly(answer, origin, whisper)
            case Reply():
                await self._to_asker(answer, origin, whisper)

    async def _here(self, reply: Reply, origin: Origin, whisper: Whisper) -> None:
        frame = Frame(origin.user_id, origin.text)
        try:
            posted = await self._posting.post(reply, Share(origin.channel_id, origin.thread_ts), frame)
        except RefusedBySlackError as refused:
            log.info("slack_post_refused", error=refused.code)
            await self._without_membership(reply, frame, whisper, invite=refused.code in _NOT_A_MEMBER)
        except UnconfirmedError:
            log.warning("slack_post_unconfirmed")
            await whisper.say(render(_UNCONFIRMED, self._manners.look()))
        else:
            await whisper.clear()
            await self._attach(reply.files, Share(posted.channel_id, posted.ts), whisper)

    async def _without_membership(
        self, reply: Reply, frame: Frame, whisper: Whisper, *, invite: bool
    ) -> None:
        """The answer through response_url: for all when the bot is merely not invited, else for the asker."""
        wanting = invite and bool(reply.pictures)
        note = f"Invite {self._manners.bot_mention} to this channel for charts." if wanting else ""
        framed = Frame(frame.asker_id, frame.asked, note)
        message = render(reply.without_pictures(), self._manners.look(), framed)
        if invite and await whisper.announce(message):
            await whisper.clear()
        else:
            await whisper.say(message)

    async def _to_asker(self, reply: Reply, origin: Origin, whisper: Whisper) -> None:
        if not reply.pictures and not reply.files:
            await whisper.say(render(reply, self._manners.look()))
            return
        try:
            posted = await self._posting.post(
                reply, Share(origin.user_id), Frame(origin.user_id, origin.text)
            )
        except GONE as failed:
            log.warning("slack_dm_failed", error=str(failed))
            lost = Frame(note=_NO_CHART_BY_DM)
            await whisper.say(render(reply.without_pictures(), self._manners.look(), lost))
            return
        if posted.channel_id == origin.channel_id:
            await whisper.clear()
        else:
            note = await self._where(posted)
            await whisper.say(render(reply, self._manners.look(), Frame(note=note)))
        await self._attach(reply.files, Share(posted.channel_id), whisper)

    async def _directly(self, reply: Reply, origin: Origin, whisper: Whisper) -> None:
        """Into the direct message and nowhere else; all that is sent is noted for its end."""
        file_ids = await self._posting.uploaded(reply.pictures)
        await self._ends(reply, file_ids)
        try:
            share, frame = Share(origin.user_id), Frame(origin.user_id, origin.text)
            posted = await self._posting.post_uploaded(reply, share, frame, file_ids)
        except GONE as failed:
            log.warning("slack_dm_failed", error=str(failed))
            await whisper.say(render(_NO_DM, self._manners.look()))
            return
        if reply.expires_at:
            await self._ending.message(posted.channel_id, posted.ts, reply.expires_at)
        if posted.channel_id == origin.channel_id:
            await whisper.clear()
        else:
            told = Reply(reply.command, "The answer is in our direct message.", audience=Audience.ASKER)
            await whisper.say(render(told, self._manners.look(), Frame(note=await self._where(posted))))
        await self._ends(reply, await self._attach(reply.files, Share(posted.channel_id), whisper))

    async def _ends(self, reply: Reply, file_ids: Sequence[str]) -> None:
        if reply.expires_at:
            await self._ending.files(file_ids, reply.expires_at)

    async def _where(self, posted: Posted) -> str:
        """A line that leads to the direct message; without a link when Slack gives none."""
        try:
            args = {"channel": posted.channel_id, "message_ts": posted.ts}
            link = (await self._outbox.call("chat.getPermalink", args)).get("permalink")
        except GONE as failed:
            log.warning("slack_permalink_failed", error=str(failed))
            link = None
        return f"More in <{link}|our direct message>." if link else "More in our direct message."

    async def _attach(self, files: Sequence[File], share: Share, whisper: Whisper) -> tuple[str, ...]:
        """Files go below the message; one that fails is said and does not stop the others. Their ids."""
        sent = []
        for file in files:
            try:
                data = await asyncio.to_thread(file.path.read_bytes)
                sent.append(await self._outbox.upload(Content(data, file.name, file.name), share))
            except (*GONE, OSError) as failed:
                log.warning("slack_file_failed", error=type(failed).__name__)
                await whisper.say(render(Refusal(RefusalCode.UNAVAILABLE, _FILE_LOST), self._manners.look()))
        return tuple(sent)
