"""The picture of a look-up: what happened when, by kind."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import charts
from bot.compliance.results import InvestigationResult, SubjectKind
from bot.kit.audit import shown
from bot.kit.words import span
from bot.metrics.events.lanes import Lane
from bot.model.chat import Column, Drawing, Table, Unit
from bot.model.timerange import day_start

LANES = {
    Lane.PROMPTS: "Prompts",
    Lane.RESPONSES: "Responses",
    Lane.TOOLS: "Tools",
    Lane.TOKENS: "Access tokens",
    Lane.CHANGES: "Changes",
    Lane.SECURITY: "Security",
    Lane.AUDIT: "Audit",
    Lane.OTHER: "Other",
}
HALF_HOUR = timedelta(minutes=30)
LABEL_CHARS = 24
OPEN_WORDS = "network"


def timeline_drawing(found: InvestigationResult, title: str) -> Drawing:
    """Lanes over the window in UTC; made and revoked tokens and opened networks stand out by name."""
    chart = charts.TimelineChart(
        title=title,
        subtitle=f"Events by hour · {span(found.window)} · UTC",
        start=day_start(found.window.start),
        end=day_start(found.window.end),
        lanes=_lanes(found),
    )
    return Drawing(lambda: charts.timeline(chart), f"{title}.", "timeline.png", fallback=_table(found))


def _lanes(found: InvestigationResult) -> tuple[charts.Lane, ...]:
    events: dict[Lane, list[charts.Event]] = defaultdict(list)
    notable = _notable(found)
    for each in found.hours:
        if not (each.lane is Lane.TOKENS and notable[Lane.TOKENS]):
            # the middle of its hour: the chart places moments, not spans
            events[each.lane].append(charts.Event(each.at + HALF_HOUR, count=each.events))
    for lane, marked in notable.items():
        events[lane] += marked
    return tuple(charts.Lane(name, tuple(events[lane])) for lane, name in LANES.items() if events[lane])


def _notable(found: InvestigationResult) -> dict[Lane, list[charts.Event]]:
    marks: dict[Lane, list[charts.Event]] = {Lane.TOKENS: [], Lane.CHANGES: []}
    named = found.tokens if found.kind in (SubjectKind.USER, SubjectKind.TOKEN) else ()
    for token in named:
        name = shown(token.name or token.token_id)[:LABEL_CHARS]
        for at, what in ((token.created_at, "created"), (token.revoked_at, "revoked")):
            if at is not None and at.date() in found.window:
                marks[Lane.TOKENS].append(charts.Event(at, f"{name} {what}", notable=True))
    for change in found.changes:
        if change.network_after and change.at.date() in found.window:
            label = f"{OPEN_WORDS} {shown(change.network_after)[:LABEL_CHARS]}"
            marks[Lane.CHANGES].append(charts.Event(change.at, label, notable=True, count=0))
    return marks


def _table(found: InvestigationResult) -> Table:
    """Events by day and lane; no data for a day that was not read."""
    lanes = [lane for lane in LANES if any(each.lane is lane for each in found.hours)]
    columns = (Column("day", "Day (UTC)"), *(Column(lane, LANES[lane], Unit.EVENTS) for lane in lanes))
    sums: dict[tuple[date, Lane], int] = defaultdict(int)
    for each in found.hours:
        sums[each.at.date(), each.lane] += each.events
    unread = set(found.coverage.unread_days)
    rows = tuple(
        (day.isoformat(), *(None if day in unread else sums[day, lane] for lane in lanes))
        for day in found.window.days()
    )
    return Table(columns, rows, "Events by day")
