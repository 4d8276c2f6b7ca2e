"""Budgets: thresholds reached and forecasts above the budget."""

from __future__ import annotations

from bot.kit.alerting import WORKSPACE, PostState, Told, team_scope
from bot.kit.budget_states import Standing, finding
from bot.kit.budgeting import (
    amount,
    answered,
    budget_facts,
    forecast_chart,
    forecast_words,
    remarks,
    standing,
    title,
)
from bot.kit.explaining import explanation_facts, explanation_words
from bot.kit.words import day, units
from bot.metrics.budgets import THRESHOLDS
from bot.metrics.explained import Explanation
from bot.model.message import Destination
from bot.state.budgets import Budget
from bot.watch.found import Finding, Found, Kind


def check_budget(one: Standing, explanation: Explanation | None) -> Found:
    """The highest threshold reached, and an overrun ahead while the budget is not used up.

    `explanation` is of the month so far against the same days of the month before; None is left out.
    """
    state, group = one.state, group_of(one.budget)
    unjudged = frozenset({group}) if state.forecast.missing_days else frozenset[str]()
    findings = []
    if state.crossed:
        findings.append(_threshold(one, explanation))
    if state.overrun and THRESHOLDS[-1] not in state.crossed:
        findings.append(_overrun(one, explanation))
    return Found(tuple(findings), unjudged)


def group_of(budget: Budget) -> str:
    """The alerts of one budget are judged together, whatever its amount and month."""
    return f"budget/{scope_of(budget)}/{budget.unit}"


def scope_of(budget: Budget) -> str:
    """`workspace` or `team:NAME`."""
    return team_scope(budget.team) if budget.team else WORKSPACE


def _threshold(one: Standing, explanation: Explanation | None) -> Finding:
    budget, reached = one.budget, one.state.crossed[-1]
    said = amount(units(budget.amount_micro), budget.unit)
    by = f" by {budget.team}" if budget.team else ""
    lead = f"{reached}% of the budget of {said} is used{by}."
    return _finding(one, explanation, Kind.THRESHOLD, str(reached), lead, lead.removesuffix("."))


def _overrun(one: Standing, explanation: Explanation | None) -> Finding:
    budget, state, made = one.budget, one.state, one.state.forecast
    said = amount(units(budget.amount_micro), budget.unit)
    runs_out = f"; it runs out on {day(state.exhausted_on)}" if state.exhausted_on else ""
    lead = (
        f"{one.who} is heading for {forecast_words(made, budget.unit)} in {title(made.month)}, "
        f"above the budget of {said}{runs_out}."
    )
    # the lead says more than a title has room for
    return _finding(one, explanation, Kind.OVERRUN, "overrun", lead, finding(one))


def _finding(
    one: Standing, explanation: Explanation | None, kind: Kind, what: str, lead: str, heading: str
) -> Finding:
    budget, state, made = one.budget, one.state, one.state.forecast
    lines = [lead, standing(state, budget.unit, one.who), *remarks(made)]
    facts = budget_facts(state, budget.unit)
    if explanation is not None:
        lines.append(f"Against the same days of the month before: {explanation_words(explanation)}.")
        facts += explanation_facts(explanation)
    key = f"{group_of(budget)}/{made.month.start:%Y-%m}/{budget.amount_micro}/{what}"
    told = Told(
        group=group_of(budget),
        text="\n".join(lines),
        facts=facts,
        window=answered(made, made.month),
        forecast=forecast_chart(made, budget.unit, heading, state) if made.days else None,
        place=Destination(budget.platform, budget.place_id),
        owner_id=budget.set_by,
        post=PostState.WAITING,
    )
    return Finding(key, kind, scope_of(budget), told)
