"""`resume [ID]`: a paused subscription posts again, from its next time on."""

from __future__ import annotations

from bot.kit.command import Command, Words
from bot.kit.deps import Deps
from bot.kit.schedule_words import local, runs_table
from bot.kit.subscribed import named, week_rule
from bot.model.chat import Place, Reply, Request
from bot.model.errors import WrongUse
from bot.model.schedule import next_runs
from bot.state.subscriptions import Subscription, Subscriptions

SHOWN_RUNS = 3


async def run(request: Request, deps: Deps) -> Reply:
    """Resume the one named, or the only one of this place; what was missed is not caught up."""
    found = await named(request, deps)
    if not await deps.scheduling.reach(_place(found), request.asker):
        raise WrongUse(
            f"I am still not in {found.wanted.destination.place_id}: {found.id} stays paused.",
            "Invite @codex-pulse to the channel first.",
        )
    schedule = found.wanted.schedule
    runs = next_runs(schedule, request.now, SHOWN_RUNS, week_rule(deps))
    changed = await Subscriptions(deps.state).resume(found.id, runs[0])
    said = "is posted again" if changed else "was not paused"
    text = f"{found.id} (`{found.wanted.command}`) {said}; next on {local(runs[0], schedule.zone)}."
    return Reply("resume", text, table=runs_table(runs, schedule.zone))


def _place(subscription: Subscription) -> Place:
    at = subscription.wanted.destination
    return Place(at.place_id, at.kind, platform=at.platform, address=at.address)


COMMAND = Command(
    name="resume",
    summary="Lets a paused subscription post again",
    run=run,
    usage="[ID]",
    examples=("resume", "resume S-7K3M9QXD"),
    ranged=False,
    words=Words.SOME,
    repeatable=False,
)
