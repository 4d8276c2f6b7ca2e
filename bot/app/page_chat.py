"""Who answers the local chat page: the demo workspace, through the same path as Slack's payloads."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.app.asking import PLACES
from bot.app.demo import demo_identity
from bot.console import as_text
from bot.console.outdir import Saved
from bot.console.page_wire import Asked, Clicked, Payload, SentFile, Told, Where, Who
from bot.kit.exportfiles import discard
from bot.model.chat import Answer, Asker, Reply, Request
from bot.slack.deliver import Manners
from bot.slack.incoming import Origin, from_click
from bot.slack.outbox import Content
from bot.slack.payloads import RecordingOutbox, origin_of, record
from bot.slack.ports import Answerer, Sealer
from bot.slack.ports import Seen as SeenBefore
from bot.slack.whisper import working_message

FILES_KEPT = 200


class Shelf:
    """The latest files by unguessable keys; the oldest goes first."""

    def __init__(self, room: int = FILES_KEPT) -> None:
        self._room = room
        self._held: OrderedDict[str, Content] = OrderedDict()

    def put(self, content: Content) -> str:
        """Keep it, and return its key."""
        key = secrets.token_urlsafe(12)
        self._held[key] = content
        while len(self._held) > self._room:
            self._held.popitem(last=False)
        return key

    def get(self, key: str) -> Content | None:
        """What stands under the key, while it does."""
        return self._held.get(key)


@dataclass(frozen=True, slots=True)
class PageChat:
    """The `Chat` of the page. Levels are checked for every question and every click, as in Slack."""

    answerer: Answerer
    asker_of: Callable[[Who], Awaitable[Asker]]
    seen: SeenBefore
    sealer: Sealer
    clock: Callable[[], datetime]
    command: str = "/codex"
    native_charts: bool = False
    shelf: Shelf = field(default_factory=Shelf)

    async def ask(self, asked: Asked) -> Told:
        """A typed command; a leading `/codex` is what people type."""
        text = asked.text.strip().removeprefix(self.command).strip()
        request = await self._request(text, asked.who, asked.where)
        return await self._told(request, origin_of(request), acknowledged=True)

    async def click(self, clicked: Clicked) -> Told | None:
        """A click read as Slack's own `block_actions` payload is; a second delivery is dropped."""
        incoming = from_click(_block_actions(clicked), self.sealer)
        if incoming is None or not await self.seen.first_time(f"page:{incoming.key}"):
            return None
        request = await self._request(incoming.origin.text, clicked.who, clicked.where)
        return await self._told(request, replace(incoming.origin, response_url="response_url"))

    def file(self, key: str) -> tuple[bytes, str] | None:
        """Bytes and name of a picture or file."""
        content = self.shelf.get(key)
        return (content.data, content.name) if content else None

    async def _request(self, text: str, who: Who, where: Where) -> Request:
        return Request(text, await self.asker_of(who), PLACES[where], self.clock(), id="page")

    async def _told(self, request: Request, origin: Origin, *, acknowledged: bool = False) -> Told:
        answer = await self.answerer(request)
        outbox = RecordingOutbox()
        if acknowledged:
            outbox.record("ack", working_message())
        manners = Manners(
            self.sealer, lambda: request.now, command=self.command, native_charts=self.native_charts
        )
        try:
            await record(outbox, answer, origin, manners)
        finally:
            discard(answer)
        return Told(request.text, outbox.entries, _text(answer, request), list(self._shelved(outbox)))

    def _shelved(self, outbox: RecordingOutbox) -> Iterator[SentFile]:
        for file_id, content in outbox.uploaded.items():
            url = f"/api/files/{self.shelf.put(content)}"
            yield SentFile(file_id, url, content.name, content.title, len(content.data))


def _text(answer: Answer, request: Request) -> str:
    if isinstance(answer, Reply):
        answer = replace(answer, pictures=(), files=())
    return as_text.render(answer, Saved(), request.now)


def _block_actions(clicked: Clicked) -> Payload:
    """The payload that Slack would send for this click."""
    message = {"ts": clicked.message_ts} if clicked.message_ts else {}
    return {
        "type": "block_actions",
        "user": {"id": demo_identity(clicked.who).chat_id, "team_id": "T0PULSE001"},
        "team": {"id": "T0PULSE001"},
        "channel": {"id": PLACES[clicked.where].id, "name": clicked.where},
        "container": {"type": "message", "is_ephemeral": clicked.is_ephemeral},
        "message": message,
        "actions": [{"type": "button", "value": clicked.value, "action_ts": clicked.action_ts}],
    }
