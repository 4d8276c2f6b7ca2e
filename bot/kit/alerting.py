"""What an alert tells, as it is kept with the alert, and how it is shown anywhere."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import msgspec

import charts
from bot.kit.budgeting import forecast_drawing
from bot.kit.words import instant
from bot.metrics import DEFINITIONS_VERSION
from bot.model.chat import Action, Asker, Audience, Column, Drawing, Fact, Footer, Level, Reply, Table
from bot.model.message import Destination
from bot.model.timerange import TimeRange
from bot.state.alerts import Alert, AlertState

WORKSPACE = "workspace"
ALERTS_COMMAND = "alerts"
SECURITY_PREFIX = "security_"
PERSON_PREFIX = "person:"


def team_scope(team: str) -> str:
    """What an alert or a silence about one team is about."""
    return f"team:{team}"


def surface_scope(surface: str) -> str:
    """What an alert or a silence about one surface is about."""
    return f"surface:{surface}"


class PostState(StrEnum):
    """How far an alert's one message is. UNSURE and REFUSED are never posted again."""

    NOWHERE = "nowhere"
    WAITING = "waiting"
    SENDING = "sending"
    POSTED = "posted"
    UNSURE = "unsure"
    REFUSED = "refused"


class Told(msgspec.Struct, frozen=True):
    """The finding in words, facts and one chart over `window`; which message carries it.

    `group` names what is judged together. `planned` is the range that would have announced it, empty where
    nothing can be planned. `shown` is the state and edition that the message shows, `said` the owner's words.
    """

    group: str
    text: str
    facts: tuple[Fact, ...]
    window: TimeRange
    anomaly: charts.AnomalyChart | None = None
    forecast: charts.ForecastChart | None = None
    planned: str = ""
    place: Destination | None = None
    owner_id: str = ""
    post: PostState = PostState.NOWHERE
    edition: int = 1
    shown: str = ""
    said: tuple[str, ...] = ()

    def to_json(self) -> str:
        """The detail of a stored alert."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def of(cls, alert: Alert) -> Told:
        """What a stored alert tells; raises msgspec.ValidationError for a detail that is not ours."""
        return msgspec.json.decode(alert.found.detail, type=cls)

    def says_the_same(self, other: Told) -> bool:
        """True when a reader would see no difference."""
        return self._content() == other._content()

    def wanted(self, state: AlertState) -> str:
        """What `shown` is once the message is up to date."""
        return f"{state.value}/{self.edition}"

    def _content(self) -> tuple[object, ...]:
        return self.text, self.facts, self.window, self.anomaly, self.forecast


def is_security(alert: Alert) -> bool:
    """True for an alert that investigators and admins alone may see."""
    return alert.found.kind.startswith(SECURITY_PREFIX)


def visible(alert: Alert, asker: Asker) -> bool:
    """Whether somebody may see an alert at all."""
    return not is_security(alert) or bool({Level.INVESTIGATOR, Level.ADMIN} & asker.levels)


def audience_of(alerts: Iterable[Alert]) -> Audience:
    """The asker alone as soon as one of them is about security: others in the place may not see it."""
    return Audience.ASKER if any(map(is_security, alerts)) else Audience.HERE


def owner_of(alert: Alert) -> str | None:
    """The Codex user id of whom a security alert is about; None when nobody is told."""
    scope = alert.found.scope
    return scope.removeprefix(PERSON_PREFIX) if scope.startswith(PERSON_PREFIX) else None


def with_answer(kept: Told, words: str) -> Told:
    """What is kept, with what its owner said."""
    return msgspec.structs.replace(kept, said=(*kept.said, words), edition=kept.edition + 1)


def alert_reply(alert: Alert) -> Reply:
    """The alert with its state, chart and buttons."""
    told = Told.of(alert)
    return Reply(
        ALERTS_COMMAND,
        "\n".join([told.text, *(f"The owner said: {words}" for words in told.said), state_words(alert)]),
        facts=told.facts,
        drawings=_drawings(told),
        actions=_actions(alert, told),
        footer=Footer(window=told.window, definitions_version=DEFINITIONS_VERSION),
    )


def headline(alert: Alert) -> str:
    """The first sentence of what it tells."""
    return Told.of(alert).text.partition("\n")[0]


def state_words(alert: Alert) -> str:
    """Since when it is open, and what became of it."""
    since = f"since {instant(alert.opened_at)}"
    match alert.state:
        case AlertState.OPEN:
            return f"{alert.id} is open {since}; `ack {alert.id}` acknowledges it."
        case AlertState.ACKNOWLEDGED:
            when = f" on {instant(alert.acknowledged_at)}" if alert.acknowledged_at else ""
            return f"{alert.id}, open {since}, was acknowledged{when}."
        case AlertState.RESOLVED:
            when = f" on {instant(alert.resolved_at)}" if alert.resolved_at else ""
            return f"{alert.id}, open {since}, is resolved{when}."


def revised(kept: Told, found: Told) -> Told:
    """What is kept, telling what is found now."""
    content = {
        name: getattr(found, name) for name in ("text", "facts", "window", "anomaly", "forecast", "planned")
    }
    return msgspec.structs.replace(kept, edition=kept.edition + 1, **content)


def _actions(alert: Alert, told: Told) -> tuple[Action, ...]:
    number = alert.id
    if alert.state is AlertState.RESOLVED:
        return ()
    planned = (Action(f"planned-{number}", "This was planned", told.planned),) if told.planned else ()
    if alert.state is AlertState.ACKNOWLEDGED:
        return planned
    ask = (Action(f"ask-{number}", "Ask the owner", f"askowner {number}"),) if owner_of(alert) else ()
    return (Action(f"ack-{number}", "Acknowledge", f"ack {number}"), *planned, *ask)


def _drawings(told: Told) -> tuple[Drawing, ...]:
    alt = told.text.partition("\n")[0]
    if told.forecast is not None:
        return (forecast_drawing(told.forecast, alt),)
    return (anomaly_drawing(told.anomaly, alt),) if told.anomaly is not None else ()


def anomaly_drawing(chart: charts.AnomalyChart, alt: str) -> Drawing:
    """The chart with its values and usual range as a table behind it."""
    columns = (
        Column("day", "Day (UTC)"),
        Column("value", "Used"),
        Column("low", "Usual from"),
        Column("high", "to"),
    )
    rows = zip(chart.days, chart.values, chart.low, chart.high, strict=True)
    table = Table(columns, tuple((when.isoformat(), *values) for when, *values in rows))
    return Drawing(lambda: charts.anomaly(chart), alt, name="anomaly.png", fallback=table)
