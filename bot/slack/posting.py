"""Posts a message with the most that Slack takes: charts, pictures, newest blocks, plain ones, text."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.model.chat import Picture, Reply
from bot.slack import limits
from bot.slack.clients import Sleep
from bot.slack.outbox import Args, Content, Outbox, RefusedBySlackError, Share
from bot.slack.ports import Sealer
from bot.slack.render import Frame, Look, Message, render, render_native
from bot.slack.whisper import GONE, NOT_UNFURLED, attempts_of, plainer, shown

log = structlog.get_logger(__name__)


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


class Posting:
    """Posts replies in the name of the bot; a step that Slack refuses is followed by a plainer one."""

    def __init__(self, outbox: Outbox, manners: Manners) -> None:
        self._outbox = outbox
        self._manners = manners

    async def post(self, reply: Reply, share: Share, frame: Frame) -> Posted:
        """Post with pictures, else with the table behind them, else only the text; raises the last refusal.

        Slack's own charts, where wanted, are tried before the pictures.
        """
        native = render_native(reply, self._manners.look(), frame)
        if native and (posted := await self._tried(native, share)):
            return posted
        return await self.post_uploaded(reply, share, frame, await self.uploaded(reply.pictures))

    async def post_uploaded(
        self, reply: Reply, share: Share, frame: Frame, file_ids: Sequence[str]
    ) -> Posted:
        """The same with pictures that Slack has already, none when there are no ids."""
        if file_ids:
            try:
                return await self._with_pictures(render(reply, self._manners.look(), frame, file_ids), share)
            except RefusedBySlackError as refused:
                if not refused.about_blocks:
                    raise
                log.warning("slack_picture_refused")
        return await self._without_pictures(
            render(reply.without_pictures(), self._manners.look(), frame), share
        )

    async def uploaded(self, pictures: Sequence[Picture]) -> tuple[str, ...]:
        """File ids of all pictures, or none: half of the pictures would tell half of the story."""
        try:
            contents = [Content(p.png, p.name, p.alt) for p in pictures]
            return tuple([await self._outbox.upload(content) for content in contents])
        except GONE as failed:
            log.warning("slack_upload_failed", error=str(failed))
            return ()

    async def _tried(self, message: Message, share: Share) -> Posted | None:
        """Post; None when Slack does not take these blocks, so that nothing was posted."""
        try:
            return await self._post(shown(message), share)
        except RefusedBySlackError as refused:
            if not refused.about_blocks:
                raise
            log.warning("slack_chart_refused", details=len(refused.details))
            return None

    async def _without_pictures(self, message: Message, share: Share) -> Posted:
        """The blocks, else those that Slack has known for long, else the text."""
        *attempts, text_alone = attempts_of(message)
        for body in attempts:
            try:
                return await self._post(body, share)
            except RefusedBySlackError as refused:
                if not refused.about_blocks:
                    raise
                log.warning("slack_blocks_refused", details=len(refused.details))
        return await self._post(text_alone, share)

    async def _with_pictures(self, message: Message, share: Share) -> Posted:
        """With Slack's newest blocks, else with plain ones: the picture stays."""
        try:
            return await self._post_with_files(message, share)
        except RefusedBySlackError as refused:
            if not refused.about_blocks or message.plain_blocks is None:
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
        args: Args = {"channel": share.channel_id, **body, **NOT_UNFURLED}
        if share.thread_ts:
            args["thread_ts"] = share.thread_ts
        answer = await self._outbox.call("chat.postMessage", args)
        return Posted(str(answer.get("channel", share.channel_id)), str(answer.get("ts", "")))


def file_not_ready(refused: RefusedBySlackError) -> bool:
    """Slack knows the file, but cannot show it yet: nothing was posted, and a second later it can."""
    named = " ".join(refused.details).lower()
    return refused.code == "invalid_blocks" and "slack file" in named
