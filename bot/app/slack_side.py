"""The Slack adapter wired to the product."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import aiohttp

from bot.app.build import Product
from bot.app.identities import SlackDirectory
from bot.app.notices import FindChat
from bot.app.scheduling import Outlet, slack_asker
from bot.app.secrets import derived
from bot.model.chat import Platform
from bot.model.errors import BadSetting, Unreachable
from bot.model.posting import PosterUnavailable
from bot.settings import Settings
from bot.slack.app import Identity, Parts, SlackApp, build_app, identify
from bot.slack.clients import build_clients, open_session, without_retries
from bot.slack.deliver import Manners
from bot.slack.expiry import SlackEnding, Sweeper
from bot.slack.modal import Question
from bot.slack.outbox import LiveOutbox, RefusedBySlackError, UnconfirmedError
from bot.slack.people import People
from bot.slack.ports import SealedCommands, SlackConfig
from bot.slack.poster import SlackPoster, of_refusal
from bot.slack.reach import SlackReach
from bot.state.expiring import Expiring
from bot.state.seen import Seen
from handlers import COMMANDS


def slack_config(settings: Settings) -> SlackConfig:
    """The tokens and names the adapter needs."""
    return SlackConfig(
        bot_token=settings.slack_bot_token.get_secret_value(),
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        app_token=settings.slack_app_token.get_secret_value(),
        api_base_url=settings.slack_api_base_url,
        command=settings.command,
        native_charts=settings.native_charts,
    )


def sealer(settings: Settings) -> SealedCommands:
    """Control values sealed with the installation's secret."""
    return SealedCommands(derived(settings.secret_key, "slack controls"))


@dataclass(frozen=True, slots=True)
class SeenOnce:
    """Deliveries remembered in the state database, so that replicas share them."""

    seen: Seen
    clock: Callable[[], datetime]

    async def first_time(self, key: str) -> bool:
        """True once for each key."""
        return await self.seen.first_time(key, self.clock())


@dataclass(frozen=True, slots=True)
class SlackLine:
    """An open line to Slack: who the bot is there, and who people are."""

    config: SlackConfig
    session: aiohttp.ClientSession
    identity: Identity
    directory: SlackDirectory


@asynccontextmanager
async def slack_line(built: Product) -> AsyncIterator[SlackLine]:
    """A line that is checked; raises when Slack refuses the bot token or cannot be reached."""
    config = slack_config(built.settings)
    async with open_session() as session:
        outbox = LiveOutbox(build_clients(config, session))
        try:
            identity = await identify(outbox)
        except RefusedBySlackError as error:
            raise BadSetting(
                f"Slack refused PULSE_SLACK_BOT_TOKEN: {error.code}.", "Run `codex-pulse doctor`."
            ) from None
        except UnconfirmedError:
            raise Unreachable("auth.test") from None
        policy = built.settings.policy
        directory = SlackDirectory.over(People(outbox), built.access, policy, identity.team_id)
        yield SlackLine(config, session, identity, directory)


def questions() -> tuple[Question, ...]:
    """What the form offers: commands that answer with figures and change nothing."""
    return tuple(Question(c.name, c.summary, c.ranged) for c in COMMANDS if c.repeatable)


@asynccontextmanager
async def slack_side(
    built: Product, line: SlackLine, grace_seconds: Callable[[], float]
) -> AsyncIterator[SlackApp]:
    """The adapter on an open line. At the end the work in hand may take `grace_seconds()`."""
    config = line.config
    seen = SeenOnce(Seen(built.state), built.clock)
    parts = Parts(
        built.dispatcher.answer,
        line.directory,
        seen,
        sealer(built.settings),
        built.clock,
        identity=line.identity,
        questions=questions(),
        ending=SlackEnding(Expiring(built.state)),
    )
    app = build_app(config, parts, line.session)
    built.reach.platforms[Platform.SLACK] = SlackReach(app.outbox)
    try:
        yield app
    finally:
        await app.close(grace_seconds())


@asynccontextmanager
async def slack_socket(app: SlackApp) -> AsyncIterator[None]:
    """Socket Mode, when an app token is set."""
    async with AsyncExitStack() as closing:
        if app.config.app_token:
            closing.push_async_callback((await app.connect()).close_async)
        yield


def slack_sweeper(built: Product, app: SlackApp) -> Sweeper:
    """Deletes the answers whose time is over."""
    return Sweeper(app.outbox, Expiring(built.state), built.clock)


def slack_finder(line: SlackLine) -> FindChat:
    """Members of the workspace by their address, on an open line; guests and bots are nobody."""
    people = People(LiveOutbox(build_clients(line.config, line.session)))

    async def find(email: str) -> str | None:
        try:
            found = await people.of_email(email)
        except RefusedBySlackError as refused:
            raise of_refusal(refused) from refused
        except UnconfirmedError as unsure:
            raise PosterUnavailable from unsure
        return found.user_id if found and not found.is_outsider else None

    return find


def slack_outlet(built: Product, line: SlackLine) -> Outlet:
    """Scheduled posts on an open line: by clients that never send a post twice."""
    clients = without_retries(line.config, build_clients(line.config, line.session))
    manners = Manners(sealer(built.settings), built.clock, command=line.config.command)
    poster = SlackPoster(LiveOutbox(clients), manners)
    return Outlet(slack_asker(line.directory, line.identity.team_id), poster)
