"""What every chart says under its title, and how our units look on an axis."""

from __future__ import annotations

from bot.kit.words import join, span
from bot.metrics.periods import periods
from bot.model.chat import Unit
from bot.model.ranges import View
from bot.model.timerange import TimeRange
from charts.dates import Period

PERIODS = {View.DAILY: Period.DAY, View.WEEKLY: Period.WEEK, View.MONTHLY: Period.MONTH}
PER = {View.DAILY: "day", View.WEEKLY: "week", View.MONTHLY: "month"}
CHART_UNITS = {Unit.USD: "USD", Unit.ESTIMATED_USD: "USD", Unit.PERCENT: "%"}


def subtitle(label: str, view: View, window: TimeRange) -> str:
    """`Credits per day · 21 Sep–20 Oct 2026 · UTC`."""
    return f"{label} per {PER[view]} · {span(window)} · UTC"


def left_out(view: View | None, window: TimeRange) -> list[str]:
    """What has to be said when a series goes by weeks or months: those that the window cuts are left out."""
    if view in (None, View.DAILY):
        return []
    name = "Monday weeks" if view is View.WEEKLY else "calendar months"
    whole = periods(window, view)
    if not whole:
        return [
            f"The window holds no whole {PER[view]}, so there is no {view} series; the figures are whole."
        ]
    cut = [TimeRange(window.start, whole[0].start), TimeRange(whole[-1].end, window.end)]
    ends = [span(part) for part in cut if part.day_count]
    if not ends:
        return [f"The series goes by {name}."]
    return [f"The series goes by {name}; {join(ends)} {_cut(ends, view)} left out of it."]


def _cut(ends: list[str], view: View) -> str:
    return f"is a part {PER[view]} and" if len(ends) == 1 else f"are part {PER[view]}s and"
