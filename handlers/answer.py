"""`answer AL-3 words`: what the owner says to an alert."""

from __future__ import annotations

from typing import Final

from bot.kit.alertids import alert_named
from bot.kit.alerting import Told, owner_of, with_answer
from bot.kit.command import Command, Shows, Words
from bot.kit.deps import Deps
from bot.model.chat import Asker, Level, Reply, Request
from bot.model.errors import BadValue, NotAllowed
from bot.state.alerts import Alert, Alerts
from bot.state.trail import Trail

ACTION: Final = "owner-answer"
MOST_CHARS: Final = 500
ITSELF: Final = Asker("codex-pulse", levels=frozenset({Level.INVESTIGATOR}))


async def run(request: Request, deps: Deps) -> Reply:
    """Keep the words with the alert and in the trail; a try by anybody else leaves its line too."""
    number, *words = request.query.words or ("",)
    if not words:
        raise BadValue("`answer` needs an alert's number and your words.", COMMAND.examples[0])
    alert = await _own(number, request, deps)
    if alert is None:
        await Trail(deps.state).append(request.asker.id, ACTION, {"outcome": "refused"}, request.now)
        raise NotAllowed
    said = " ".join(words)[:MOST_CHARS]
    await Trail(deps.state).append(
        request.asker.id, ACTION, {"alert": alert.id, "outcome": "answered", "said": said}, request.now
    )
    await Alerts(deps.state).keep(alert.number, with_answer(Told.of(alert), said).to_json())
    return Reply("answer", f"Thank you: your answer stands with {alert.id} and in the trail.")


async def _own(number: str, request: Request, deps: Deps) -> Alert | None:
    """The alert when it is about the asker."""
    try:
        alert = await alert_named((number,), deps, "answer", ITSELF)
    except BadValue:
        return None
    mine = request.asker.codex_user_id
    return alert if mine is not None and owner_of(alert) == mine else None


COMMAND = Command(
    name="answer",
    summary="Answer when you were asked about an alert",
    run=run,
    usage="AL-3 WORDS",
    examples=("answer AL-3 It runs our nightly build",),
    shows=Shows.OWN,
    ranged=False,
    words=Words.RAW,
    repeatable=False,
)
