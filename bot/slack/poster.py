"""Scheduled posts to Slack: the message first, its picture by an edit, files into its thread."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import structlog

from bot.model.chat import File, Reply
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
from bot.slack import limits
from bot.slack.outbox import (
    Args,
    Content,
    NotConnectedError,
    Outbox,
    RefusedBySlackError,
    Share,
    UnconfirmedError,
)
from bot.slack.posting import Manners, Posting, file_not_ready
from bot.slack.render import Frame, render
from bot.slack.text import escape
from bot.slack.whisper import shown

log = structlog.get_logger(__name__)

_GONE = frozenset(
    {"channel_not_found", "is_archived", "user_not_found", "user_disabled", "channel_is_archived"}
)
_TOKEN = frozenset({"token_revoked", "token_expired", "invalid_auth", "account_inactive", "not_authed"})
_LATER = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
# A second one of these would be seen: when nobody knows whether it was done, it is not done again.
_SEEN_TWICE = frozenset({"chat.postMessage", "files.completeUploadExternal"})


class SlackPoster:
    """The `Poster` of one workspace. Its outbox must not retry posts (`clients.without_retries`)."""

    def __init__(self, outbox: Outbox, manners: Manners) -> None:
        self._outbox = outbox
        self._manners = manners
        self._posting = Posting(outbox, manners)

    async def post(self, place: Destination, reply: Reply) -> MessageRef:
        """Post headline, text and blocks without pictures; raises PosterError."""
        plain = replace(_steady(reply), pictures=())
        with _translated():
            posted = await self._posting.post(plain, Share(place.place_id), Frame())
        return MessageRef(posted.channel_id, posted.ts)

    async def add_picture(self, place: Destination, message: MessageRef, reply: Reply) -> None:
        """Edit the message so that it shows `reply`; Slack needs a moment before it knows a fresh file.

        Where Slack does not take the picture, the table behind it is shown, and Refused is raised.
        """
        del place
        with _translated():
            try:
                await self._edit(message, reply, await self._uploaded(reply))
            except RefusedBySlackError as refused:
                if reply.pictures and isinstance(of_refusal(refused), Refused):
                    await self._edit(message, reply.without_pictures(), ())
                raise

    async def add_file(self, place: Destination, message: MessageRef, file: File) -> None:
        """Send a file into the message's thread; raises PosterError."""
        del place
        try:
            data = await asyncio.to_thread(file.path.read_bytes)
        except OSError as gone:
            log.warning("slack_file_unreadable", error=type(gone).__name__)
            raise Refused from gone
        with _translated():
            share = Share(message.place_id, message.message_id)
            await self._outbox.upload(Content(data, file.name, file.name), share)

    async def tell_owner(self, owner_id: str, text: str) -> None:
        """Send plain text to a person's direct messages; raises PosterError."""
        body = {"channel": owner_id, "text": escape(text, limits.MESSAGE_TEXT_SHOWN), "unfurl_links": False}
        with _translated():
            await self._outbox.call("chat.postMessage", body)

    async def _uploaded(self, reply: Reply) -> list[str]:
        contents = [Content(p.png, p.name, p.alt) for p in reply.pictures]
        return [await self._outbox.upload(content) for content in contents]

    async def _edit(self, message: MessageRef, reply: Reply, file_ids: Sequence[str]) -> None:
        body = shown(render(_steady(reply), self._manners.look(), Frame(), file_ids))
        await self._update({"channel": message.place_id, "ts": message.message_id, **body})

    async def _update(self, args: Args) -> None:
        for _ in range(limits.FILE_READY_TRIES - 1):
            try:
                await self._outbox.call("chat.update", args)
            except RefusedBySlackError as refused:
                if not file_not_ready(refused):
                    raise
            else:
                return
            await self._manners.sleep(limits.FILE_READY_PAUSE_SECONDS)
        await self._outbox.call("chat.update", args)


def _steady(reply: Reply) -> Reply:
    """A scheduled post is sent once and edited later, so it has no block that might have to be taken back."""
    return replace(reply, table=replace(reply.table, ranking=False)) if reply.table else reply


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except RefusedBySlackError as refused:
        log.warning("slack_scheduled_refused", error=refused.code)
        raise of_refusal(refused) from refused
    except NotConnectedError as nobody:
        raise PosterUnavailable from nobody
    except UnconfirmedError as unsure:
        log.warning("slack_scheduled_unconfirmed", method=str(unsure))
        raise (MaybeSent if str(unsure) in _SEEN_TWICE else PosterUnavailable) from unsure


def of_refusal(refused: RefusedBySlackError) -> PosterError:
    """What a refusal of Slack means for a scheduled post."""
    if refused.code in _TOKEN:
        return TokenRevoked()
    if refused.code in _GONE:
        return ChannelGone()
    if refused.code in _LATER:
        return PosterUnavailable(refused.retry_after_seconds)
    return NotInChannel() if refused.code == "not_in_channel" else Refused()
