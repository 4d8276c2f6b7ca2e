"""Where the running month is heading, as the digest tells it: with each budget, or in credits without one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.kit.budgeting import (
    METRICS,
    amount,
    forecast_facts,
    forecast_words,
    history,
    remarks,
    standing,
    title,
)
from bot.kit.deps import Deps
from bot.kit.words import day, units
from bot.metrics.budgets import BudgetState, budget_state
from bot.metrics.daily import daily
from bot.metrics.forecast import Forecast, month_forecast
from bot.metrics.usage import UsageResult
from bot.model.chat import Fact, Request, Unit
from bot.model.errors import Unavailable
from bot.model.periods import Period, period_of
from bot.model.timerange import TimeRange, last_complete_day
from bot.state.budgets import Budgets

_PREFIX = "month_"


@dataclass(frozen=True, slots=True)
class Month:
    """The forecast in credits, and each budget of the workspace with its unit."""

    credits: Forecast
    budgets: tuple[tuple[Unit, BudgetState], ...]


async def running_month(request: Request, deps: Deps) -> Month | None:
    """The UTC month of the last complete day at the request's time; None without any history of it."""
    through = last_complete_day(request.now, deps.company.lag_hours)
    month = period_of(Period.MONTH, through)
    window = history(month, through)
    try:
        used = await deps.analytics.usage(window, before=TimeRange(window.start, window.start))
    except Unavailable:
        return None
    budgets = [one for one in await Budgets(deps.state).all() if one.team is None]
    states = tuple(
        (one.unit, budget_state(one.amount_micro, _forecast(used, one.unit, month, through)))
        for one in budgets
    )
    return Month(_forecast(used, Unit.CREDITS, month, through), states)


def month_sentences(month: Month | None) -> list[str]:
    """A sentence for each budget, else one on credits; and how far off such forecasts used to be."""
    if month is None:
        return []
    told = [standing(state, unit) for unit, state in month.budgets]
    if not told and month.credits.days:
        through = day(month.credits.through)
        so_far = f"{title(month.credits.month)} stands at {amount(units(month.credits.spent), Unit.CREDITS)}"
        told = [f"{so_far} through {through}, heading for {forecast_words(month.credits, Unit.CREDITS)}."]
    first = month.budgets[0][1].forecast if month.budgets else month.credits
    return [*told, *remarks(first)] if told else []


def month_facts(month: Month | None) -> tuple[Fact, ...]:
    """The forecast in credits; keys begin with `month_`, apart from the week's."""
    if month is None:
        return ()
    return tuple(
        Fact(
            _PREFIX + fact.key,
            f"Month: {fact.label[0].lower()}{fact.label[1:]}",
            fact.value,
            fact.number,
            fact.unit,
        )
        for fact in forecast_facts(month.credits, Unit.CREDITS)
    )


def _forecast(used: UsageResult, unit: Unit, month: TimeRange, through: date) -> Forecast:
    return month_forecast(daily(used.points, METRICS[unit]), month, through)
