"""What would be sent for an answer, recorded by the delivery itself: `--format slack`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.model.chat import Answer, PlaceKind, Request
from bot.slack.deliver import Delivery, Manners
from bot.slack.incoming import Origin
from bot.slack.outbox import Args, Content, Share
from bot.slack.ports import Sealer
from bot.slack.whisper import working_message

USER_ID = "U0PULSE001"
CHANNEL_ID = "C0PULSE001"
DM_ID = "D0PULSE001"
TEAM_URL = "https://pulse.slack.example"

_USER = re.compile(r"[UW][A-Z0-9]{2,}")
_CONVERSATION = re.compile(r"[CDG][A-Z0-9]{2,}")


class RecordingOutbox:
    """An `Outbox` that sends nothing and answers with placeholders where Slack would choose an id."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self.uploaded: dict[str, Content] = {}
        self._posts = 0

    def record(self, method: str, args: Args) -> None:
        """Add one entry."""
        self.entries.append({"method": method, "args": args})

    async def call(self, method: str, args: Args) -> Mapping[str, Any]:
        """Record a Web API call; a post to a person lands in the direct message."""
        self.record(method, args)
        match method:
            case "chat.postMessage":
                self._posts += 1
                channel = str(args["channel"])
                where = DM_ID if _USER.fullmatch(channel) else channel
                return {"channel": where, "ts": f"1000000000.{self._posts:06}"}
            case "chat.getPermalink":
                return {"permalink": f"{TEAM_URL}/archives/{args['channel']}/p{args['message_ts']}"}
            case _:
                return {}

    async def respond(self, url: str, payload: Args) -> None:
        """Record a use of the response_url."""
        del url
        self.record("response_url", payload)

    async def upload(self, content: Content, share: Share | None = None) -> str:
        """Record one upload: announcement, bytes and completion together."""
        args: Args = {"filename": content.name, "length": len(content.data), "title": content.title}
        if share is not None:
            args["channel_id"] = share.channel_id
            if share.thread_ts:
                args["thread_ts"] = share.thread_ts
        self.record("upload", args)
        file_id = f"F0PULSE{len(self.uploaded) + 1:03}"
        self.uploaded[file_id] = content
        return file_id


async def payloads(
    answer: Answer, request: Request, sealer: Sealer, command: str = "/codex", *, native_charts: bool = False
) -> list[dict[str, Any]]:
    """Entries `{"method", "args"}` in the order in which they would be sent, the acknowledgement first."""
    outbox = RecordingOutbox()
    outbox.record("ack", working_message())
    manners = Manners(sealer, lambda: request.now, command=command, native_charts=native_charts)
    await record(outbox, answer, origin_of(request), manners)
    return outbox.entries


async def record(outbox: RecordingOutbox, answer: Answer, origin: Origin, manners: Manners) -> None:
    """Deliver an answer into the recorder; nothing waits, for a recorded file is ready."""
    await Delivery(outbox, replace(manners, sleep=_no_pause)).deliver(answer, origin)


def origin_of(request: Request) -> Origin:
    """Where a command typed as `request` would be answered."""
    place = request.place
    unknown = DM_ID if place.kind is PlaceKind.DM else CHANNEL_ID
    return Origin(
        user_id=request.asker.id if _USER.fullmatch(request.asker.id) else USER_ID,
        channel_id=place.id if _CONVERSATION.fullmatch(place.id) else unknown,
        text=request.text,
        response_url="response_url",
        working=True,
    )


async def _no_pause(_seconds: float) -> None:
    """Return at once: a recorded file is ready."""
