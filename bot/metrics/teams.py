"""Usage per team: people's sums put into the teams of the directory; small teams folded into one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from bot.lake.schema import PartKind
from bot.metrics.coverage import Coverage
from bot.metrics.figures import ALWAYS_TOLD, COLUMN_OF, Figures
from bot.model.timerange import TimeRange

if TYPE_CHECKING:
    import ibis

NO_TEAM: Final = "No team"
OTHER: Final = "Other"
_COLUMNS: Final = (*(metric.value for metric in COLUMN_OF), "active_users", "rows", "rows_with_tokens")


@dataclass(frozen=True, slots=True)
class TeamFigures:
    """One team. `people_count` counts its listed people, active or not; `team_count` teams folded here."""

    team: str
    people_count: int
    figures: Figures
    previous: Figures | None
    team_count: int = 1


@dataclass(frozen=True, slots=True)
class TeamsResult:
    """Teams with the most credits first, equal ones by name; `previous` as in `UsageResult`."""

    coverage: Coverage
    against: TimeRange
    teams: tuple[TeamFigures, ...]
    totals: Figures
    previous: Figures | None


def person_sums(table: ibis.Table, window: TimeRange, against: TimeRange) -> ibis.Expr:
    """One row per person and window: sums, and 1 where the person was active."""
    rows: Any = table.filter(table.part_kind == PartKind.TOTAL.value)
    rows = rows.mutate(current=(rows.day >= window.start) & (rows.day < window.end))
    earlier = (rows.day >= against.start) & (rows.day < against.end)
    rows = rows.filter(rows.current | earlier)
    sums = {metric.value: rows[column].sum() for metric, column in COLUMN_OF.items()}
    active = (rows.turns > 0) | (rows.threads > 0)
    return rows.group_by(["user_id", "current"]).aggregate(
        **sums,
        active_users=active.any().cast("int64"),
        rows=rows.count(),
        rows_with_tokens=rows.total_tokens.count(),
    )


def teams_result(
    coverage: Coverage,
    against: TimeRange,
    sums: pa.Table,
    team_of: Mapping[str, str],
    sizes: Mapping[str, int],
) -> TeamsResult:
    """`team_of` gives the team of a user id, `sizes` the people of every team there is."""
    compared = coverage.meets(against)
    found = _by_team(sums, team_of)
    teams = tuple(
        TeamFigures(
            team,
            sizes.get(team, 0),
            _figures(found.get((team, True))),
            _figures(found.get((team, False))) if compared else None,
        )
        for team in sorted({*sizes, *(team for team, _ in found)})
    )
    return TeamsResult(
        coverage,
        against,
        tuple(sorted(teams, key=_most_credits)),
        added([team.figures for team in teams]),
        added([_figures(found.get((team.team, False))) for team in teams]) if compared else None,
    )


def folded(result: TeamsResult, fewest: int) -> tuple[TeamFigures, ...]:
    """Teams of fewer than `fewest` people as one, named `OTHER` and last.

    As long as that one has fewer than `fewest` people itself, the smallest team left joins it: else the
    total would tell what was folded away.
    """
    by_size = sorted(result.teams, key=lambda team: (team.people_count, team.team))
    small = [team for team in by_size if team.people_count < fewest]
    rest = by_size[len(small) :]
    while small and rest and sum(team.people_count for team in small) < fewest:
        small.append(rest.pop(0))
    kept = tuple(team for team in result.teams if team not in small)
    return (*kept, _merged(small)) if small else kept


def added(parts: Sequence[Figures]) -> Figures:
    """The sum of groups that share no person; a figure nobody tells stays None."""
    sums: dict[str, int | None] = {}
    for name in _COLUMNS:
        known = [value for value in (getattr(part, name) for part in parts) if value is not None]
        sums[name] = sum(known) if known else None
    return Figures(**{**sums, "rows": sums["rows"] or 0, "rows_with_tokens": sums["rows_with_tokens"] or 0})  # type: ignore[arg-type]  # names are the attributes


def _merged(teams: Sequence[TeamFigures]) -> TeamFigures:
    previous = [team.previous for team in teams if team.previous is not None]
    return TeamFigures(
        OTHER,
        sum(team.people_count for team in teams),
        added([team.figures for team in teams]),
        added(previous) if previous else None,
        len(teams),
    )


def _by_team(sums: pa.Table, team_of: Mapping[str, str]) -> dict[tuple[str, bool], dict[str, Any]]:
    teams = [team_of.get(str(user_id), NO_TEAM) for user_id in sums["user_id"].to_pylist()]
    table = sums.append_column("team", pa.array(teams, pa.string()))
    wanted: list[Any] = [(name, "sum") for name in _COLUMNS]
    grouped = table.group_by(["team", "current"]).aggregate(wanted).to_pylist()
    return {(row["team"], row["current"]): {n: row[f"{n}_sum"] for n in _COLUMNS} for row in grouped}


def _figures(row: Mapping[str, Any] | None) -> Figures:
    """A team without a row in held days used nothing: what is always told is 0 then."""
    if row is None:
        return Figures(active_users=0, **{metric.value: 0 for metric in ALWAYS_TOLD})
    return Figures(**row)


def _most_credits(team: TeamFigures) -> tuple[int, str]:
    return -(team.figures.credits or 0), team.team
