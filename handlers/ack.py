"""`ack AL-3`: somebody looks after an alert; its message says so."""

from __future__ import annotations

from bot.kit.alertids import alert_named
from bot.kit.alerting import audience_of, headline, state_words
from bot.kit.command import Command, Words
from bot.kit.deps import Deps
from bot.model.chat import Action, Level, Reply, Request
from bot.model.errors import BadValue
from bot.state.alerts import Alerts


async def run(request: Request, deps: Deps) -> Reply:
    """Acknowledge an open alert; doing it twice says so and changes nothing."""
    if not request.query.words:
        raise BadValue("`ack` needs the alert's number, such as `ack AL-3`.", "alerts")
    alert = await alert_named(request.query.words, deps, "ack", request.asker)
    alerts = Alerts(deps.state)
    done = await alerts.acknowledge(alert.number, request.asker.id, request.now)
    now = await alerts.get(alert.number) or alert
    already = "" if done else "Nothing changed: "
    action = Action("show", "Show", f"alerts {alert.id}")
    text = f"{already}{state_words(now)}\n{headline(now)}"
    return Reply("ack", text, actions=(action,), audience=audience_of((alert,)))


COMMAND = Command(
    name="ack",
    summary="Acknowledge an alert",
    run=run,
    usage="AL-3",
    examples=("ack AL-3",),
    level=Level.ANALYST,
    also=(Level.INVESTIGATOR,),
    ranged=False,
    words=Words.SOME,
    repeatable=False,
)
