"""The Teams adapter wired to the product. Microsoft's SDK is imported only when Teams is used."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot import __version__
from bot.app.build import Product
from bot.app.installed import InstalledPlaces
from bot.app.scheduling import AskerOf, Outlet
from bot.app.secrets import derived
from bot.app.slack_side import SeenOnce
from bot.dispatch.identity import Access
from bot.dispatch.policy import Identity, place_of
from bot.kit.command import Shows
from bot.model.chat import Asker, Place, PlaceKind, Platform
from bot.model.errors import BadSetting
from bot.model.message import Destination
from bot.settings import Policy, Settings
from bot.state.expiring import Expiring
from bot.state.seen import Seen
from bot.teams.expiry import TeamsEnding, TeamsSweeper
from bot.teams.manifest import AppIdentity, MenuItem, package
from bot.teams.ports import Profile, TeamsConfig
from bot.teams.poster import TeamsPoster
from handlers import COMMANDS

if TYPE_CHECKING:
    from bot.teams.app import TeamsApp


def _no_grace() -> float:
    return 0.0


def is_wanted(settings: Settings) -> bool:
    """True when Teams is configured."""
    return bool(settings.teams_app_id) or settings.teams_unauthenticated


def teams_config(settings: Settings) -> TeamsConfig:
    """What the adapter needs of the settings."""
    return TeamsConfig(
        app_id=settings.teams_app_id.lower(),
        password=settings.teams_app_password.get_secret_value(),
        tenant_id=settings.teams_tenant_id,
        public_url=settings.public_url,
        command=settings.command,
        link_pictures=settings.teams_images == "link",
        link_hours=settings.teams_link_hours,
        link_key=derived(settings.secret_key, "teams links"),
        unauthenticated=settings.teams_unauthenticated,
        http_host=settings.http_host,
        openid_metadata_url=settings.teams_openid_metadata_url,
        login_url=settings.teams_login_url.rstrip("/"),
        token_issuer=settings.teams_token_issuer,
    )


def app_package(settings: Settings) -> bytes:
    """The zip of `manifest teams`: a placeholder stands for an app id that is not set."""
    menu = tuple(MenuItem(c.name, c.summary, is_private=c.shows is not Shows.AGGREGATES) for c in COMMANDS)
    return package(AppIdentity(settings.teams_app_id, settings.public_url, __version__), menu)


@dataclass(frozen=True, slots=True)
class TeamsDirectory:
    """The `Directory` of the Teams adapter."""

    access: Access
    policy: Policy

    async def asker(self, profile: Profile) -> Asker:
        """The person behind a profile; nobody for outsiders."""
        return await self.access.asker(Identity(profile.object_id, profile.email, guest=profile.is_outsider))

    async def place(self, place_id: str, kind: PlaceKind) -> Place:
        """The place with the level that the policy gives it."""
        return replace(place_of(place_id, kind, self.policy), platform=Platform.TEAMS)


@asynccontextmanager
async def teams_side(
    built: Product, grace_seconds: Callable[[], float] = _no_grace
) -> AsyncIterator[TeamsApp]:
    """The adapter; raises BadSetting without the extra and for settings that are not safe."""
    try:
        from bot.teams.app import Parts, build_app  # noqa: PLC0415  (the extra `teams` is optional)
    except ModuleNotFoundError as missing:
        raise BadSetting(
            f"Teams is configured, but {missing.name} is not installed.",
            'Install it: pip install "codex-pulse[teams]"',
        ) from None
    parts = Parts(
        answerer=built.dispatcher.answer,
        directory=directory_of(built),
        seen=SeenOnce(Seen(built.state), built.clock),
        conversations=InstalledPlaces(built.state, built.notices.posters, built.clock),
        links_folder=built.settings.links_dir,
        clock=built.clock,
        ending=TeamsEnding(Expiring(built.state)),
    )
    app = build_app(teams_config(built.settings), parts)
    try:
        yield app
    finally:
        await app.close(grace_seconds())


def directory_of(built: Product) -> TeamsDirectory:
    """People and places as the policy has them."""
    return TeamsDirectory(built.access, built.settings.policy)


def teams_outlet(built: Product, app: TeamsApp) -> Outlet:
    """Scheduled posts, sent by a client that never sends one twice."""
    return Outlet(teams_asker(directory_of(built), app.poster), app.poster)


def teams_sweeper(built: Product, app: TeamsApp) -> TeamsSweeper:
    """Deletes the answers whose time is over."""
    places = app.poster.conversations
    return TeamsSweeper(app.outbox, Expiring(built.state), places, app.config.tenant_id, built.clock)


def teams_asker(directory: TeamsDirectory, poster: TeamsPoster) -> AskerOf:
    """Owners by their Entra object id; somebody who is not in the place any more has no level."""

    async def find(owner_id: str, place: Destination) -> Asker:
        profile = await poster.profile(place, owner_id)
        return await directory.asker(profile) if profile else Asker(owner_id)

    return find
