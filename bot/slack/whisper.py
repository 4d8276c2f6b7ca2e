"""The private line to the person who asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

import structlog

from bot.slack import limits
from bot.slack.incoming import Origin
from bot.slack.outbox import Args, Outbox, RefusedBySlackError, UnconfirmedError
from bot.slack.render import Message

log = structlog.get_logger(__name__)

WORKING_TEXT = "Working on it…"
GONE = (RefusedBySlackError, UnconfirmedError)
NOT_UNFURLED: Args = {"unfurl_links": False, "unfurl_media": False}
"""Links in an answer bring no previews of their pages."""


def working_message() -> Args:
    """What a command is acknowledged with; it is replaced by the answer."""
    return {"response_type": "ephemeral", "text": WORKING_TEXT}


def shown(message: Message) -> Args:
    """Text and blocks of a message as arguments."""
    return {"text": message.text, "blocks": list(message.blocks)}


def plainer(message: Message) -> Message:
    """The same without Slack's newest blocks."""
    return replace(message, blocks=message.plain_blocks or message.blocks, plain_blocks=None)


def attempts_of(message: Message) -> Iterator[Args]:
    """The blocks, those that Slack has known for long, and the text, which alone is the answer."""
    yield shown(message)
    if message.plain_blocks is not None:
        yield shown(plainer(message))
    yield {"text": message.text}


class Whisper:
    """Speaks through the response_url while it lasts (5 uses, 30 minutes), then by ephemeral post or DM."""

    def __init__(self, outbox: Outbox, origin: Origin, clock: Callable[[], datetime]) -> None:
        self._outbox = outbox
        self._origin = origin
        self._clock = clock
        self._since = clock()
        self._uses = 0
        self._working = origin.working
        self._blocks_refused = False

    async def say(self, message: Message) -> None:
        """Tell only the person who asked, in place of "Working on it"; logged when no way is left."""
        for words in attempts_of(message):
            self._blocks_refused = False
            if await self._said(words):
                return
            if not self._blocks_refused:
                break
        log.error("slack_answer_undelivered")

    async def _said(self, words: Args) -> bool:
        body = {**words, "response_type": "ephemeral", "replace_original": self._working}
        if await self._respond(body):
            self._working = False
            return True
        return await self._post_privately(words)

    async def announce(self, message: Message) -> bool:
        """Tell everybody in the place although the bot is not in it. False: nobody was told."""
        for words in attempts_of(message):
            self._blocks_refused = False
            if await self._respond({**words, "response_type": "in_channel", "replace_original": False}):
                return True
            if not self._blocks_refused:
                break
        return False

    async def clear(self) -> None:
        """Remove "Working on it" once the answer is elsewhere."""
        if self._working:
            self._working = not await self._respond({"delete_original": True})

    async def _respond(self, body: Args) -> bool:
        url = self._origin.response_url
        age = (self._clock() - self._since).total_seconds()
        if url is None or self._uses >= limits.RESPONSE_URL_USES or age >= limits.RESPONSE_URL_SECONDS:
            return False
        self._uses += 1
        try:
            await self._outbox.respond(url, body)
        except GONE as failed:
            log.warning("slack_response_url_failed", error=str(failed))
            self._note(failed)
            return False
        return True

    async def _post_privately(self, words: Args) -> bool:
        origin = self._origin
        here: Args = {"channel": origin.channel_id, "user": origin.user_id, **words}
        if origin.inside_ts:
            here["thread_ts"] = origin.inside_ts
        direct: Args = {"channel": origin.user_id, **words, **NOT_UNFURLED}
        return await self._call("chat.postEphemeral", here) or await self._call("chat.postMessage", direct)

    async def _call(self, method: str, args: Args) -> bool:
        try:
            await self._outbox.call(method, args)
        except GONE as failed:
            log.warning("slack_call_failed", method=method, error=str(failed))
            self._note(failed)
            return False
        return True

    def _note(self, failed: Exception) -> None:
        self._blocks_refused |= isinstance(failed, RefusedBySlackError) and failed.about_blocks
