"""Budgets: thresholds reached and forecasts above the budget."""

from __future__ import annotations

from urllib.parse import quote

from bot.kit.alerting import WORKSPACE, PostState, Told
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
from bot.metrics.budgets import THRESHOLDS, BudgetState
from bot.metrics.explained import Explanation
from bot.model.message import Destination
from bot.state.budgets import Budget
from bot.watch.found import Finding, Found, Kind


def check_budget(budget: Budget, state: BudgetState, explanation: Explanation | None) -> Found:
    """The highest threshold reached, and an overrun ahead while the budget is not used up.

    `explanation` is of the month so far against the same days of the month before; None is left out.
    """
    group = group_of(budget)
    unjudged = frozenset({group}) if state.forecast.missing_days else frozenset[str]()
    findings = []
    if state.crossed:
        findings.append(_threshold(budget, state, explanation))
    if state.overrun and THRESHOLDS[-1] not in state.crossed:
        findings.append(_overrun(budget, state, explanation))
    return Found(tuple(findings), unjudged)


def group_of(budget: Budget) -> str:
    """The alerts of one budget are judged together, whatever its amount and month."""
    return f"budget/{scope_of(budget)}/{budget.unit}"


def scope_of(budget: Budget) -> str:
    """`workspace` or `team:NAME`."""
    return f"team:{quote(budget.team, safe='')}" if budget.team else WORKSPACE


def _threshold(budget: Budget, state: BudgetState, explanation: Explanation | None) -> Finding:
    reached = state.crossed[-1]
    lead = f"{reached}% of the budget of {amount(units(budget.amount_micro), budget.unit)} is used."
    return _finding(budget, state, explanation, Kind.THRESHOLD, str(reached), lead)


def _overrun(budget: Budget, state: BudgetState, explanation: Explanation | None) -> Finding:
    made = state.forecast
    said = amount(units(budget.amount_micro), budget.unit)
    runs_out = f"; it runs out on {day(state.exhausted_on)}" if state.exhausted_on else ""
    lead = (
        f"{title(made.month)} is heading for {forecast_words(made, budget.unit)}, "
        f"above the budget of {said}{runs_out}."
    )
    return _finding(budget, state, explanation, Kind.OVERRUN, "overrun", lead)


def _finding(
    budget: Budget,
    state: BudgetState,
    explanation: Explanation | None,
    kind: Kind,
    what: str,
    lead: str,
) -> Finding:
    made = state.forecast
    lines = [lead, standing(state, budget.unit), *remarks(made)]
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
        forecast=forecast_chart(made, budget.unit, lead.removesuffix("."), state) if made.days else None,
        place=Destination(budget.platform, budget.place_id),
        owner_id=budget.set_by,
        post=PostState.WAITING,
    )
    return Finding(key, kind, scope_of(budget), told)
