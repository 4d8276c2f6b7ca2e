"""One Bolt app: acknowledge at once, work in a task of our own, answer by `Delivery`."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import aiohttp
import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.kit.tasks import Tasks
from bot.slack.clients import QUIET, Clients, Sleep, build_clients, open_session, socket_proxy, web_client
from bot.slack.deliver import Delivery, Manners
from bot.slack.desk import Desk
from bot.slack.incoming import Incoming, from_click, from_command, from_mention
from bot.slack.modal import Question
from bot.slack.outbox import LiveOutbox, Outbox
from bot.slack.ports import Answerer, Directory, Ending, NoEnding, Sealer, Seen, SlackConfig
from bot.slack.render import ACTION_PREFIX
from bot.slack.verify import VerifiedOnly, Verifier, is_certificate_check, refused, unreadable
from bot.slack.views import Views, listen_to_views
from bot.slack.whisper import working_message

log = structlog.get_logger(__name__)

EVENTS_PATH = "/slack/events"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is in its workspace (`auth.test`)."""

    team_id: str
    bot_user_id: str
    bot_id: str


@dataclass(frozen=True, slots=True)
class Parts:
    """What the wiring gives: how to answer, who asks, what was seen, sealed controls, clock and pauses.

    `questions` are what the form offers.
    """

    answerer: Answerer
    directory: Directory
    seen: Seen
    sealer: Sealer
    clock: Callable[[], datetime]
    sleep: Sleep = asyncio.sleep
    identity: Identity | None = None
    questions: Sequence[Question] = ()
    ending: Ending = field(default_factory=NoEnding)


@dataclass(frozen=True, slots=True)
class SlackApp:
    """The running adapter. Mount `routes()` for HTTP or `connect()` for Socket Mode; `close()` at the end."""

    config: SlackConfig
    bolt: AsyncApp
    clients: Clients
    outbox: Outbox
    delivery: Delivery
    tasks: Tasks
    verifier: Verifier
    owns_session: bool

    def routes(self) -> list[web.RouteDef]:
        """The routes to mount on the bot's own server."""
        return [web.post(EVENTS_PATH, self._receive)]

    async def connect(self) -> AsyncSocketModeHandler:
        """Open Socket Mode; it reconnects by itself. `close_async()` on the result ends it."""
        config, session = self.config, self.clients.session
        handlers = list(self.clients.patient.retry_handlers)
        client = web_client(config.app_token, config.api_base_url, session, handlers)
        handler = AsyncSocketModeHandler(self.bolt, config.app_token, logger=QUIET, web_client=client)
        handler.client.proxy = socket_proxy(config.api_base_url)
        await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt ships it so
        return handler

    async def close(self, grace_seconds: float = 20) -> None:
        """Finish the work in hand, then close what was opened here."""
        await self.tasks.drain(grace_seconds)
        if self.owns_session:
            await self.clients.session.close()

    async def _receive(self, request: web.Request) -> web.Response:
        body = await request.read()
        if is_certificate_check(body):
            return web.Response()
        stamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not self.verifier.is_genuine(body, stamp, signature):
            return await to_aiohttp_response(refused())
        try:
            bolt_request = AsyncBoltRequest(
                body=body.decode(),
                query=request.query_string,
                headers={name: value for name, value in request.headers.items()},  # noqa: C416  (plain dict)
            )
        except (ValueError, TypeError, AttributeError, LookupError):
            return await to_aiohttp_response(unreadable())
        return await to_aiohttp_response(await self.bolt.async_dispatch(bolt_request))


def build_app(config: SlackConfig, parts: Parts, session: aiohttp.ClientSession | None = None) -> SlackApp:
    """Build everything; call inside a running loop. A session given is shared and closed by its owner."""
    clients = build_clients(config, session or open_session(), parts.sleep)
    outbox = LiveOutbox(clients)
    mention, native = _mention(parts.identity), config.native_charts
    manners = Manners(parts.sealer, parts.clock, parts.sleep, config.command, mention, native)
    delivery = Delivery(outbox, manners, parts.ending)
    tasks = Tasks("slack")
    verifier = Verifier(config.signing_secret, parts.clock)
    bolt = _bolt(config, clients, verifier, parts.identity)
    desk = Desk(parts.answerer, parts.directory, parts.seen, delivery, parts.clock)
    _listen(bolt, config, desk, tasks, parts)
    listen_to_views(bolt, Views(outbox, desk, manners, parts.questions), tasks)
    return SlackApp(config, bolt, clients, outbox, delivery, tasks, verifier, owns_session=session is None)


async def identify(outbox: Outbox) -> Identity:
    """Ask Slack who the bot is; raises what the outbox raises."""
    answer = await outbox.call("auth.test", {})
    return Identity(str(answer["team_id"]), str(answer["user_id"]), str(answer.get("bot_id", "")))


def _mention(identity: Identity | None) -> str:
    return f"<@{identity.bot_user_id}>" if identity else "@codex-pulse"


def _bolt(config: SlackConfig, clients: Clients, verifier: Verifier, identity: Identity | None) -> AsyncApp:
    """Bolt without its own network calls: who we are is known, so the acknowledgement waits for nothing."""
    nameless = web_client(None, config.api_base_url, clients.session, [])

    async def authorize(team_id: str | None, enterprise_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token=config.bot_token,
            bot_id=identity.bot_id if identity else None,
            bot_user_id=identity.bot_user_id if identity else None,
        )

    return AsyncApp(
        name="codex-pulse",
        logger=QUIET,
        client=nameless,
        authorize=authorize,
        signing_secret=config.signing_secret,
        process_before_response=True,
        request_verification_enabled=False,
        before_authorize=VerifiedOnly(verifier),
        raise_error_for_unhandled_request=True,
    )


def _listen(bolt: AsyncApp, config: SlackConfig, desk: Desk, tasks: Tasks, parts: Parts) -> None:
    """One listener per kind: acknowledge, then hand over."""
    bot_user_id = parts.identity.bot_user_id if parts.identity else ""

    def hand_over(incoming: Incoming | None) -> None:
        if incoming is None:
            log.warning("slack_payload_ignored")
        else:
            tasks.start(desk.serve(incoming))

    @bolt.command(config.command)
    async def on_command(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack(working_message())
        hand_over(from_command(body))

    @bolt.action(re.compile(rf"^{re.escape(ACTION_PREFIX)}"))
    async def on_click(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        hand_over(from_click(body, parts.sealer))

    @bolt.event("app_mention")
    async def on_mention(body: dict[str, Any]) -> None:
        hand_over(from_mention(body, bot_user_id))

    bolt.error(_on_error)


async def _on_error(error: Exception) -> BoltResponse:
    if isinstance(error, BoltUnhandledRequestError):
        log.info("slack_request_unknown")
        return BoltResponse(status=404, body="")
    log.error("slack_listener_failed", exc_info=error)
    return BoltResponse(status=500, body="")


def with_identity(parts: Parts, identity: Identity) -> Parts:
    """The same parts for a bot that knows who it is."""
    return replace(parts, identity=identity)
