"""Subscriptions as their owners name and see them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.kit.deps import Deps
from bot.kit.schedule_words import local, told
from bot.model.chat import Column, Level, Request, Table
from bot.model.errors import BadValue, NotAllowed
from bot.model.message import destination_of
from bot.model.schedule import WeekRule
from bot.state.subscriptions import Subscription, Subscriptions, SubscriptionState


def week_rule(deps: Deps) -> WeekRule:
    """The digest's weeks: Monday to Sunday, complete after the company's lag."""
    return WeekRule(lag_hours=deps.company.lag_hours)


async def managed(request: Request, deps: Deps) -> tuple[Subscription, ...]:
    """Every subscription the asker may manage: their own, or all for admins; oldest first."""
    everything = await Subscriptions(deps.state).all()
    return tuple(one for one in everything if _manages(request, one))


async def named(request: Request, deps: Deps) -> Subscription:
    """The subscription whose id was typed; without one the only one of this place.

    Raises NotAllowed for one that is not there or another's, in the same words; WrongUse when several fit.
    """
    words = request.query.words
    mine = await managed(request, deps)
    if words:
        found = [one for one in mine if one.id == words[0].upper()]
        if len(words) > 1 or not found:
            raise NotAllowed
        return found[0]
    here = [one for one in mine if one.wanted.destination == destination_of(request.place)]
    if len(here) == 1:
        return here[0]
    many = f"There are {len(here)} subscriptions of yours here: name one." if here else "You have none here."
    raise BadValue(many, "subscriptions")


def subscriptions_table(subscriptions: Sequence[Subscription]) -> Table:
    """One row each: id, command, place, when, the next run on its own clocks, state."""
    names = ("ID", "Command", "Place", "When", "Next", "State")
    columns = tuple(Column(name.casefold(), name) for name in names)
    return Table(columns, tuple(_row(one) for one in subscriptions), title="Subscriptions")


def _row(one: Subscription) -> tuple[str, ...]:
    active = one.state is SubscriptionState.ACTIVE
    zone = one.wanted.schedule.zone
    state = "active" if active else f"paused: {one.reason.replace('_', ' ')}" if one.reason else "paused"
    following = local(one.next_due_at, zone) if active else ""
    place = one.wanted.destination.place_id
    return (one.id, one.wanted.command, place, told(one.wanted.schedule), following, state)


def _manages(request: Request, subscription: Subscription) -> bool:
    return request.asker.has(Level.ADMIN) or subscription.wanted.owner_id == request.asker.id
