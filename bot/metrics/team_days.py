"""Each team's days: what the metrics that look back need of a team."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from bot.lake.schema import PartKind
from bot.metrics.coverage import Coverage
from bot.metrics.figures import ALWAYS_TOLD, COLUMN_OF, Figures
from bot.metrics.usage import Point
from bot.model.timerange import DAY, TimeRange

if TYPE_CHECKING:
    import ibis

# Control characters, which neither ids nor names hold.
_LINE: Final = "\x1e"
_CELL: Final = "\x1f"


@dataclass(frozen=True, slots=True)
class TeamDays:
    """A daily series of a team of `people_count` listed people; a missing day is a point without figures."""

    team: str
    people_count: int
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class TeamDaysResult:
    """Teams by name."""

    coverage: Coverage
    teams: tuple[TeamDays, ...]


def team_day_sums(table: ibis.Table, team_of: Mapping[str, str]) -> ibis.Expr:
    """One row per team and day: sums, active people, row counts. People without a team are left out."""
    rows: Any = table.filter(table.part_kind == PartKind.TOTAL.value)
    rows = rows.inner_join(_members(team_of), "user_id")
    sums = {metric.value: rows[column].sum() for metric, column in COLUMN_OF.items()}
    return rows.group_by(["team", "day"]).aggregate(
        **sums,
        active_users=((rows.turns > 0) | (rows.threads > 0)).sum(),
        rows=rows.count(),
        rows_with_tokens=rows.total_tokens.count(),
    )


def _members(team_of: Mapping[str, str]) -> Any:
    """A table of user ids and teams out of one text: 100,000 literals would take seconds to compile."""
    lines = _LINE.join(f"{user_id}{_CELL}{team}" for user_id, team in team_of.items())
    one = import_module("ibis").literal(lines).split(_LINE).unnest().name("line").as_table()
    cells = one.line.split(_CELL)
    return one.select(user_id=cells[0], team=cells[1])


def team_days_result(coverage: Coverage, sums: pa.Table, sizes: Mapping[str, int]) -> TeamDaysResult:
    """`sizes` are the people of every team there is."""
    found = {(row.pop("team"), row.pop("day")): Figures(**row) for row in sums.to_pylist()}
    quiet = Figures(active_users=0, **{metric.value: 0 for metric in ALWAYS_TOLD})

    def point(team: str, day: date) -> Point:
        figures = found.get((team, day), quiet) if day in coverage.held else None
        return Point(TimeRange(day, day + DAY), figures, day in coverage.partial_days)

    teams = (
        TeamDays(team, sizes[team], tuple(point(team, day) for day in coverage.window.days()))
        for team in sorted(sizes)
    )
    return TeamDaysResult(coverage, tuple(teams))
