"""`subscribe [COMMAND] daily|weekly|monthly [DAY] [HH:MM] [ZONE]`: posts an answer here again and again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.kit.command import Command, Words
from bot.kit.deps import Deps
from bot.kit.schedule_words import ANY_EXAMPLE, DIGEST, Wish, local, read_wish, runs_table, told
from bot.kit.subscribed import week_rule
from bot.model.chat import Action, Reply, Request
from bot.model.errors import WrongUse
from bot.model.message import destination_of
from bot.model.schedule import Schedule, ScheduleKind, next_runs
from bot.state.subscriptions import NewSubscription, Subscription, Subscriptions

SHOWN_RUNS = 3


async def run(request: Request, deps: Deps) -> Reply:
    """Store the subscription and tell its next runs; nothing is stored when anything is in the way."""
    wish = read_wish(request.query.words, deps.company.timezone)
    wanted = _wanted(wish, request, deps)
    store = Subscriptions(deps.state)
    held = [s for s in await store.of_place(request.place.platform, request.place.id) if _same(s, wanted)]
    if held:
        return _reply(f"This is set up already as {held[0].id}.", held[0], request, deps)
    if not await deps.scheduling.reach(request.place, request.asker):
        raise WrongUse("I am not in this channel, so I cannot post here; nothing is set up.", _invite(deps))
    runs = next_runs(wanted.schedule, request.now, SHOWN_RUNS, week_rule(deps))
    added = await store.add(wanted, runs[0], request.now)
    what = "The weekly digest" if wanted.schedule.whole_week else f"`{wanted.command}`"
    first = f"{what} is posted here {told(wanted.schedule)}, first on {local(runs[0], wanted.schedule.zone)}."
    return _reply(f"{first} It is {added.id}.", added, request, deps)


def _wanted(wish: Wish, request: Request, deps: Deps) -> NewSubscription:
    command = deps.scheduling.judge(wish.command, request)
    weekly_digest = command.name == DIGEST and wish.schedule.kind is ScheduleKind.WEEKLY
    schedule = replace(wish.schedule, whole_week=weekly_digest)
    return NewSubscription(destination_of(request.place), request.asker.id, wish.command, schedule)


def _same(held: Subscription, wanted: NewSubscription) -> bool:
    return held.wanted.command.casefold() == wanted.command.casefold() and (
        held.wanted.schedule == wanted.schedule
    )


def _reply(first: str, subscription: Subscription, request: Request, deps: Deps) -> Reply:
    schedule = subscription.wanted.schedule
    runs = next_runs(schedule, request.now, SHOWN_RUNS, week_rule(deps))
    lines = [first, *_moved(schedule, runs, request.now, deps)]
    lines.append(f"Next: {', '.join(local(run, schedule.zone) for run in runs)} ({schedule.zone}).")
    stop = (
        Action(f"{verb}-{subscription.id}", verb.capitalize(), f"{verb} {subscription.id}")
        for verb in ("pause", "unsubscribe")
    )
    return Reply("subscribe", "\n".join(lines), table=runs_table(runs, schedule.zone), actions=tuple(stop))


def _moved(schedule: Schedule, runs: Sequence[datetime], now: datetime, deps: Deps) -> list[str]:
    """Said when the wished time lies before the week's figures are complete."""
    wished = next_runs(replace(schedule, whole_week=False), now, len(runs), week_rule(deps))
    if not schedule.whole_week or not set(runs) - set(wished):
        return []
    hours = deps.company.lag_hours
    reason = f"the week's figures are complete, {hours} hours after Sunday's end in UTC"
    return [f"That time comes before {reason}; the post is moved to then: {local(runs[0], schedule.zone)}."]


def _invite(deps: Deps) -> str:
    return f"Invite @codex-pulse to the channel and type `{deps.company.slash} subscribe` again."


COMMAND = Command(
    name="subscribe",
    summary="Posts the weekly digest, or any command's answer, here by itself",
    run=run,
    usage='["COMMAND"] daily|weekly|monthly [DAY] [HH:MM] [ZONE]',
    examples=("subscribe weekly", "subscribe weekly tue 09:00 Europe/Berlin", ANY_EXAMPLE),
    ranged=False,
    words=Words.RAW,
    repeatable=False,
)
