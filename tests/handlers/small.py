"""A few weeks of a small company whose figures can be counted in one's head."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.analytics.directory import Directory, Member
from bot.metrics.clients import CLIENTS
from bot.model.chat import Fact, Reply
from bot.model.timerange import DAY, TimeRange
from tests.handlers.weeks import SmallLake, Use

LAST = date(2026, 10, 20)
HELD = TimeRange(date(2026, 8, 10), LAST + DAY)
CLI, VSCODE = "CODEX_CLI", "CODEX_IDE_VSCODE"
TEAMS = {
    "Web": ("ana", "ben", "eve", "fay", "gus"),
    "Data": ("cid", "dan"),
    "Ops": ("hal", "ida", "jon", "kim"),
}
assert {CLI, VSCODE} <= set(CLIENTS)


def uses_of(day: date) -> tuple[Use, ...]:
    """Ana works every day, Ben on working days; Cid began on 12 Oct; Dan stopped on 30 Sep."""
    found = [Use("ana", CLI, turns=2, credits=3), Use("ana", VSCODE, turns=1, credits=1)]
    if day.weekday() < 5:
        found.append(Use("ben", VSCODE, turns=4, credits=10))
    if day >= date(2026, 10, 12):
        found.append(Use("cid", CLI, turns=5, credits=2))
    if day <= date(2026, 9, 30):
        found.append(Use("dan", CLI, turns=1, credits=0))
    return tuple(found)


def small_lake(root: Path, held: TimeRange = HELD) -> SmallLake:
    """All days of `held`, settled."""
    lake = SmallLake(root / "lake")
    lake.put({day: uses_of(day) for day in held.days()})
    return lake


def directory() -> Directory:
    """Eleven people in three teams, two of them small."""
    return Directory(
        tuple(
            Member(f"{name}@example.com", team, chat_id="U0ANA" if name == "ana" else "")
            for team, names in TEAMS.items()
            for name in names
        )
    )


def facts_of(reply: Reply) -> dict[str, Fact]:
    return {fact.key: fact for fact in reply.facts}


def numbers_of(reply: Reply) -> dict[str, float | None]:
    return {fact.key: fact.number for fact in reply.facts}


def rows_of(reply: Reply) -> list[dict[str, object]]:
    """The table by column key."""
    assert reply.table is not None
    keys = [column.key for column in reply.table.columns]
    return [dict(zip(keys, row, strict=True)) for row in reply.table.rows]
