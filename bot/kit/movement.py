"""People over time: how many are active, and who comes, stays, comes back and goes."""

from __future__ import annotations

import charts
from bot.kit.pictures import PERIODS
from bot.kit.words import span
from bot.metrics.activity import ActivityPoint, ActivityResult, AdoptionBase
from bot.metrics.periods import period_holding, periods
from bot.model.chat import Column, Drawing, Plot, PlotKind, Table, Unit
from bot.model.ranges import View
from bot.model.timerange import TimeRange

LONGEST_DAILY = 200
STEPS = (
    ("new", "New"),
    ("returning", "Returning"),
    ("resurrected", "Resurrected"),
    ("dormant", "Dormant"),
)
"""Keys and labels of the lifecycle, in the order they are told."""


NAMED = {
    AdoptionBase.ROSTER: "in the directory",
    AdoptionBase.SEATS: "seats that are set",
    AdoptionBase.EVER_SEEN: "ever seen",
}


def outgrown(eligible: int | None, base: AdoptionBase) -> str:
    """Why there is no adoption rate when more people were active than were named eligible."""
    named = f"{eligible or 0:,} {NAMED[base]}"
    return f"More people were active than the {named}, so the adoption rate cannot be told."


def trend(activity: ActivityResult, view: View, title: str) -> Drawing:
    """Lines of MAU28 and WAU; by weeks and months the figures of their last days."""
    # the chart averages long daily series, which would say something else of figures over days
    view = View.WEEKLY if view is View.DAILY and len(activity.points) > LONGEST_DAILY else view
    points = _ends(activity, view)
    chart = charts.LineChart(
        title=title,
        subtitle=f"Active people of the last 28 and 7 days · {span(activity.coverage.window)} · UTC",
        days=tuple(point.day for point in points),
        series=(
            charts.Series("28 days", tuple(point.mau28 for point in points)),
            charts.Series("7 days", tuple(point.wau for point in points)),
        ),
        unit="people",
        period=PERIODS[view],
    )
    plot = Plot(PlotKind.LINE, "day", ("mau28", "wau"))
    return Drawing(lambda: charts.line(chart), f"{title}.", fallback=trend_table(activity, view), plot=plot)


def _ends(activity: ActivityResult, view: View) -> tuple[ActivityPoint, ...]:
    """Each complete day, or the last days of the window's whole weeks or months."""
    lasts = {period.last for period in periods(activity.coverage.window, view)}
    return tuple(p for p in activity.points if p.day <= activity.as_of and p.day in lasts)


def trend_table(activity: ActivityResult, view: View) -> Table:
    """The same in figures, newest first."""
    columns = (
        Column("day", "To (UTC)"),
        Column("wau", "7 days", Unit.PEOPLE),
        Column("mau28", "28 days", Unit.PEOPLE),
        Column("dau", "That day", Unit.PEOPLE),
    )
    points = reversed(_ends(activity, view))
    return Table(columns, tuple((p.day.isoformat(), p.wau, p.mau28, p.dau) for p in points), "Active people")


def lifecycle(activity: ActivityResult, title: str) -> Drawing:
    """New, returning and resurrected people of each whole week above, dormant ones below."""
    weeks = {week.week: week for week in activity.lifecycle}
    starts = _weeks(activity)
    found = (weeks.get(week) for week in starts)
    chart = charts.LifecycleChart(
        title=title,
        subtitle=f"People per week by what they did · {span(activity.coverage.window)} · UTC",
        days=tuple(week.start for week in starts),
        periods=tuple(
            charts.Lifecycle(w.new, w.returning, w.resurrected, w.dormant) if w else None for w in found
        ),
    )
    return Drawing(lambda: charts.lifecycle(chart), f"{title}.", fallback=lifecycle_table(activity))


def _weeks(activity: ActivityResult) -> tuple[TimeRange, ...]:
    """The whole weeks from the first told one to the last, also those in between that are not held."""
    if not activity.lifecycle:
        return ()
    found, end = [activity.lifecycle[0].week], activity.lifecycle[-1].week.end
    while found[-1].end < end:
        found.append(period_holding(found[-1].end, View.WEEKLY))
    return tuple(found)


def lifecycle_table(activity: ActivityResult) -> Table:
    """The same in figures, newest first."""
    columns = (
        Column("week", "Week"),
        Column("active_users", "Active", Unit.PEOPLE),
        *(Column(key, label, Unit.PEOPLE) for key, label in STEPS),
    )
    rows = tuple(
        (span(w.week), w.active, w.new, w.returning, w.resurrected, w.dormant)
        for w in reversed(activity.lifecycle)
    )
    return Table(columns, rows, "Lifecycle by Monday week")
