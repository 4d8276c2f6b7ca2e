"""Figures of one group and period, and the names of the metrics they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.model.chat import Unit

MICRO: Final = 1_000_000


class Metric(StrEnum):
    """A figure with a stable key; the values are attribute names of `Figures`."""

    ACTIVE_USERS = "active_users"
    THREADS = "threads"
    TURNS = "turns"
    CREDITS = "credits"
    COST_USD = "cost_usd"
    ESTIMATED_COST_USD = "estimated_cost_usd"
    TOKENS = "tokens"
    UNCACHED_INPUT_TOKENS = "uncached_input_tokens"
    CACHED_INPUT_TOKENS = "cached_input_tokens"
    OUTPUT_TOKENS = "output_tokens"

    @property
    def unit(self) -> Unit:
        """The unit of `Figures.number`."""
        return _UNITS.get(self, Unit.TOKENS)

    @property
    def in_micro_units(self) -> bool:
        """True for the three money-like metrics, whose integers are millionths."""
        return self in (Metric.CREDITS, Metric.COST_USD, Metric.ESTIMATED_COST_USD)


_UNITS: Final = {
    Metric.ACTIVE_USERS: Unit.PEOPLE,
    Metric.THREADS: Unit.THREADS,
    Metric.TURNS: Unit.TURNS,
    Metric.CREDITS: Unit.CREDITS,
    Metric.COST_USD: Unit.USD,
    Metric.ESTIMATED_COST_USD: Unit.ESTIMATED_USD,
}

COLUMN_OF: Final[Mapping[Metric, str]] = {
    metric: "total_tokens" if metric is Metric.TOKENS else metric.value
    for metric in Metric
    if metric is not Metric.ACTIVE_USERS
}
"""The lake's column that a summed metric adds up."""

ALWAYS_TOLD: Final = (Metric.THREADS, Metric.TURNS, Metric.CREDITS)
"""The API always sends these per person, so a held day without rows is a 0; the others stay None."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Integers of one group and period; money-like ones in micro-units. None means no data, never 0.

    `rows` counts the person rows behind it, `rows_with_tokens` those whose token total was told.
    """

    active_users: int | None = None
    threads: int | None = None
    turns: int | None = None
    credits: int | None = None
    cost_usd: int | None = None
    estimated_cost_usd: int | None = None
    tokens: int | None = None
    uncached_input_tokens: int | None = None
    cached_input_tokens: int | None = None
    output_tokens: int | None = None
    rows: int = 0
    rows_with_tokens: int = 0

    def exact(self, metric: Metric) -> int | None:
        """The integer held: micro-units for money-like metrics."""
        value: int | None = getattr(self, metric)
        return value

    def number(self, metric: Metric) -> float | int | None:
        """The figure in its own unit (`metric.unit`), unrounded: divided once, here."""
        value = self.exact(metric)
        return None if value is None else in_unit(metric, value)

    @property
    def cached_token_ratio(self) -> float | None:
        """Cached / (cached + uncached) input tokens, between 0 and 1."""
        if self.cached_input_tokens is None or self.uncached_input_tokens is None:
            return None
        return ratio(self.cached_input_tokens, self.cached_input_tokens + self.uncached_input_tokens)

    @property
    def credits_per_active_user(self) -> float | None:
        """Credits / distinct active people of the same window."""
        return ratio(self.number(Metric.CREDITS), self.active_users)


def in_unit(metric: Metric, exact: int) -> float | int:
    """An integer as `Figures.exact` has it, in `metric.unit`."""
    return exact / MICRO if metric.in_micro_units else exact


def change_pct(now: float | None, before: float | None) -> float | None:
    """Percent by which `now` differs from `before`; None without both or when `before` is 0."""
    if now is None or not before:
        return None
    return (now - before) * 100 / before


def ratio(part: float | None, whole: float | None) -> float | None:
    """`part / whole`; None without both or when `whole` is 0."""
    if part is None or not whole:
        return None
    return part / whole
