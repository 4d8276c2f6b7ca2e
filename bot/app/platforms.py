"""The chat platforms that are configured: what the bot listens on, posts to and looks after."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.app.build import Product
from bot.app.scheduling import Outlet
from bot.app.slack_side import slack_finder, slack_line, slack_outlet, slack_side, slack_socket, slack_sweeper
from bot.app.teams_side import is_wanted, teams_config, teams_outlet, teams_side, teams_sweeper
from bot.model.chat import Platform
from bot.model.errors import BadSetting
from bot.settings import Settings
from bot.slack.app import SlackApp
from bot.slack.doctor import misplaced
from bot.teams.safe import refuse_unsafe

_DOCTOR = "Run `codex-pulse doctor`: it names the next step."


@dataclass(slots=True)
class Sides:
    """The open platforms: where they post, their routes, and work that goes on beside the answers."""

    outlets: dict[Platform, Outlet] = field(default_factory=dict)
    routes: list[web.RouteDef] = field(default_factory=list)
    upkeep: list[Callable[[], Coroutine[Any, Any, None]]] = field(default_factory=list)
    slack: SlackApp | None = None

    @property
    def mode(self) -> str:
        """How requests come in."""
        return "socket" if self.slack and self.slack.config.app_token else "http"


def wants_slack(settings: Settings) -> bool:
    """True when any of Slack's secrets is set."""
    tokens = (settings.slack_bot_token, settings.slack_app_token, settings.slack_signing_secret)
    return any(token.get_secret_value() for token in tokens)


def require_platform(settings: Settings) -> None:
    """Raise BadSetting when no platform is configured, one is by half, or one in an unsafe way."""
    if is_wanted(settings):
        refuse_unsafe(teams_config(settings))
    if wants_slack(settings) or not is_wanted(settings):
        _require_slack(settings)


@asynccontextmanager
async def sides(built: Product, grace_seconds: Callable[[], float]) -> AsyncIterator[Sides]:
    """Every configured platform, ready to answer; at the end work in hand may take `grace_seconds()`."""
    opened = Sides()
    async with AsyncExitStack() as closing:
        if wants_slack(built.settings):
            line = await closing.enter_async_context(slack_line(built))
            slack = await closing.enter_async_context(slack_side(built, line, grace_seconds))
            opened.slack = slack
            opened.outlets[Platform.SLACK] = slack_outlet(built, line)
            built.notices.finders[Platform.SLACK] = slack_finder(line)
            opened.routes += slack.routes()
            opened.upkeep.append(slack_sweeper(built, slack).run)
        if is_wanted(built.settings):
            teams = await closing.enter_async_context(teams_side(built, grace_seconds))
            await teams.start()
            opened.outlets[Platform.TEAMS] = teams_outlet(built, teams)
            opened.routes += teams.routes()
            opened.upkeep.append(teams_sweeper(built, teams).sweeping().run)
        yield opened


@asynccontextmanager
async def connected(opened: Sides) -> AsyncIterator[None]:
    """Connections that the bot opens itself: Slack's Socket Mode."""
    async with AsyncExitStack() as closing:
        if opened.slack is not None:
            await closing.enter_async_context(slack_socket(opened.slack))
        yield


@asynccontextmanager
async def outlets(built: Product) -> AsyncIterator[Mapping[Platform, Outlet]]:
    """Only what posts need: for one pass over what is due."""
    found: dict[Platform, Outlet] = {}
    async with AsyncExitStack() as closing:
        if built.settings.slack_bot_token.get_secret_value():
            line = await closing.enter_async_context(slack_line(built))
            found[Platform.SLACK] = slack_outlet(built, line)
        if is_wanted(built.settings):
            teams = await closing.enter_async_context(teams_side(built))
            found[Platform.TEAMS] = teams_outlet(built, teams)
        if not found:
            raise BadSetting("No chat platform is configured, so there is nowhere to post.", _DOCTOR)
        yield found


def _require_slack(settings: Settings) -> None:
    bot_token, app_token = (
        token.get_secret_value() for token in (settings.slack_bot_token, settings.slack_app_token)
    )
    if not bot_token:
        raise BadSetting("PULSE_SLACK_BOT_TOKEN is not set.", _DOCTOR)
    names = ("PULSE_SLACK_BOT_TOKEN", "PULSE_SLACK_APP_TOKEN")
    for name, wrong in zip(names, misplaced(bot_token, app_token), strict=True):
        if wrong:
            raise BadSetting(f"{name}: {wrong}.", _DOCTOR)
    if not (app_token or settings.slack_signing_secret.get_secret_value()):
        raise BadSetting(
            "Neither PULSE_SLACK_APP_TOKEN (Socket Mode) nor PULSE_SLACK_SIGNING_SECRET (HTTP) is set.",
            _DOCTOR,
        )
