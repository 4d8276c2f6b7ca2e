"""Ranked horizontal bars: the top of a list, or a total by model."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.figure import Figure

from charts import numbers, ranked, style
from charts.series import OTHER
from charts.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Item:
    """A name and its value; None is written as "no data"."""

    name: str
    value: float | None


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars in the order given. `additive` items past the eighth are summed into "Other", the rest left out.

    `shares` writes each known value's percentage of all known values beside it.
    """

    title: str
    subtitle: str
    items: tuple[Item, ...]
    unit: str = ""
    additive: bool = False
    shares: bool = False


def bars(chart: BarChart) -> Figure:
    """Draw horizontal bars from zero, each with its value."""
    sheet = Sheet(chart.title, chart.subtitle)
    if not numbers.known(item.value for item in chart.items):
        return sheet.empty()
    shown = _shown(chart)
    notes = tuple(_share(bar.value, chart.items) for bar in shown) if chart.shares else ()
    ranked.draw(sheet, sheet.body.inset(bottom=style.GAP_PX), shown, chart.unit, notes)
    return sheet.figure


def _shown(chart: BarChart) -> tuple[ranked.Bar, ...]:
    everything = tuple(ranked.Bar(item.name, item.value) for item in chart.items)
    if len(everything) <= style.MOST_BARS:
        return everything
    if not chart.additive:
        return everything[: style.MOST_BARS]
    rest = chart.items[style.MOST_BARS - 1 :]
    known = numbers.known(item.value for item in rest)
    total = sum(known) if len(known) == len(rest) else None
    other = ranked.Bar(f"{OTHER} ({len(rest)})", total, style.OTHER, style.OTHER_TEXT)
    return (*everything[: style.MOST_BARS - 1], other)


def _share(value: float | None, items: tuple[Item, ...]) -> str:
    total = sum(numbers.known(item.value for item in items))
    known = numbers.finite(value)
    if known is None or total <= 0:
        return ""
    share = 100 * known / total
    return "<1%" if 0 < share < 1 else numbers.compact(round(share), "%")
