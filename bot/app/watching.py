"""The watcher wired to the product: it looks after each sync, and renders alerts as `alerts AL-3` does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bot.app.build import Product
from bot.dispatch.policy import INCLUDES
from bot.kit.alerting import ALERTS_COMMAND
from bot.metrics.events.security import shortened
from bot.model.chat import Answer, Asker, Level, Place, Request
from bot.model.message import Destination, Platform, destination_named
from bot.model.posting import Poster
from bot.model.timerange import TimeRange, last_complete_day
from bot.state.alerts import Alerts
from bot.state.budgets import Budgets
from bot.state.seen import Seen
from bot.watch import Watcher
from bot.watch.look import Look
from bot.watch.security_look import Looks, SecurityLook

_ITSELF = Asker("codex-pulse", levels=INCLUDES[Level.INVESTIGATOR])
_ANYWHERE = Place("codex-pulse")


async def check_once(built: Product) -> None:
    """Look once per last complete day, set of budgets and of planned days: for the demo's short calls."""
    now = built.clock()
    day = last_complete_day(now, built.settings.lag_hours)
    budgets = [f"{one.team}-{one.unit}-{one.amount_micro}" for one in await Budgets(built.state).all()]
    planned = len(await Alerts(built.state).silences(TimeRange(date.min, date.max)))
    if await Seen(built.state).first_time(f"watch {day} {budgets} {planned}", now):
        await watcher(built, {}).check(now)


def watcher(built: Product, posters: Mapping[Platform, Poster], place: Destination | None = None) -> Watcher:
    """The watcher of this installation. Without a poster alerts are opened and listed, and not posted."""

    async def answer(number: int) -> Answer:
        text = f"{ALERTS_COMMAND} AL-{number}"
        return await built.dispatcher.answer(Request(text, _ITSELF, _ANYWHERE, built.clock(), id="watch"))

    figures = Look(
        built.state, built.analytics, built.settings.lag_hours, built.settings.min_team_size, place
    )
    look = Looks((figures, security_look(built)) if built.audit else (figures,))
    return Watcher(built.state, look, answer, posters, built.clock)


def security_look(built: Product) -> SecurityLook:
    """What the audit log says of tokens and environments, told in the security channel."""
    channel, audit = built.settings.security_channel, built.audit
    if audit is None:
        message = "there is no audit log to look at"
        raise TypeError(message)
    own_key = shortened(built.settings.compliance_api_key.get_secret_value())
    place = destination_named(channel)
    return SecurityLook(audit.client, built.analytics, own_key, place)
