"""A series of days as the metrics that look back take it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.metrics.explained import Basis
from bot.metrics.figures import Figures, Metric
from bot.metrics.usage import Point


def daily(points: Sequence[Point], metric: Metric) -> dict[date, int | None]:
    """What each day of a daily series used; None for a missing day and one that was not told.

    A held day on which nobody used anything is 0, also where the API tells nothing then, unless it never
    tells the metric.
    """
    exact = {p.period.start: p.figures.exact(metric) if p.figures else None for p in points}
    if all(value is None for value in exact.values()):
        return exact
    quiet = {p.period.start for p in points if p.figures and not p.figures.rows}
    return {day: 0 if value is None and day in quiet else value for day, value in exact.items()}


def basis(figures: Figures | None) -> Basis:
    """Users, turns and credits of a window or day; all None when it is missing."""
    held = figures or Figures()
    return Basis(held.active_users, held.turns, held.credits)
