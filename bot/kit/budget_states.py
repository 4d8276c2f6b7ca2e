"""Every budget with the month as it stands: the figures of the workspace and of the teams, read once each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING

from bot.kit.budgeting import amount, forecast_of, heading_for, history, may_pass
from bot.kit.words import day, units
from bot.metrics.budgets import BudgetState, budget_state
from bot.metrics.coverage import Coverage
from bot.metrics.usage import Point
from bot.model.errors import BadValue
from bot.model.timerange import TimeRange
from bot.state.budgets import Budget

if TYPE_CHECKING:
    from bot.analytics.client import AnalyticsClient


@dataclass(frozen=True, slots=True)
class Standing:
    """One budget, its month, and what the figures stand on."""

    budget: Budget
    state: BudgetState
    coverage: Coverage

    @property
    def who(self) -> str:
        """The team, or Codex for the whole workspace."""
        return self.budget.team or "Codex"


async def budget_standings(
    analytics: AnalyticsClient, budgets: Sequence[Budget], month: TimeRange, through: date
) -> tuple[Standing, ...]:
    """In the order of `budgets`. A team that is not in the directory any more is one without data."""
    window = history(month, through)
    series: dict[str | None, Sequence[Point]] = {}
    usage = await analytics.usage(window)
    series[None] = usage.points
    if analytics.directory and any(budget.team for budget in budgets):
        days = await analytics.team_days(window)
        series |= {team.team: team.points for team in days.teams}
    return tuple(
        Standing(budget, _state(budget, series.get(budget.team, ()), month, through), usage.coverage)
        for budget in budgets
    )


def finding(one: Standing) -> str:
    """A chart's title: when the budget runs out, else where the month is heading."""
    state, unit = one.state, one.budget.unit
    if not state.exhausted_on:
        how = "close to the" if may_pass(state) else "within"
        return f"{heading_for(one.who, state.forecast, unit)}, {how} budget"
    whose = f"{one.budget.team}'s" if one.budget.team else "The"
    verb = "ran" if state.exhausted_on <= state.forecast.through else "runs"
    return f"{whose} budget of {amount(units(state.amount), unit)} {verb} out on {day(state.exhausted_on)}"


def team_named(analytics: AnalyticsClient, word: str, fewest: int, hint: str) -> str:
    """The team of the directory that `word` names in any case; one of fewer than `fewest` is not told of."""
    sizes = analytics.directory.sizes if analytics.directory else {}
    teams = {team.casefold(): team for team, count in sizes.items() if count >= fewest}
    found = teams.get(word.casefold())
    if found is None:
        nearest = get_close_matches(word.casefold(), teams, 1)
        meant = f" Did you mean `{teams[nearest[0]]}`?" if nearest else ""
        why = (
            f"I know no team `{word}` of {fewest} people or more."
            if sizes
            else "There is no directory of teams."
        )
        raise BadValue(f"{why}{meant}", hint)
    return found


def _state(budget: Budget, points: Sequence[Point], month: TimeRange, through: date) -> BudgetState:
    return budget_state(budget.amount_micro, forecast_of(points, budget.unit, month, through))
