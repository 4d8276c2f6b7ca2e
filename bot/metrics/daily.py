"""A series of days as the metrics that look back take it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.metrics.explained import Basis
from bot.metrics.figures import Figures, Metric
from bot.metrics.usage import Point


def daily(points: Sequence[Point], metric: Metric) -> dict[date, int | None]:
    """What each day of a daily series used; None for a missing day."""
    return {point.period.start: point.figures.exact(metric) if point.figures else None for point in points}


def basis(figures: Figures | None) -> Basis:
    """Users, turns and credits of a window or day; all None when it is missing."""
    held = figures or Figures()
    return Basis(held.active_users, held.turns, held.credits)
