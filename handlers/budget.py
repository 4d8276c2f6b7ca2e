"""`budget`: the month against its budgets; `budget set AMOUNT UNIT monthly`, `budget remove [UNIT]`."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from bot.kit.budget_states import Standing, budget_standings, finding, team_named
from bot.kit.budgeting import (
    amount,
    answered,
    budget_facts,
    forecast_chart,
    forecast_drawing,
    forecast_facts,
    forecast_of,
    forecast_words,
    heading_for,
    history,
    remarks,
    standing,
    title,
)
from bot.kit.command import Command, Option, Words
from bot.kit.deps import Deps
from bot.kit.levels import require
from bot.kit.replies import basis_of, footer_of
from bot.kit.words import day, units
from bot.metrics.budgets import THRESHOLDS
from bot.metrics.coverage import Coverage
from bot.metrics.figures import MICRO
from bot.metrics.forecast import Forecast
from bot.model.chat import Action, Cell, Column, Fact, Footer, Level, Reply, Request, Table, Unit
from bot.model.errors import BadValue
from bot.model.periods import Period, period_of
from bot.model.timerange import last_complete_day
from bot.state.budgets import INT64_MAX, Budget, Budgets

EXAMPLE = "budget set 50000 credits monthly"
UNITS = {
    "credits": Unit.CREDITS,
    "credit": Unit.CREDITS,
    "usd": Unit.USD,
    "estimated-usd": Unit.ESTIMATED_USD,
    "estimated_usd": Unit.ESTIMATED_USD,
}
_CHOICES = "`credits`, `usd` (billed) or `estimated-usd`"
_INVITE = "\nI am not in this channel yet: invite me, so that they can."
_LEAST_MICRO = MICRO // 100
_MONTHLY = frozenset({"monthly", "month", "a", "per", "each", "every"})
_NUMBER = re.compile(r"[0-9]{1,3}(?:[,_][0-9]{3})+(?:\.[0-9]{1,2})?|[0-9]+(?:\.[0-9]{1,2}|\.[0-9]{4,6})?")
_SIGNED = re.compile(r"[-\N{MINUS SIGN}][0-9]")


async def run(request: Request, deps: Deps) -> Reply:
    """Show, set or remove."""
    what, *rest = [word.casefold() for word in request.query.words] or ["show"]
    match what:
        case "show" if not rest:
            return await _show(request, deps)
        case "set":
            require(request, Level.ADMIN)
            return await _set(request, deps, rest)
        case "remove":
            require(request, Level.ADMIN)
            return await _remove(request, deps, rest)
        case _:
            raise BadValue(f"`budget {what}` is nothing I can do: `set` or `remove` a budget.", EXAMPLE)


async def _show(request: Request, deps: Deps) -> Reply:
    month = period_of(Period.MONTH, request.now.date())
    through = last_complete_day(request.now, deps.company.lag_hours)
    team, budgets = _team(request, deps), await Budgets(deps.state).all()
    budgets = tuple(one for one in budgets if team in (None, one.team))
    standings = await budget_standings(deps.analytics, budgets, month, through)
    if standings:
        return _budgeted(standings)
    if team:
        raise BadValue(f"The team {team} has no budget.", f"{EXAMPLE} team {team}")
    result = await deps.analytics.usage(history(month, through))
    return _unbudgeted(result.coverage, forecast_of(result.points, Unit.CREDITS, month, through))


def _budgeted(standings: tuple[Standing, ...]) -> Reply:
    first = standings[0]
    unit, made = first.budget.unit, first.state.forecast
    lines = [standing(one.state, one.budget.unit, one.who) for one in standings] + remarks(made)
    chart = forecast_chart(made, unit, finding(first), first.state)
    return Reply(
        "budget",
        "\n".join(lines),
        facts=budget_facts(first.state, unit),
        table=_table(standings) if len(standings) > 1 else None,
        drawings=(forecast_drawing(chart, lines[0]),) if made.days else (),
        actions=(Action("alerts", "Alerts", "alerts"),),
        footer=_footer(first.coverage, made),
        basis=basis_of(first.coverage),
    )


def _unbudgeted(coverage: Coverage, made: Forecast) -> Reply:
    used = amount(units(made.spent), Unit.CREDITS)
    heading = (
        f"heading for {forecast_words(made, Unit.CREDITS)}"
        if made.days
        else "too short a history to forecast"
    )
    first = f"Codex used {used} in {title(made.month)} through {day(made.through)}, {heading}."
    lines = [first, f"No budget is set; an admin sets one with `{EXAMPLE}`.", *remarks(made)]
    chart = forecast_chart(made, Unit.CREDITS, heading_for("Codex", made, Unit.CREDITS))
    return Reply(
        "budget",
        "\n".join(lines),
        facts=forecast_facts(made, Unit.CREDITS),
        drawings=(forecast_drawing(chart, first),) if made.days else (),
        footer=_footer(coverage, made),
        basis=basis_of(coverage),
    )


def _footer(coverage: Coverage, made: Forecast) -> Footer:
    """About the days of the month gone by; the history behind the rates is the basis only."""
    window = answered(made, coverage.window)
    return replace(footer_of(coverage), window=window, missing_days=made.missing_days)


def _table(standings: tuple[Standing, ...]) -> Table:
    columns = (
        Column("team", "Whose"),
        Column("unit", "Unit"),
        Column("budget", "Budget"),
        Column("used", "Used"),
        Column("budget_used_pct", "Used of the budget", Unit.PERCENT),
        Column("forecast", "Forecast"),
        Column("runs_out", "Runs out"),
    )
    return Table(columns, tuple(map(_row, standings)), title="Budgets")


def _row(one: Standing) -> tuple[Cell, ...]:
    state, made = one.state, one.state.forecast
    figures = (units(state.amount), units(made.spent), state.spent_pct, units(made.total))
    runs_out = state.exhausted_on.isoformat() if state.exhausted_on else "not this month"
    return (one.budget.team or "Workspace", _word(one.budget.unit), *figures, runs_out if made.days else None)


async def _set(request: Request, deps: Deps, words: list[str]) -> Reply:
    micro, unit = _amount([word for word in words if word not in _MONTHLY])
    place = request.place
    team = _team(request, deps)
    budget = Budget(micro, unit, team, place.platform, place.id, request.asker.id, request.now)
    before = await Budgets(deps.state).put(budget)
    said = amount(units(micro), unit)
    changed = f", instead of {amount(units(before.amount_micro), unit)}" if before else ""
    levels = f"{', '.join(map(str, THRESHOLDS[:-1]))} and {THRESHOLDS[-1]}%"
    invite = "" if await deps.scheduling.reach(place, request.asker) else _INVITE
    text = (
        f"The budget{f' of {team}' if team else ''} is {said} per UTC calendar month{changed}. "
        f"Alerts come here at {levels} and when the forecast passes it.{invite}"
    )
    fact = Fact("budget", "Budget", said, units(micro), unit)
    tail = f' team "{team}"' if team else ""
    actions = (
        Action("show", "Show", f"budget{tail}"),
        Action("remove", "Remove", f"budget remove {_word(unit)}{tail}"),
    )
    return Reply("budget", text, facts=(fact,), actions=actions)


async def _remove(request: Request, deps: Deps, words: list[str]) -> Reply:
    unknown = [word for word in words if word not in UNITS]
    if unknown:
        raise BadValue(f"`{unknown[0]}` is no unit of a budget: {_CHOICES}.", "budget remove credits")
    if len(words) > 1:
        raise BadValue("One budget at a time, please.", "budget remove credits")
    unit = UNITS[words[0]] if words else Unit.CREDITS
    team = _team(request, deps)
    what = f"monthly budget in {_word(unit)}{f' of {team}' if team else ''}"
    if not await Budgets(deps.state).remove(team, unit):
        raise BadValue(f"No {what} is set.", "budget")
    return Reply("budget", f"The {what} is removed; its alerts will be resolved.")


def _team(request: Request, deps: Deps) -> str | None:
    """None for the workspace."""
    word = request.query.option("team")
    return team_named(deps.analytics, word, deps.company.min_team_size, EXAMPLE) if word else None


def _amount(words: list[str]) -> tuple[int, Unit]:
    """Micro-units and unit of `50000 credits`; raises BadValue saying the one thing that is wrong."""
    if not words:
        raise BadValue("A budget needs an amount and a unit.", EXAMPLE)
    typed, *rest = words
    if "$" in typed or "€" in typed:
        raise BadValue(f"`{typed}` could be billed or estimated: write the number, then {_CHOICES}.", EXAMPLE)
    value = _number(typed)
    if not rest:
        raise BadValue(f"`{typed}` of what? A budget is in {_CHOICES}.", EXAMPLE)
    if len(rest) > 1:
        extra = " ".join(rest)
        raise BadValue(f"`{extra}` is not one unit: a budget is monthly, in {_CHOICES}.", EXAMPLE)
    if rest[0] not in UNITS:
        raise BadValue(f"`{rest[0]}` is no unit of a budget, and nothing is converted: {_CHOICES}.", EXAMPLE)
    return value, UNITS[rest[0]]


def _number(typed: str) -> int:
    if _SIGNED.match(typed):
        raise BadValue(f"A budget is more than 0, not `{typed}`.", EXAMPLE)
    if not _NUMBER.fullmatch(typed):
        raise BadValue(f"`{typed}` is not an amount: write a number such as 50000 or 1250.50.", EXAMPLE)
    micro = int(Decimal(typed.replace(",", "").replace("_", "")) * MICRO)
    if not micro:
        raise BadValue("A budget is more than 0.", EXAMPLE)
    if micro < _LEAST_MICRO:
        raise BadValue("A budget is at least 0.01.", EXAMPLE)
    if micro > INT64_MAX:
        raise BadValue(f"A budget is at most {INT64_MAX // MICRO:,}.", EXAMPLE)
    return micro


def _word(unit: Unit) -> str:
    return "estimated-usd" if unit is Unit.ESTIMATED_USD else unit.value


COMMAND = Command(
    name="budget",
    summary="The month against its budget: forecast, the day it runs out, back-test error",
    run=run,
    usage="[set AMOUNT credits|usd|estimated-usd monthly | remove [UNIT]] [team NAME]",
    examples=("budget", EXAMPLE),
    ranged=False,
    words=Words.SOME,
    options=(Option("team", "a team's budget instead of the workspace's"),),
    keywords=("set", "remove", "show", "monthly"),
    changes_with=("set", "remove"),
)
