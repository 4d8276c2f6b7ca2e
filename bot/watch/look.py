"""Reads the figures once and asks every check."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from bot.kit.alerting import WORKSPACE, surface_scope
from bot.kit.budgeting import forecast_of, history
from bot.metrics.anomaly import RUN_DAYS, WEEKS, Rule
from bot.metrics.budgets import budget_state
from bot.metrics.daily import basis
from bot.metrics.explained import Explanation, explain_change
from bot.metrics.figures import MICRO
from bot.metrics.usage import Dimension, UsageResult
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
    """Unusual days are told in `place`, without one where the workspace's budget is, else nowhere."""

    db: StateDb
    analytics: AnalyticsClient
    lag_hours: int = 12
    place: Destination | None = None
    rule: Rule = field(default_factory=lambda: Rule(floor=FLOOR_CREDITS * MICRO))

    async def at(self, now: datetime) -> Found:
        """Everything that is true at `now`. Raises Unavailable when no figures can be had."""
        through = last_complete_day(now, self.lag_hours)
        budgets = await Budgets(self.db).all()
        parts = [*await self._budgets(budgets, through), *await self._days(budgets, through)]
        return Found.joined(parts)

    async def _budgets(self, budgets: tuple[Budget, ...], through: date) -> list[Found]:
        # Also on the first days of a month the last day of the month before is still looked at once.
        month = period_of(Period.MONTH, through)
        own = [budget for budget in budgets if budget.team is None]
        if not own:
            return []
        result = await self.analytics.usage(history(month, through))
        explanation = await self._month_explained(month, through)
        return [
            check_budget(
                budget,
                budget_state(budget.amount_micro, forecast_of(result, budget.unit, month)),
                explanation if budget.unit is Unit.CREDITS else None,
            )
            for budget in own
        ]

    async def _month_explained(self, month: TimeRange, through: date) -> Explanation | None:
        window = TimeRange(month.start, through + DAY)
        before = same_days_before(Period.MONTH, window)
        result = await self.analytics.usage(window, before=before)
        return explain_change(basis(result.previous), basis(result.totals))

    async def _days(self, budgets: tuple[Budget, ...], through: date) -> list[Found]:
        back = max(RUN_DAYS, CHART_DAYS) + WEEKS * 7
        window = TimeRange(through - timedelta(days=back), through + DAY)
        result = await self.analytics.usage(window, Dimension.SURFACE)
        silences = await Alerts(self.db).silences(window)
        place = self.place or _place_of(budgets)
        return [check_days(one, through, self.rule, place) for one in _watched(result, silences)]


def _watched(result: UsageResult, silences: tuple[Silence, ...]) -> Iterable[Watched]:
    yield Watched(WORKSPACE, "", result.points, _planned(silences, WORKSPACE))
    for group in result.groups:
        scope = surface_scope(group.key)
        yield Watched(scope, f" through {group.label}", group.points, _planned(silences, WORKSPACE, scope))


def _planned(silences: tuple[Silence, ...], *scopes: str) -> frozenset[date]:
    return frozenset(when for one in silences if one.scope in scopes for when in one.days.days())


def _place_of(budgets: tuple[Budget, ...]) -> Destination | None:
    own = (budget for budget in budgets if budget.team is None)
    return next((Destination(budget.platform, budget.place_id) for budget in own), None)
