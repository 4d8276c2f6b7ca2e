"""When things happened: events by hour, and every change that somebody made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from bot.metrics.events.activity import EPOCH, KIND, Match, Row, at
from bot.metrics.events.lanes import CHANGES, Lane, lane

if TYPE_CHECKING:
    import ibis

HOUR_MICROS: Final = 3_600_000_000
CHANGES_MAX: Final = 20
NIGHT_FROM, NIGHT_UNTIL = 22, 6


@dataclass(frozen=True, slots=True)
class HourCount:
    """Events of a lane in the hour that begins at `at` (UTC)."""

    at: datetime
    lane: Lane
    events: int


@dataclass(frozen=True, slots=True)
class Change:
    """A change to an environment, the workspace, a plugin or a site, at an instant in UTC.

    `network_after` is what network access was set to; None when the record does not say.
    """

    at: datetime
    what: str
    user_id: str | None
    actor_id: str | None
    environment_id: str | None
    plugin_name: str | None
    network_before: str | None
    network_after: str | None


@dataclass(frozen=True, slots=True)
class Night:
    """Events between 22:00 and 06:00 in a zone, and the hour of them with the most events."""

    events: int
    busiest: HourCount | None


def hour_rows(table: ibis.Table, match: Match) -> ibis.Expr:
    """One row per hour and kind of event."""
    rows: Any = table.filter(match(table))
    rows = rows.select(*KIND, hour=rows.timestamp // HOUR_MICROS)
    return rows.group_by(["hour", *KIND]).aggregate(events=rows.count())


def hours(rows: list[Row]) -> tuple[HourCount, ...]:
    """Counts by hour and lane, oldest first, lanes in their own order."""
    counts: dict[tuple[int, Lane], int] = {}
    for row in rows:
        key = int(row["hour"]), lane(row["type"], row["event_type"], row["action"])
        counts[key] = counts.get(key, 0) + row["events"]
    order = list(Lane)
    found = sorted(counts.items(), key=lambda item: (item[0][0], order.index(item[0][1])))
    return tuple(HourCount(at(hour * HOUR_MICROS) or EPOCH, name, events) for (hour, name), events in found)


def night(counts: tuple[HourCount, ...], zone: ZoneInfo) -> Night:
    """What happened between 22:00 and 06:00 in `zone`; whole UTC hours, so zones off by half an hour blur."""
    sums: dict[datetime, int] = {}
    for each in counts:
        local = each.at.astimezone(zone).hour
        if local >= NIGHT_FROM or local < NIGHT_UNTIL:
            sums[each.at] = sums.get(each.at, 0) + each.events
    top = max(sums.items(), key=lambda item: (item[1], -item[0].timestamp()), default=None)
    return Night(sum(sums.values()), HourCount(top[0], Lane.OTHER, top[1]) if top else None)


def change_rows(table: ibis.Table, match: Match) -> ibis.Expr:
    """Changes, the newest first, at most 20."""
    rows: Any = table.filter(match(table))
    sub_type = rows.event_type
    changed = sub_type.startswith(CHANGES[0])
    for prefix in CHANGES[1:]:
        changed |= sub_type.startswith(prefix)
    rows = rows.filter(changed).order_by([rows.timestamp.desc(), rows.event_id])
    return rows.limit(CHANGES_MAX).select(
        "timestamp",
        "event_type",
        "user_id",
        "actor_id",
        "environment_id",
        "plugin_name",
        "network_before",
        "network_after",
    )


def changes(rows: list[Row]) -> tuple[Change, ...]:
    """Oldest first."""
    found = (
        Change(
            at(row["timestamp"]) or EPOCH,
            row["event_type"],
            row["user_id"],
            row["actor_id"],
            row["environment_id"],
            row["plugin_name"],
            row["network_before"],
            row["network_after"],
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda change: change.at))
