"""Half a year of equal working days, and one Tuesday on which one person used a hundred times as much."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.analytics.directory import Directory, Member
from bot.model.timerange import TimeRange
from tests.handlers.weeks import SmallLake, Use

HELD = TimeRange(date(2026, 3, 2), date(2026, 10, 21))
BURST = date(2026, 10, 20)
CORE = tuple(f"core{n}" for n in range(6))
WEB = tuple(f"web{n}" for n in range(5))
TINY = ("lone",)
SATURDAY = 5


def uses_of(day: date) -> tuple[Use, ...]:
    """80 credits on a working day: 60 by Core through the CLI, 20 by Web in the cloud; none at weekends."""
    if day.weekday() >= SATURDAY:
        return ()
    core = tuple(Use(user, "CODEX_CLI", turns=5, credits=10) for user in CORE)
    web = tuple(Use(user, "CODEX_WEB", turns=2, credits=4) for user in WEB)
    burst = (Use(CORE[0], "CODEX_CLI", turns=55, credits=510),) if day == BURST else core[:1]
    return (*burst, *core[1:], *web)


def spending_lake(root: Path) -> SmallLake:
    lake = SmallLake(root)
    lake.put({day: uses_of(day) for day in HELD.days()}, reviews=False)
    return lake


def directory() -> Directory:
    teams = {"Core": CORE, "Web": WEB, "Tiny": TINY}
    return Directory(tuple(Member(f"{u}@example.com", team) for team, users in teams.items() for u in users))
