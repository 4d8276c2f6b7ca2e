"""Reads the figures once and asks every check."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from bot.kit.alerting import WORKSPACE, surface_scope, team_scope
from bot.kit.budget_states import budget_standings
from bot.metrics.anomaly import RUN_DAYS, WEEKS, Rule
from bot.metrics.daily import basis
from bot.metrics.explained import Explanation, explain_change
from bot.metrics.figures import MICRO
from bot.metrics.team_days import TeamDays
from bot.metrics.usage import Dimension, Group
from bot.model.chat import Unit
from bot.model.message import Destination
from bot.model.periods import Period, period_of, same_days_before
from bot.model.timerange import DAY, TimeRange, last_complete_day
from bot.state.alerts import Alerts, Silence
from bot.state.budgets import Budget, Budgets
from bot.state.engine import StateDb
from bot.watch.anomaly_check import CHART_DAYS, Watched, check_days
from bot.watch.budget_check import check_budget
from bot.watch.found import Found

if TYPE_CHECKING:
    from bot.analytics.client import AnalyticsClient

FLOOR_CREDITS = 100


@dataclass(frozen=True, slots=True)
class Look:
    """Unusual days are told in `place`, without one where the workspace's budget is, else nowhere.

    Teams of fewer than `fewest` people are not looked at.
    """

    db: StateDb
    analytics: AnalyticsClient
    lag_hours: int = 12
    fewest: int = 5
    place: Destination | None = None
    rule: Rule = field(default_factory=lambda: Rule(floor=FLOOR_CREDITS * MICRO))

    async def at(self, now: datetime) -> Found:
        """Everything that is true at `now`. Raises Unavailable when no figures can be had."""
        through = last_complete_day(now, self.lag_hours)
        budgets = await Budgets(self.db).all()
        parts = [*await self._budgets(budgets, through), *await self._days(budgets, through)]
        return Found.joined(parts)

    async def _budgets(self, budgets: tuple[Budget, ...], through: date) -> list[Found]:
        if not budgets:
            return []
        # The month of the last complete day: else the last day of a month would never be looked at.
        month = period_of(Period.MONTH, through)
        explained = await self._explained(budgets, TimeRange(month.start, through + DAY))
        standings = await budget_standings(self.analytics, budgets, month, through)
        return [
            check_budget(one, explained.get(one.budget.team) if one.budget.unit is Unit.CREDITS else None)
            for one in standings
        ]

    async def _explained(
        self, budgets: tuple[Budget, ...], window: TimeRange
    ) -> dict[str | None, Explanation | None]:
        before = same_days_before(Period.MONTH, window)
        whole = await self.analytics.usage(window, before=before)
        found: dict[str | None, Explanation | None] = {
            None: explain_change(basis(whole.previous), basis(whole.totals))
        }
        if self.analytics.directory and any(budget.team for budget in budgets):
            for team in (await self.analytics.teams(window, before)).teams:
                found[team.team] = explain_change(basis(team.previous), basis(team.figures))
        return found

    async def _days(self, budgets: tuple[Budget, ...], through: date) -> list[Found]:
        back = max(RUN_DAYS, CHART_DAYS) + WEEKS * 7
        window = TimeRange(through - timedelta(days=back), through + DAY)
        silences = await Alerts(self.db).silences(window)
        place = self.place or _place_of(budgets)
        watched = [*await self._whole(window, silences), *await self._teams(window, silences)]
        return [check_days(one, through, self.rule, place) for one in watched]

    async def _whole(self, window: TimeRange, silences: tuple[Silence, ...]) -> list[Watched]:
        result = await self.analytics.usage(window, Dimension.SURFACE)
        whole = Watched(WORKSPACE, "", result.points, _planned(silences, WORKSPACE))
        return [whole, *(_surface(group, silences) for group in result.groups)]

    async def _teams(self, window: TimeRange, silences: tuple[Silence, ...]) -> list[Watched]:
        if self.analytics.directory is None:
            return []
        result = await self.analytics.team_days(window)
        return [_team(team, silences) for team in result.teams if team.people_count >= self.fewest]


def _surface(group: Group, silences: tuple[Silence, ...]) -> Watched:
    scope = surface_scope(group.key)
    return Watched(scope, f" through {group.label}", group.points, _planned(silences, WORKSPACE, scope))


def _team(team: TeamDays, silences: tuple[Silence, ...]) -> Watched:
    scope = team_scope(team.team)
    return Watched(scope, f" by {team.team}", team.points, _planned(silences, WORKSPACE, scope))


def _planned(silences: tuple[Silence, ...], *scopes: str) -> frozenset[date]:
    return frozenset(when for one in silences if one.scope in scopes for when in one.days.days())


def _place_of(budgets: tuple[Budget, ...]) -> Destination | None:
    own = (budget for budget in budgets if budget.team is None)
    return next((Destination(budget.platform, budget.place_id) for budget in own), None)
