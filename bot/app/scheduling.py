"""Schedules wired to the product: answers as the subscriber, with the level they have today."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.app.build import Product
from bot.app.identities import SlackDirectory
from bot.app.signingkey import signer
from bot.dispatch import Dispatcher
from bot.dispatch.policy import place_of
from bot.dispatch.words import refusal
from bot.model.chat import Answer, Asker, Audience, Platform, Reply, Request
from bot.model.errors import PulseError
from bot.model.message import Destination
from bot.model.posting import ChannelGone, Poster, PosterUnavailable, TokenRevoked
from bot.model.schedule import WeekRule
from bot.schedule.corrections import Corrections
from bot.schedule.due import Pace
from bot.schedule.ticker import Ticker
from bot.schedule.trailhead import DailyHead
from bot.settings import Policy
from bot.slack.outbox import RefusedBySlackError, UnconfirmedError
from bot.slack.poster import of_refusal
from bot.state.deliveries import Delivery
from bot.state.subscriptions import Subscription

AskerOf = Callable[[str, Destination], Awaitable[Asker]]
OnStep = Callable[[Delivery], None]


@dataclass(frozen=True, slots=True)
class Outlet:
    """One platform: who its people are, seen from the place that is posted to, and how it posts."""

    asker_of: AskerOf
    poster: Poster


@dataclass(frozen=True, slots=True)
class ScheduledAnswer:
    """The `Answerer`: every run is judged and authorised anew."""

    dispatcher: Dispatcher
    policy: Policy
    outlets: Mapping[Platform, Outlet]

    async def __call__(self, subscription: Subscription, as_of: datetime) -> Answer:
        """The reply to the stored command; raises PosterError when the owner cannot be looked up."""
        wanted = subscription.wanted
        outlet = self.outlets.get(wanted.destination.platform)
        if outlet is None:
            raise PosterUnavailable
        asker = await outlet.asker_of(wanted.owner_id, wanted.destination)
        there = wanted.destination
        place = place_of(there.place_id, there.kind, self.policy)
        place = replace(place, platform=there.platform, address=there.address)
        request = Request(wanted.command, asker, place, as_of, id=subscription.id)
        try:
            self.dispatcher.deps.scheduling.judge(wanted.command, request)
        except PulseError as error:
            return refusal(error)
        answer = await self.dispatcher.answer(request)
        # the judge has said that the place may see it
        return replace(answer, audience=Audience.HERE) if isinstance(answer, Reply) else answer


def slack_asker(directory: SlackDirectory, team_id: str) -> AskerOf:
    """Owners by their Slack id; somebody Slack does not know any more has no level."""

    async def find(owner_id: str, place: Destination) -> Asker:
        del place
        try:
            return await directory.asker(owner_id, team_id, None)
        except RefusedBySlackError as refused:
            error = of_refusal(refused)
            if isinstance(error, ChannelGone):
                return Asker(owner_id)
            raise (error if isinstance(error, TokenRevoked) else PosterUnavailable()) from refused
        except UnconfirmedError as unsure:
            raise PosterUnavailable from unsure

    return find


def ticker(
    built: Product, outlets: Mapping[Platform, Outlet], on_step: OnStep = lambda _delivery: None
) -> Ticker:
    """The ticker over these platforms."""
    settings = built.settings
    return Ticker(
        built.state,
        _answer(built, outlets),
        {platform: outlet.poster for platform, outlet in outlets.items()},
        built.clock,
        WeekRule(lag_hours=settings.lag_hours),
        Pace(grace=timedelta(hours=settings.late_grace_hours)),
        on_step,
    )


def daily_head(built: Product) -> DailyHead:
    """The head of the trail once a day, to the channel that is set for it."""
    settings = built.settings

    async def post(reply: Reply) -> bool:
        return await built.notices.to(settings.trail_channel, reply)

    return DailyHead(
        built.state, lambda: signer(settings), post if settings.trail_channel else None, settings.command
    )


def corrections(built: Product, outlets: Mapping[Platform, Outlet]) -> Corrections:
    """The corrections of what these platforms posted."""
    posters = {platform: outlet.poster for platform, outlet in outlets.items()}
    return Corrections(
        built.state, _answer(built, outlets), posters, built.clock, built.settings.correction_pct
    )


def _answer(built: Product, outlets: Mapping[Platform, Outlet]) -> ScheduledAnswer:
    return ScheduledAnswer(built.dispatcher, built.settings.policy, outlets)
