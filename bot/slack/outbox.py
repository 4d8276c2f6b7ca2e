"""Everything sent to Slack goes through an outbox: the live one here, a recorder for `--format slack`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Protocol

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.slack.clients import QUIET, Clients

Args = dict[str, Any]

# A second copy of these would be seen by people: never sent again unless Slack said that nothing happened.
_NOT_REPEATABLE = frozenset({"chat.postMessage", "chat.postEphemeral", "files.completeUploadExternal"})
# These take no JSON: their arguments travel in the query.
_READ_BY_GET = frozenset(
    {
        "files.getUploadURLExternal",
        "users.info",
        "users.lookupByEmail",
        "usergroups.users.list",
        "chat.getPermalink",
        "team.info",
    }
)
# Slack's own failures: the call may have been carried out before.
_UNSURE = frozenset({"internal_error", "fatal_error", "request_timeout", "service_unavailable"})
_UPLOAD_TRIES = 2
# What the SDK lets out when a connection breaks, or stumbles over when a body is not JSON or not an object.
_BROKEN = (SlackClientError, aiohttp.ClientError, TimeoutError, OSError, ValueError, AttributeError)


class RefusedBySlackError(Exception):
    """Slack said no, so nothing was posted. `code` is Slack's word, `details` what it named.

    `retry_after_seconds` is how long Slack asked to wait, None when it did not.
    """

    def __init__(
        self, code: str, details: tuple[str, ...] = (), retry_after_seconds: float | None = None
    ) -> None:
        super().__init__(code)
        self.code = code
        self.details = details
        self.retry_after_seconds = retry_after_seconds

    @property
    def about_blocks(self) -> bool:
        """Whether it is the blocks that Slack does not take: plainer ones or the text alone may still go."""
        return "_blocks" in self.code


class UnconfirmedError(Exception):
    """The connection broke or the answer was unreadable: it may or may not have been done."""


class NotConnectedError(UnconfirmedError):
    """There was no connection, so it certainly was not done."""


@dataclass(frozen=True, slots=True)
class Share:
    """Where an uploaded file is shown: a conversation, and the thread in it."""

    channel_id: str
    thread_ts: str | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes of a picture or file and what it is called."""

    data: bytes
    name: str
    title: str


class Outbox(Protocol):
    """Sends. `RefusedBySlackError`: nothing happened; `UnconfirmedError`: nobody knows."""

    async def call(self, method: str, args: Args) -> Mapping[str, Any]:
        """Call a Web API method and return Slack's answer."""
        ...

    async def respond(self, url: str, payload: Args) -> None:
        """Use a response_url once."""
        ...

    async def upload(self, content: Content, share: Share | None = None) -> str:
        """Upload and return the file id."""
        ...


class LiveOutbox:
    """The outbox that reaches Slack."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    async def call(self, method: str, args: Args) -> Mapping[str, Any]:
        """Call a Web API method; posts are sent by the client that does not retry."""
        client = self._clients.once if method in _NOT_REPEATABLE else self._clients.patient
        try:
            if method in _READ_BY_GET:
                response = await client.api_call(method, http_verb="GET", params=args)
            else:
                response = await client.api_call(method, json=args)
        except SlackApiError as refused:
            raise _refusal(method, refused) from refused
        except aiohttp.ClientConnectorError as nobody:
            raise NotConnectedError(method) from nobody
        except _BROKEN as broken:
            raise UnconfirmedError(method) from broken
        return response.data if isinstance(response.data, dict) else {}

    async def respond(self, url: str, payload: Args) -> None:
        """Use a response_url once; an HTTP error is a refusal like any other."""
        hook = AsyncWebhookClient(
            url, session=self._clients.session, retry_handlers=self._clients.only_rate_limits(), logger=QUIET
        )
        hook.proxy = None  # the session knows the proxies and their exceptions
        try:
            response = await hook.send_dict(payload)
        except _BROKEN as broken:
            raise UnconfirmedError("response_url") from broken
        if response.status_code != HTTPStatus.OK or not _is_ok(response.body):
            raise RefusedBySlackError(response.body[:40] or str(response.status_code))

    async def upload(self, content: Content, share: Share | None = None) -> str:
        """Announce, send the bytes, complete. Without `share` the file stays with the bot."""
        asked = {"filename": content.name, "length": len(content.data)}
        announced = await self.call("files.getUploadURLExternal", asked)
        await self._send_bytes(str(announced["upload_url"]), content.data)
        await self.call("files.completeUploadExternal", completion(str(announced["file_id"]), content, share))
        return str(announced["file_id"])

    async def _send_bytes(self, url: str, data: bytes) -> None:
        """Send the bytes; sending the same bytes to the same URL again changes nothing."""
        for left in reversed(range(_UPLOAD_TRIES)):
            try:
                async with self._clients.session.post(url, data=data) as response:
                    if response.status == HTTPStatus.OK:
                        return
                    raise RefusedBySlackError("upload_refused", (str(response.status),))
            except (aiohttp.ClientError, TimeoutError, OSError) as broken:
                if not left:
                    raise UnconfirmedError("upload") from broken


def completion(file_id: str, content: Content, share: Share | None) -> Args:
    """The arguments of `files.completeUploadExternal`."""
    args: Args = {"files": [{"id": file_id, "title": content.title}]}
    if share is not None:
        args["channel_id"] = share.channel_id
        if share.thread_ts:
            args["thread_ts"] = share.thread_ts
    return args


def _is_ok(body: str) -> bool:
    """Whether a response_url said yes; some refusals arrive as `{"ok":false}` with status 200."""
    return body.strip() in {"", "ok"} or '"ok":true' in body.replace(" ", "")


def _refusal(method: str, error: SlackApiError) -> Exception:
    """A readable `ok: false` is a refusal; a page of a proxy or an HTTP 5xx leaves it open."""
    data = getattr(error.response, "data", None)
    if not isinstance(data, dict) or not isinstance(data.get("error"), str):
        return UnconfirmedError(method)
    if data["error"] in _UNSURE:
        return UnconfirmedError(method)
    headers = {name.lower(): str(value) for name, value in error.response.headers.items()}
    said = headers.get("retry-after", "")
    wait = float(said) if said.isascii() and said.isdecimal() else None
    listed = data.get("errors") or (data.get("response_metadata") or {}).get("messages") or []
    return RefusedBySlackError(data["error"], tuple(str(item) for item in listed), wait)
