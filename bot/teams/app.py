"""The running adapter: answers HTTP at once, works in tasks of its own, sends later."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
import structlog
from aiohttp import web

from bot.kit.tasks import Tasks
from bot.teams.bottoken import AppToken
from bot.teams.consent import Offers
from bot.teams.deliver import Delivery, Manners
from bot.teams.desk import Counsel, Desk
from bot.teams.door import AiohttpAdapter, Body, Door, Verdict
from bot.teams.incoming import Asked, MalformedError, NotOurs, Unknown, read
from bot.teams.keys import SigningKeys
from bot.teams.links import Links, Shelf, Signer
from bot.teams.live import BotToken, LiveOutbox
from bot.teams.look import Capabilities
from bot.teams.outbox import Outbox
from bot.teams.pace import Pace, Sleep
from bot.teams.pages import pages
from bot.teams.people import People
from bot.teams.ports import Answerer, Conversations, Directory, Ending, NoEnding, Seen, TeamsConfig
from bot.teams.poster import TeamsPoster
from bot.teams.safe import refuse_unsafe
from bot.teams.tokens import TokenCheck

log = structlog.get_logger(__name__)

_TIMEOUT = aiohttp.ClientTimeout(total=30)
_WORKING = "Working on it…"
_NOT_OURS = "This button cannot be used any more: type the command instead."
_MESSAGE = "application/vnd.microsoft.activity.message"
_ERROR = "application/vnd.microsoft.error"
_INVOKE = "invoke"


@dataclass(frozen=True, slots=True)
class Parts:
    """What the wiring gives: who answers, who asks, what was seen, where the app is, a folder, clock, pauses.

    `token` replaces the one obtained with the app's password; `links_folder` is shared between replicas.
    """

    answerer: Answerer
    directory: Directory
    seen: Seen
    conversations: Conversations
    links_folder: Path
    clock: Callable[[], datetime]
    sleep: Sleep = asyncio.sleep
    ticks: Callable[[], float] = time.monotonic
    token: BotToken | None = None
    ending: Ending = field(default_factory=NoEnding)


@dataclass(frozen=True, slots=True)
class TeamsApp:
    """The adapter. Mount `routes()` on the bot's own server, `start()`, and `close()` at the end.

    `delivery` also sends what nobody asked for. `once` is the same for a caller that retries by itself, as
    `poster` is.
    """

    config: TeamsConfig
    session: aiohttp.ClientSession
    delivery: Delivery
    once: Delivery
    poster: TeamsPoster
    outbox: Outbox
    tasks: Tasks
    desk: Desk
    keys: SigningKeys
    links: Links | None
    owns_session: bool

    def routes(self) -> list[web.RouteDef]:
        """The routes to mount."""
        adapter = AiohttpAdapter(self.config)
        check = TokenCheck(self.config.app_id, self.config.token_issuer, self.keys)
        Door(adapter, self.receive).open(self.config, check)
        return [*adapter.routes, *pages(self.links)]

    async def start(self) -> None:
        """Fetch the keys that requests are checked with."""
        if not self.config.unauthenticated:
            await self.keys.warm_up()

    async def close(self, grace_seconds: float = 20) -> None:
        """Finish the work in hand, then close what was opened here."""
        await self.tasks.drain(grace_seconds)
        if self.owns_session:
            await self.session.close()

    async def receive(self, body: Body) -> Verdict:
        """Start the work for a checked activity and say at once that it was taken."""
        try:
            incoming = read(body, self.config.command)
        except MalformedError as missing:
            log.warning("teams_activity_malformed", missing=str(missing))
            return Verdict(400)
        match incoming:
            case NotOurs():
                log.warning("teams_click_refused")
                refusal = _told(body, 400, _ERROR, {"code": "BadRequest", "message": _NOT_OURS})
                return refusal if refusal.body else Verdict(400)
            case Unknown(is_invoke=True):
                return Verdict(501)
            case Asked():
                self.tasks.start(self.desk.serve(incoming))
                return _told(body, 200, _MESSAGE, _WORKING)
            case _:
                self.tasks.start(self.desk.serve(incoming))
                return Verdict()


def build_app(config: TeamsConfig, parts: Parts, session: aiohttp.ClientSession | None = None) -> TeamsApp:
    """Build everything inside a running loop; raises BadSetting for settings that would not be safe.

    A session given is shared and closed by its owner.
    """
    refuse_unsafe(config)
    own = session or aiohttp.ClientSession(trust_env=True, timeout=_TIMEOUT)
    outbox, once = _outboxes(config, parts, own)
    shelf, signer = _files(config, parts)
    links = Links(shelf, signer, config.public_url) if config.public_url else None
    can = Capabilities(own_keywords=True)
    manners = Manners(parts.clock, config.command, can, links, config.link_pictures)
    offers = Offers(shelf, signer, any_host=config.unauthenticated)
    delivery, posts = Delivery(outbox, manners, offers, parts.ending), Delivery(once, manners, offers)
    counsel = Counsel(parts.answerer, parts.directory, parts.seen, parts.conversations, parts.clock)
    people = People(once, config.tenant_id)
    return TeamsApp(
        config=config,
        session=own,
        delivery=delivery,
        once=posts,
        poster=TeamsPoster(once, posts, parts.conversations, people, config.tenant_id),
        outbox=outbox,
        tasks=Tasks("teams"),
        desk=Desk(counsel, outbox, People(outbox, config.tenant_id), delivery, offers, manners),
        keys=SigningKeys(config.openid_metadata_url, own, parts.ticks),
        links=links,
        owns_session=session is None,
    )


def _outboxes(
    config: TeamsConfig, parts: Parts, session: aiohttp.ClientSession
) -> tuple[LiveOutbox, LiveOutbox]:
    """A patient one and one that leaves trying again to its caller; both keep to the same pace."""
    pace = Pace(parts.ticks, parts.sleep)
    token = parts.token or AppToken(config, session, parts.ticks)
    patient = LiveOutbox(session, token, config.app_id, pace, parts.sleep)
    return patient, LiveOutbox(session, token, config.app_id, pace, parts.sleep, patient=False)


def _files(config: TeamsConfig, parts: Parts) -> tuple[Shelf, Signer]:
    lifetime = timedelta(hours=config.link_hours)
    return Shelf(parts.links_folder, parts.clock, lifetime), Signer(config.link_key, parts.clock, lifetime)


def _told(body: Body, status: int, kind: str, value: object) -> Verdict:
    """A click of Action.Execute waits for an answer of this form; anything else for the status alone."""
    if body.get("type") != _INVOKE:
        return Verdict()
    return Verdict(200, {"statusCode": status, "type": kind, "value": value})
