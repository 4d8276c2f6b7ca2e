"""Who moved: teams by their active people, or surfaces where there is no directory of teams."""

from __future__ import annotations

from bot.kit.deps import Deps
from bot.kit.words import MINUS, join, number, points
from bot.metrics.teams import TeamFigures, TeamsResult, folded
from bot.metrics.weekly import DigestResult, movers
from bot.model.chat import PlaceLevel, Request
from bot.model.timerange import TimeRange

_SHOWN = 3
_WORTH_TELLING_POINTS = 0.5


async def teams_of(week: TimeRange, request: Request, deps: Deps) -> tuple[TeamFigures, ...] | None:
    """The week's teams, small ones folded where the place shows aggregates only; None without a directory."""
    if deps.analytics.directory is None:
        return None
    return shown(await deps.analytics.teams(week), request.place.level, deps.company.min_team_size)


def shown(result: TeamsResult, level: PlaceLevel, fewest: int) -> tuple[TeamFigures, ...]:
    """The teams as a place of this level may see them."""
    return folded(result, fewest) if level is PlaceLevel.AGGREGATE else result.teams


def movers_sentence(result: DigestResult, teams: tuple[TeamFigures, ...] | None) -> str:
    """`Moved most: Platform +5 people to 17, Data −3 to 6.`; empty when nothing moved."""
    told = _surfaces(result) if teams is None else _teams(teams)
    return f"Moved most: {join(told[:_SHOWN])}." if told else ""


def _teams(teams: tuple[TeamFigures, ...]) -> list[str]:
    moved = [(gained, team) for team in teams if (gained := _gained(team))]
    ranked = sorted(moved, key=lambda one: (-abs(one[0]), one[1].team))
    return [
        f"{team.team} {_signed(gained)} to {number(team.figures.active_users)} people"
        for gained, team in ranked
    ]


def _gained(team: TeamFigures) -> int | None:
    now = team.figures.active_users
    before = team.previous.active_users if team.previous else None
    return None if now is None or before is None else now - before


def _surfaces(result: DigestResult) -> list[str]:
    found = [one for one in movers(result.usage) if abs(one.gained_points) >= _WORTH_TELLING_POINTS]
    return [f"{one.label} {points(one.gained_points)} of the turns" for one in found]


def _signed(gained: int) -> str:
    return f"{'+' if gained > 0 else MINUS}{abs(gained)}"
