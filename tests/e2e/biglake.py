"""A lake of many person-days: `python tests/e2e/biglake.py ROOT PEOPLE DAYS`."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from bot.lake import SCHEMAS, Dataset, Lake, Receipt
from bot.model.timerange import TimeRange

FIRST = date(2026, 1, 1)
CLIENTS = ("CODEX_CLI", "CODEX_IDE_VSCODE")
MODELS = ("gpt-5.5", "gpt-5.4-mini")
FETCHED = datetime(2026, 12, 1, tzinfo=UTC)


def fill(root: Path, people: int, days: int) -> TimeRange:
    """`days` settled days of `people` people with two clients and two models each."""
    lake = Lake(root)
    table = _day(people)
    for n in range(days):
        day = FIRST + timedelta(days=n)
        window = TimeRange(day, day + timedelta(days=1))
        lake.write_day([table], Receipt(Dataset.USAGE, day, window, FETCHED, 1, (), people))
    return TimeRange(FIRST, FIRST + timedelta(days=days))


def _day(people: int) -> pa.Table:
    users = [f"user-{n:014}" for n in range(people)]
    parts = [("client", c, 3) for c in CLIENTS] + [("model", m, None) for m in MODELS] + [("total", "", 6)]
    return pa.concat_tables([_part(users, *part) for part in parts])


def _part(users: list[str], kind: str, part: str, turns: int | None) -> pa.Table:
    given = {
        "user_id": users,
        "part_kind": [kind] * len(users),
        "part": [part] * len(users),
        "threads": [turns] * len(users),
        "turns": [turns] * len(users),
        "credits": [1_250_000 + n for n in range(len(users))],
        "total_tokens": [n * 7 for n in range(len(users))],
    }
    columns = {f.name: given.get(f.name, [None] * len(users)) for f in SCHEMAS[Dataset.USAGE]}
    return pa.table(columns, schema=SCHEMAS[Dataset.USAGE])


if __name__ == "__main__":
    fill(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
