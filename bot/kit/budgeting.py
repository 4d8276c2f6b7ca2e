"""A month against its budget, in words, facts and the forecast chart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import charts
from bot.kit.pictures import CHART_UNITS
from bot.kit.words import day, figure, plural, units
from bot.metrics.budgets import BudgetState
from bot.metrics.daily import daily
from bot.metrics.figures import Metric
from bot.metrics.forecast import Forecast, month_forecast
from bot.metrics.rates import RATE_WEEKS, TRIAL_WEEKS
from bot.metrics.usage import Point
from bot.model.chat import Column, Drawing, Fact, Table, Unit
from bot.model.timerange import DAY, TimeRange

METRICS = {
    Unit.CREDITS: Metric.CREDITS,
    Unit.USD: Metric.COST_USD,
    Unit.ESTIMATED_USD: Metric.ESTIMATED_COST_USD,
}
_MONTH_DAYS = 31
_LABELS = {Unit.CREDITS: "Credits", Unit.USD: "Billed in USD", Unit.ESTIMATED_USD: "Estimated cost (USD)"}


def history(month: TimeRange, through: date) -> TimeRange:
    """The days that a forecast of `month` and its back-test look at."""
    back = timedelta(weeks=RATE_WEEKS + TRIAL_WEEKS) + _MONTH_DAYS * DAY
    return TimeRange(min(month.start, through) - back, through + DAY)


def answered(made: Forecast, window: TimeRange) -> TimeRange:
    """The days of the month gone by, which an answer is about; `window` while there is none."""
    end = min(made.through + DAY, made.month.end)
    return TimeRange(made.month.start, end) if end > made.month.start else window


def forecast_of(points: Sequence[Point], unit: Unit, month: TimeRange, through: date) -> Forecast:
    """The month's forecast from a daily series over its `history`."""
    return month_forecast(daily(points, METRICS[unit]), month, through)


def amount(value: float | None, unit: Unit) -> str:
    """`50,000 credits`, `$500`, `~$500` (estimated), `no data`."""
    said = figure(value, unit)
    return f"{said} credits" if unit is Unit.CREDITS and value is not None else said


def title(month: TimeRange) -> str:
    """`October 2026`."""
    return f"{month.start:%B} {month.start.year}"


def standing(state: BudgetState, unit: Unit, who: str = "Codex") -> str:
    """The first sentence: used of the budget, and where the month is heading."""
    made = state.forecast
    budget = amount(units(state.amount), unit)
    if made.spent is None:
        return f"There is no data on {who} for {title(made.month)}; the budget is {budget}."
    used = f"{figure(units(made.spent), unit)} of {budget}"
    share = figure(state.spent_pct, Unit.PERCENT)
    return f"{who} used {used} ({share}) in {title(made.month)}{_so_far(made)}; {_heading(state, unit)}."


def may_pass(state: BudgetState) -> bool:
    """Whether the month is heading for less than the budget, and the band's upper end is above it."""
    made = state.forecast
    ahead = made.through < made.month.last and made.high is not None and made.total is not None
    return ahead and not state.overrun and (made.high or 0) > state.amount


def forecast_words(made: Forecast, unit: Unit) -> str:
    """`18,900 credits (80% band 17,200 to 20,100)`."""
    said = amount(units(made.total), unit)
    if made.low is None or made.high is None or made.through >= made.month.last:
        return said
    return f"{said} (80% band {figure(units(made.low), unit)} to {figure(units(made.high), unit)})"


def heading_for(who: str, made: Forecast, unit: Unit) -> str:
    """A chart's title: `Codex is heading for 18,900 credits in October 2026`; of a whole month its sum."""
    verb = "used" if made.through >= made.month.last else "is heading for"
    return f"{who} {verb} {amount(units(made.total), unit)} in {title(made.month)}"


def remarks(made: Forecast) -> list[str]:
    """How far off the rule used to be, and what is missing."""
    said = []
    if made.back_test and made.back_test.error_pct is not None:
        tries = plural(made.back_test.trials, "back-test")
        error = figure(made.back_test.error_pct, Unit.PERCENT)
        said.append(f"In {tries} the days ahead were off by {error} of what was used.")
    if made.missing_days:
        named = ", ".join(day(d) for d in made.missing_days[:3]) + (" …" if made.missing_days[3:] else "")
        counted = plural(len(made.missing_days), "day")
        said.append(f"No data for {counted} ({named}): not in what was used, estimated in the forecast.")
    return said


