"""`planned 2026-10-26..2026-10-30 "load test"`: no alert about unusual use on those days."""

from __future__ import annotations

import re
from datetime import date, timedelta

from bot.kit.alerting import WORKSPACE, surface_scope, team_scope
from bot.kit.budget_states import team_named
from bot.kit.command import Command, Option, Words
from bot.kit.deps import Deps
from bot.kit.words import day, plural, span
from bot.metrics.anomaly import FRESH_DAYS
from bot.metrics.clients import Surface, surface_label
from bot.model.chat import Action, Level, Reply, Request
from bot.model.errors import BadRange, BadValue
from bot.model.timerange import DAY, TimeRange, last_complete_day
from bot.state.alerts import Alerts, Silence

EXAMPLE = 'planned tomorrow "load test"'
LONGEST_DAYS = 366
_LONGEST_REASON = 200
_ONE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}|yesterday|today|tomorrow"
_DAYS = re.compile(
    rf"(?P<first>{_ONE})(?:(?: ?(?:\.{{2,3}}|\u2025|\u2026|\u2013|\u2014) ?| to )(?P<last>{_ONE}))?"
    r"(?: (?P<reason>.*))?",
    re.IGNORECASE,
)
_NEAR = {"yesterday": -1, "today": 0, "tomorrow": 1}


async def run(request: Request, deps: Deps) -> Reply:
    """Note the days; what is unusual on them is neither alerted nor part of what is usual."""
    window, reason = _read(" ".join(request.query.words), request.now.date())
    _check(window, last_complete_day(request.now, deps.company.lag_hours))
    scope, of_what = _scope(request, deps)
    await Alerts(deps.state).silence(Silence(scope, window, reason, request.asker.id), request.now)
    because = f" ({reason})" if reason else ""
    text = (
        f"{plural(window.day_count, 'day')} planned{because}: unusual use{of_what} on {span(window)} UTC "
        f"raises no alert. Budgets are still watched."
    )
    return Reply("planned", text, actions=(Action("alerts", "Alerts", "alerts"),))


def _scope(request: Request, deps: Deps) -> tuple[str, str]:
    """Whom it is about, and the words for it."""
    surface, team = request.query.option("surface"), request.query.option("team")
    if surface and team:
        raise BadValue("Name a surface or a team, not both.", EXAMPLE)
    if surface:
        return surface_scope(surface), f" through {surface_label(surface)}"
    if team:
        named = team_named(deps.analytics, team, deps.company.min_team_size, EXAMPLE)
        return team_scope(named), f" by {named}"
    return WORKSPACE, ""


def _read(text: str, today: date) -> tuple[TimeRange, str]:
    found = _DAYS.fullmatch(text)
    if found is None:
        said = f"`{text}` does not begin with days" if text else "`planned` needs days"
        raise BadRange(f"{said}: write them like 2026-10-26..2026-10-30, then the reason.", EXAMPLE)
    first = _day(found["first"], today)
    last = _day(found["last"], today) if found["last"] else first
    if last < first:
        raise BadRange(f"{first}..{last} ends before it starts.", EXAMPLE)
    return TimeRange(first, last + DAY), (found["reason"] or "")[:_LONGEST_REASON]


def _day(word: str, today: date) -> date:
    near = _NEAR.get(word.casefold())
    if near is not None:
        return today + timedelta(days=near)
    try:
        found = date.fromisoformat(word)
    except ValueError as error:
        raise BadRange(f"{word} is not in the calendar.", EXAMPLE) from error
    if found == date.max:
        raise BadRange(f"{word} is too far away.", EXAMPLE)
    return found


def _check(window: TimeRange, last_complete: date) -> None:
    """Days that raise no alert any more are refused: what is usual cannot be rewritten afterwards.

    A few past days are taken, because "This was planned" is said of an alert that stands. Older ones need
    nothing said: one odd day does not move the median of eight weeks.
    """
    oldest = last_complete - timedelta(days=FRESH_DAYS - 1)
    if window.last < oldest:
        past = "is over" if window.day_count == 1 else "are over"
        raise BadRange(
            f"{span(window)} {past}: no alert is about days before {day(oldest)} any more.", EXAMPLE
        )
    if window.day_count > LONGEST_DAYS:
        raise BadRange(f"At most {LONGEST_DAYS} days can be planned at once.", EXAMPLE)


COMMAND = Command(
    name="planned",
    summary="Announce days of unusual use, such as a load test, so that they raise no alert",
    run=run,
    usage='2026-10-26..2026-10-30 ["REASON"] [surface cli|team NAME]',
    examples=(EXAMPLE,),
    level=Level.ANALYST,
    ranged=False,
    words=Words.SOME,
    repeatable=False,
    options=(
        Option("surface", "only use of this surface", tuple(Surface)),
        Option("team", "only use by this team"),
    ),
)
