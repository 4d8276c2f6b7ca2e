"""From metric results to facts, cells and chart values: one label per metric, one rule for change."""

from __future__ import annotations

from bot.kit.words import change_pct, figure
from bot.metrics.figures import Figures, Metric
from bot.model.chat import Column, Fact, Unit

LABELS = {
    Metric.ACTIVE_USERS: "Active users",
    Metric.THREADS: "Threads",
    Metric.TURNS: "Turns",
    Metric.CREDITS: "Credits",
    Metric.COST_USD: "Billed in USD",
    Metric.ESTIMATED_COST_USD: "Estimated cost (USD)",
    Metric.TOKENS: "Tokens",
    Metric.UNCACHED_INPUT_TOKENS: "Uncached input tokens",
    Metric.CACHED_INPUT_TOKENS: "Cached input tokens",
    Metric.OUTPUT_TOKENS: "Output tokens",
}
SUMMED = (
    Metric.CREDITS,
    Metric.ACTIVE_USERS,
    Metric.THREADS,
    Metric.TURNS,
    Metric.TOKENS,
    Metric.COST_USD,
    Metric.ESTIMATED_COST_USD,
)
"""What can be told of any group and window, in the order of tables."""
AT_YOUR_RATE = "cost_at_your_rate_usd"


def metric_fact(metric: Metric, now: Figures, before: Figures | None) -> Fact:
    """The figure of one metric with its change against the window before."""
    number = now.number(metric)
    pct = change_pct(number, before.number(metric) if before else None)
    return Fact(metric.value, LABELS[metric], figure(number, metric.unit), number, metric.unit, pct)


def rate_fact(now: Figures, before: Figures | None, usd_per_credit: float | None) -> tuple[Fact, ...]:
    """Credits at the contract rate: a fact of its own beside the other two costs; empty without a rate."""
    if usd_per_credit is None:
        return ()
    number = _at_rate(now, usd_per_credit)
    pct = change_pct(number, _at_rate(before, usd_per_credit) if before else None)
    return (Fact(AT_YOUR_RATE, "Credits at your rate", figure(number, Unit.USD), number, Unit.USD, pct),)


def told(key: str, label: str, unit: Unit, number: float | None, before: float | None = None) -> Fact:
    """A figure of any unit with its change against the one before."""
    return Fact(key, label, figure(number, unit), number, unit, change_pct(number, before))


def rate(
    key: str, label: str, number: float | None, before: float | None = None, unit: Unit = Unit.RATIO
) -> Fact:
    """A share between 0 and 1, shown in percent; as a fact of the unit PERCENT its number is one too."""
    shown = figure(None if number is None else number * 100, Unit.PERCENT)
    value = number if unit is Unit.RATIO or number is None else number * 100
    return Fact(key, label, shown, value, unit, change_pct(number, before))


def cached_ratio_fact(now: Figures, before: Figures | None) -> Fact:
    """Cached among all input tokens."""
    earlier = before.cached_token_ratio if before else None
    return rate("cached_token_ratio", "Cached input", now.cached_token_ratio, earlier)


def per_user_fact(now: Figures, before: Figures | None) -> Fact:
    """Credits per active user of the window."""
    earlier = before.credits_per_active_user if before else None
    return told(
        "credits_per_active_user",
        "Credits per active user",
        Unit.CREDITS,
        now.credits_per_active_user,
        earlier,
    )


def metric_column(metric: Metric) -> Column:
    """The table column of a metric."""
    return Column(metric.value, LABELS[metric], metric.unit)


def share_pct(part: float | None, whole: float | None) -> float | None:
    """Percent of the whole; None without both or of nothing."""
    return None if part is None or not whole else part / whole * 100


def _at_rate(figures: Figures, usd_per_credit: float) -> float | None:
    used = figures.number(Metric.CREDITS)
    return None if used is None else used * usd_per_credit
