"""What every chart says under its title, and how our units look on an axis."""

from __future__ import annotations

from bot.kit.words import span
from bot.model.chat import Unit
from bot.model.ranges import View
from bot.model.timerange import TimeRange
from charts import Period

PERIODS = {View.DAILY: Period.DAY, View.WEEKLY: Period.WEEK, View.MONTHLY: Period.MONTH}
PER = {View.DAILY: "day", View.WEEKLY: "week", View.MONTHLY: "month"}
CHART_UNITS = {Unit.USD: "USD", Unit.ESTIMATED_USD: "USD", Unit.PERCENT: "%"}


def subtitle(label: str, view: View, window: TimeRange) -> str:
    """`Credits per day · 21 Sep–20 Oct 2026 · UTC`."""
    return f"{label} per {PER[view]} · {span(window)} · UTC"
