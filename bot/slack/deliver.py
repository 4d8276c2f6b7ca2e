"""Brings an answer to the right people, with its pictures when Slack takes them and without when not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.model.chat import Answer, Audience, File, Picture, Refusal, RefusalCode, Reply
from bot.slack import limits
from bot.slack.clients import Sleep
from bot.slack.incoming import Origin
from bot.slack.outbox import Args, Content, Outbox, RefusedBySlackError, Share, UnconfirmedError
from bot.slack.ports import Ending, NoEnding, Sealer
from bot.slack.render import Frame, Look, Message, render, render_native
from bot.slack.whisper import GONE, Whisper, plainer, shown

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


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that stands: its conversation and `ts`."""

    channel_id: str
    ts: str


@dataclass(frozen=True, slots=True)
class Manners:
    """How the bot speaks: its command, its mention for invitations, the clock, pauses and sealed controls.

    `native_charts`: whether Slack may draw what fits its own charts.
    """

    sealer: Sealer
    clock: Callable[[], datetime]
    sleep: Sleep = asyncio.sleep
    command: str = "/codex"
    bot_mention: str = "@codex-pulse"
    native_charts: bool = False

    def look(self) -> Look:
        """What rendering needs, now."""
        return Look(self.clock(), self.sealer.seal, self.command, self.native_charts)


class Delivery:
    """Sends answers as design section 7 says: aggregates into the place, the rest to the asker."""

    def __init__(self, outbox: Outbox, manners: Manners, ending: Ending | None = None) -> None:
        self._outbox = outbox
        self._manners = manners
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
            posted = await self.post(reply, Share(origin.channel_id, origin.thread_ts), frame)
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
            posted = await self.post(reply, Share(origin.user_id), Frame(origin.user_id, origin.text))
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
        file_ids = await self._uploaded(reply.pictures)
        await self._ends(reply, file_ids)
        try:
            share, frame = Share(origin.user_id), Frame(origin.user_id, origin.text)
            posted = await self._posted(reply, share, frame, file_ids)
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

    async def post(self, reply: Reply, share: Share, frame: Frame) -> Posted:
        """Post with pictures, else with the table behind them, else only the text; raises the last refusal.

        Slack's own charts, where wanted, are tried before the pictures.
        """
        native = render_native(reply, self._manners.look(), frame)
        if native and (posted := await self._tried(native, share)):
            return posted
        return await self._posted(reply, share, frame, await self._uploaded(reply.pictures))

    async def _tried(self, message: Message, share: Share) -> Posted | None:
        """Post; None when Slack does not take these blocks, so that nothing was posted."""
        try:
            return await self._post(shown(message), share)
        except RefusedBySlackError as refused:
            if refused.code != "invalid_blocks":
                raise
            log.warning("slack_chart_refused", details=len(refused.details))
            return None

    async def _posted(self, reply: Reply, share: Share, frame: Frame, file_ids: Sequence[str]) -> Posted:
        if file_ids:
            try:
                return await self._with_pictures(render(reply, self._manners.look(), frame, file_ids), share)
            except RefusedBySlackError as refused:
                if refused.code != "invalid_blocks":
                    raise
                log.warning("slack_picture_refused")
        return await self._without_pictures(
            render(reply.without_pictures(), self._manners.look(), frame), share
        )

    async def _without_pictures(self, message: Message, share: Share) -> Posted:
        """The blocks, else those that Slack has known for long, else the text."""
        attempts = [shown(message), {"text": message.text}]
        if message.plain_blocks is not None:
            attempts.insert(1, shown(plainer(message)))
        for body in attempts[:-1]:
            try:
                return await self._post(body, share)
            except RefusedBySlackError as refused:
                if refused.code != "invalid_blocks":
                    raise
                log.warning("slack_blocks_refused", details=len(refused.details))
        return await self._post(attempts[-1], share)

    async def _with_pictures(self, message: Message, share: Share) -> Posted:
        """With Slack's newest blocks, else with plain ones: the picture stays."""
        try:
            return await self._post_with_files(message, share)
        except RefusedBySlackError as refused:
            if refused.code != "invalid_blocks" or message.plain_blocks is None:
                raise
            log.warning("slack_blocks_refused", details=len(refused.details))
            return await self._post_with_files(plainer(message), share)

    async def _post_with_files(self, message: Message, share: Share) -> Posted:
        """Slack needs a second or two before it knows a fresh file; a refused post was not posted."""
        for _ in range(limits.FILE_READY_TRIES - 1):
            try:
                return await self._post(shown(message), share)
            except RefusedBySlackError as refused:
                if not file_not_ready(refused):
                    raise
            await self._manners.sleep(limits.FILE_READY_PAUSE_SECONDS)
        return await self._post(shown(message), share)

    async def _post(self, body: Args, share: Share) -> Posted:
        args: Args = {"channel": share.channel_id, **body, "unfurl_links": False, "unfurl_media": False}
        if share.thread_ts:
            args["thread_ts"] = share.thread_ts
        answer = await self._outbox.call("chat.postMessage", args)
        return Posted(str(answer.get("channel", share.channel_id)), str(answer.get("ts", "")))

    async def _uploaded(self, pictures: Sequence[Picture]) -> tuple[str, ...]:
        """File ids of all pictures, or none: half of the pictures would tell half of the story."""
        try:
            contents = [Content(p.png, p.name, p.alt) for p in pictures]
            return tuple([await self._outbox.upload(content) for content in contents])
        except GONE as failed:
            log.warning("slack_upload_failed", error=str(failed))
            return ()

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


def file_not_ready(refused: RefusedBySlackError) -> bool:
    """Slack knows the file, but cannot show it yet: nothing was posted, and a second later it can."""
    named = " ".join(refused.details).lower()
    return refused.code == "invalid_blocks" and "slack file" in named
