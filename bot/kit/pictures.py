"""What every chart says under its title, and how our units look on an axis."""

from __future__ import annotations

import re

from bot.kit.words import change, join, span
from bot.metrics.periods import periods
from bot.model.chat import Fact, Unit
from bot.model.ranges import View
from bot.model.timerange import TimeRange
from charts.dates import Period

PERIODS = {View.DAILY: Period.DAY, View.WEEKLY: Period.WEEK, View.MONTHLY: Period.MONTH}
PER = {View.DAILY: "day", View.WEEKLY: "week", View.MONTHLY: "month"}
CHART_UNITS = {Unit.USD: "USD", Unit.ESTIMATED_USD: "USD", Unit.PERCENT: "%"}


def subtitle(label: str, view: View, window: TimeRange) -> str:
    """`Credits per day · 21 Sep–20 Oct 2026 · UTC`."""
    return f"{label} per {PER[view]} · {span(window)} · UTC"


def alt_text(finding: str, facts: tuple[Fact, ...]) -> str:
    """The finding, and the first fact's value and direction where the finding leaves them out."""
    if not facts or facts[0].number is None:
        return finding
    first, moved = facts[0], _moved(facts[0].change_pct)
    if _says(finding, first.value) and _says(finding, moved):
        return finding
    by = f", {moved}" if moved else ""
    return f"{finding.removesuffix('.')}. {first.label}: {first.value}{by}."


def _says(finding: str, words: str) -> bool:
    """True when the words stand there by themselves: not as the end of another number."""
    return not words or re.search(rf"(?<![\w.,]){re.escape(words)}(?!\w|[.,]\d)", finding) is not None


def _moved(pct: float | None) -> str:
    """`up 14%`, `down 3%`, `unchanged`; empty without data."""
    said = change(pct)
    if pct is None or said == "no change":
        return said and "unchanged"
    return f"{'up' if pct > 0 else 'down'} {said[1:]}"


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
