"""`alerts`: what is open and what was lately; `alerts AL-3`: one of them with its chart."""

from __future__ import annotations

from dataclasses import replace

from bot.kit.alertids import alert_named
from bot.kit.alerting import alert_reply, audience_of, headline, visible
from bot.kit.command import Command, Words
from bot.kit.deps import Deps
from bot.kit.words import instant, plural
from bot.model.chat import Action, Cell, Column, Reply, Request, Table
from bot.state.alerts import Alert, Alerts, AlertState

SHOWN = 10


async def run(request: Request, deps: Deps) -> Reply:
    """One alert when its id is typed, else the list."""
    if request.query.words:
        alert = await alert_named(request.query.words, deps, "alerts", request.asker)
        return replace(alert_reply(alert), audience=audience_of((alert,)))
    alerts = Alerts(deps.state)
    unresolved = await alerts.unresolved()
    recent = await alerts.recent(max(SHOWN, len(unresolved)))
    mine = (tuple(one for one in each if visible(one, request.asker)) for each in (unresolved, recent))
    return _list(*mine)


def _list(unresolved: tuple[Alert, ...], recent: tuple[Alert, ...]) -> Reply:
    numbers = {alert.number for alert in unresolved}
    done = tuple(alert for alert in recent if alert.number not in numbers)
    shown = (*reversed(unresolved), *done)[: max(SHOWN, len(unresolved))]
    columns = (
        Column("id", "Alert"),
        Column("state", "State"),
        Column("opened", "Opened"),
        Column("what", "What"),
    )
    open_ones = [alert for alert in unresolved if alert.state is AlertState.OPEN]
    return Reply(
        "alerts",
        _text(unresolved, open_ones, done),
        table=Table(columns, tuple(map(_row, shown)), title="Alerts") if shown else None,
        audience=audience_of(shown),
        actions=tuple(Action(f"show-{one.id}", one.id, f"alerts {one.id}") for one in shown[:3]),
    )


def _text(unresolved: tuple[Alert, ...], open_ones: list[Alert], done: tuple[Alert, ...]) -> str:
    if not unresolved:
        return f"No alert is open.{f' The last {len(done)} are below.' if done else ''}"
    rest = len(unresolved) - len(open_ones)
    counted = plural(len(open_ones), "alert is", "alerts are") if open_ones else "No alert is"
    acknowledged = f", {rest} acknowledged" if rest else ""
    newest = (open_ones or unresolved)[-1]
    return f"{counted} open{acknowledged}. The newest, {newest.id}: {headline(newest)}"


def _row(alert: Alert) -> tuple[Cell, ...]:
    return alert.id, alert.state.value, instant(alert.opened_at), headline(alert)


COMMAND = Command(
    name="alerts",
    summary="Open alerts on budgets and unusual days",
    run=run,
    usage="[AL-3]",
    examples=("alerts",),
    ranged=False,
    words=Words.SOME,
)
