from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.analytics.client import AnalyticsClient
from bot.engine import Engine
from bot.metrics.daily import daily
from bot.metrics.figures import Metric
from bot.model.errors import BadSetting
from bot.model.timerange import TimeRange
from tests.handlers.answering import NOW
from tests.handlers.spending import directory
from tests.handlers.weeks import MICRO, SmallLake, Use

WINDOW = TimeRange(date(2026, 10, 1), date(2026, 10, 5))


async def test_each_team_has_its_days_and_a_day_not_held_is_missing_in_all(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path)
    lake.put(
        {
            date(2026, 10, 1): [Use("core0", turns=2, credits=5), Use("core1", credits=7), Use("stranger")],
            date(2026, 10, 2): [],
            date(2026, 10, 4): [Use("core0", "CODEX_WEB", credits=3), Use("lone", credits=1)],
        },
        reviews=False,
    )
    engine = Engine(lake.root)
    client = AnalyticsClient(lake.lake, engine, None, clock=lambda: NOW, directory=directory())
    result = await client.team_days(WINDOW)
    await engine.close()
    found = {team.team: (team.people_count, team.points) for team in result.teams}
    assert list(found) == ["Core", "Tiny", "Web"]
    size, points = found["Core"]
    assert size == 6
    assert list(daily(points, Metric.CREDITS).values()) == [12 * MICRO, 0, None, 3 * MICRO]
    first = points[0].figures
    assert first is not None
    assert (first.active_users, first.turns) == (2, 3)
    assert list(daily(found["Web"][1], Metric.CREDITS).values()) == [0, 0, None, 0]
    assert list(daily(found["Tiny"][1], Metric.CREDITS).values()) == [0, 0, None, MICRO]


async def test_without_a_directory_there_are_no_teams(tmp_path: Path) -> None:
    engine = Engine(tmp_path)
    client = AnalyticsClient(SmallLake(tmp_path).lake, engine, None, clock=lambda: NOW)
    with pytest.raises(BadSetting):
        await client.team_days(WINDOW)
    await engine.close()
