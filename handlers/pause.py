"""`pause [ID]`: a subscription stays set up and posts nothing."""

from __future__ import annotations

from bot.kit.command import Command, Words
from bot.kit.deps import Deps
from bot.kit.subscribed import named
from bot.model.chat import Action, Reply, Request
from bot.state.subscriptions import Subscriptions


async def run(request: Request, deps: Deps) -> Reply:
    """Pause the one named, or the only one of this place; pausing twice is fine."""
    found = await named(request, deps)
    changed = await Subscriptions(deps.state).pause(found.id, "")
    said = "is paused" if changed else "was paused already"
    text = f"{found.id} (`{found.wanted.command}`) {said}; `{deps.company.slash} resume {found.id}` goes on."
    return Reply("pause", text, actions=(Action(f"resume-{found.id}", "Resume", f"resume {found.id}"),))


COMMAND = Command(
    name="pause",
    summary="Stops a subscription until it is resumed",
    run=run,
    usage="[ID]",
    examples=("pause", "pause S-7K3M9QXD"),
    ranged=False,
    words=Words.SOME,
    repeatable=False,
)