def forecast_facts(made: Forecast, unit: Unit) -> tuple[Fact, ...]:
    """What was used, the forecast with its band, and the back-test's error."""
    error = made.back_test.error_pct if made.back_test else None
    return (
        _money(METRICS[unit].value, f"{_LABELS[unit]} so far", made.spent, unit),
        _money("forecast", "Forecast for the month", made.total, unit),
        _money("forecast_low", "Forecast, low end (80%)", made.low, unit),
        _money("forecast_high", "Forecast, high end (80%)", made.high, unit),
        Fact("backtest_error_pct", "Back-test error", figure(error, Unit.PERCENT), error, Unit.PERCENT),
    )


def budget_facts(state: BudgetState, unit: Unit) -> tuple[Fact, ...]:
    """The forecast's facts with the budget, its share used and the day it runs out."""
    used, *rest = forecast_facts(state.forecast, unit)
    pct = state.spent_pct
    return (
        used,
        _money("budget", "Budget", state.amount, unit),
        Fact("budget_used_pct", "Used of the budget", figure(pct, Unit.PERCENT), pct, Unit.PERCENT),
        *rest,
        _exhaustion(state),
    )


def forecast_chart(
    made: Forecast, unit: Unit, heading: str, budget: BudgetState | None = None
) -> charts.ForecastChart:
    """Sums of the month day by day: solid while every day so far is known, then the forecast in its band."""
    known = _known_days(made)
    total = [units(one.total) for one in made.days]
    ahead = slice(max(known - 1, 0), None)  # the dashed line begins where the solid one ends
    label = f"{_LABELS[unit]}, sum from the 1st"
    return charts.ForecastChart(
        title=heading,
        subtitle=f"{label} · {title(made.month)} · UTC",
        days=tuple(one.day for one in made.days),
        actual=tuple(total[:known]) + (None,) * (len(total) - known),
        forecast=_from(total, ahead) if known < len(total) else (None,) * len(total),
        low=_from([units(one.low) for one in made.days], ahead),
        high=_from([units(one.high) for one in made.days], ahead),
        unit=CHART_UNITS.get(unit, unit.value),
        budget=units(budget.amount) if budget else None,
        exhausted_on=budget.exhausted_on if budget else None,
    )


def forecast_drawing(chart: charts.ForecastChart, alt: str) -> Drawing:
    """The chart with the same sums as a table behind it."""
    columns = (
        Column("day", "Day (UTC)"),
        Column("used", "Used"),
        Column("forecast", "Forecast"),
        Column("low", "Low"),
        Column("high", "High"),
    )
    rows = zip(chart.days, chart.actual, chart.forecast, chart.low, chart.high, strict=True)
    table = Table(columns, tuple((when.isoformat(), *values) for when, *values in rows))
    return Drawing(lambda: charts.forecast(chart), alt, name="forecast.png", fallback=table)


def _so_far(made: Forecast) -> str:
    if made.through >= made.month.last:
        return ""
    if made.through < made.month.start:
        return " (no day of it is complete yet)"
    return f" through {day(made.through)}"


def _heading(state: BudgetState, unit: Unit) -> str:
    made = state.forecast
    if made.total is None:
        return "history is too short for a forecast: two weeks are needed"
    over = state.overrun or 0
    within = "within the budget, though the band reaches above it" if may_pass(state) else "within the budget"
    against = f"{amount(units(over), unit)} over the budget" if over else within
    when = f", which {_runs_out(state)}" if state.exhausted_on else ""
    if made.back_test is None:
        return f"the month ended {against}{when}"
    return f"the month is heading for {forecast_words(made, unit)}, {against}{when}"


def _runs_out(state: BudgetState) -> str:
    passed = state.exhausted_on
    if passed is None:
        return "does not run out this month"
    return f"{'ran' if passed <= state.forecast.through else 'runs'} out on {day(passed)}"


def _exhaustion(state: BudgetState) -> Fact:
    """Days from the last complete day to the one that passes the budget, negative when it is over."""
    passed, made = state.exhausted_on, state.forecast
    label, key = "Budget runs out", "days_to_exhaustion"
    if passed is None:
        said = "no data" if made.total is None else "not this month"
        return Fact(key, label, said, None, Unit.DAYS)
    return Fact(key, label, f"{day(passed)} {passed.year}", (passed - made.through).days, Unit.DAYS)


def _money(key: str, label: str, micro: int | None, unit: Unit) -> Fact:
    return Fact(key, label, figure(units(micro), unit), units(micro), unit)


def _known_days(made: Forecast) -> int:
    """How many days from the 1st are known without a gap."""
    return next((n for n, one in enumerate(made.days) if one.used is None), len(made.days))


def _from(values: list[float | None], ahead: slice) -> tuple[float | None, ...]:
    kept = values[ahead]
    return (None,) * (len(values) - len(kept)) + tuple(kept)
