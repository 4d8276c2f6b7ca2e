"""Figures of the teams of a directory."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from bot.analytics.directory import Directory
from bot.analytics.reading import Reader
from bot.analytics.views import beside
from bot.engine import Build
from bot.lake import Dataset, Person
from bot.metrics.team_days import TeamDaysResult, team_day_sums, team_days_result
from bot.metrics.teams import NO_TEAM, TeamsResult, person_sums, teams_result
from bot.model.timerange import TimeRange

People = Callable[[], Awaitable[Mapping[str, Person]]]
"""Everyone ever seen: asked for after a pull, which may bring new ones."""


async def teams(
    reader: Reader, window: TimeRange, before: TimeRange | None, directory: Directory, people: People
) -> TeamsResult:
    """Sums of `window` per team, against `before`; whoever is in no team is a group of its own."""
    coverage, against = await beside(reader, window, before, Dataset.USAGE)
    build: Build = partial(person_sums, window=coverage.window, against=against)
    (sums,) = await reader.query(coverage, Dataset.USAGE, build)
    named = [p for p in (await people()).values() if p.first_seen_day < coverage.window.end]
    team_of = {p.user_id: directory.team_of(p.email) or NO_TEAM for p in named}
    strangers = sum(1 for team in team_of.values() if team == NO_TEAM)
    sizes = {**directory.sizes, **({NO_TEAM: strangers} if strangers else {})}
    return await asyncio.to_thread(teams_result, coverage, against, sums, team_of, sizes)


async def team_days(
    reader: Reader, window: TimeRange, directory: Directory, people: People
) -> TeamDaysResult:
    """A daily series of each team."""
    coverage = await reader.cover.of(window, datasets=(Dataset.USAGE,))
    team_of = {p.user_id: team for p in (await people()).values() if (team := directory.team_of(p.email))}
    build: Build = partial(team_day_sums, team_of=team_of)
    (sums,) = await reader.query(coverage, Dataset.USAGE, build)
    return await asyncio.to_thread(team_days_result, coverage, sums, directory.sizes)
