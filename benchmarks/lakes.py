"""A lake of any size, written by the lake's own writer: repeatable, no server, no secret."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from bot.lake import DAY_DATASETS, SCHEMAS, Dataset, Lake, Person, Receipt
from bot.lake.schema import MEASURE_COLUMNS
from bot.model.timerange import TimeRange

DAY = timedelta(days=1)
CLIENTS = ("CODEX_CLI", "CODEX_IDE_VSCODE", "CODEX_WEB", "CODEX_DESKTOP_APP", "CODEX_GITHUB_CODE_REVIEW")
MODELS = ("gpt-5.5", "gpt-5.4", "other")
ACTIVE = 0.45
Texts = np.ndarray[tuple[int], np.dtype[Any]]


def build(root: Path, people: int, last: date, days: int, fetched_at: datetime) -> Lake:
    """`days` days to `last` of `people` people; every dataset is there, the others without rows."""
    lake = Lake(root)
    users = np.array([f"user-{number:08}" for number in range(people)])
    for day in (last - n * DAY for n in range(days)):
        for dataset in DAY_DATASETS:
            tables = [table(users, day)] if dataset is Dataset.USAGE else []
            rows = sum(one.num_rows for one in tables)
            lake.write_day(tables, Receipt(dataset, day, TimeRange(day, day + DAY), fetched_at, 1, (), rows))
    first = last - (days - 1) * DAY
    lake.add_people(Person(user, f"{user}@northwind.example", first, last) for user in users.tolist())
    return lake


def table(users: Texts, day: date) -> pa.Table:
    """The rows of one day: two clients and one model for each who was there, then the totals."""
    dice = np.random.default_rng(day.toordinal())
    active = users[dice.random(len(users)) < ACTIVE]
    parts = list(_parts(dice, active))
    count = sum(len(ids) for _, ids, _, _ in parts)
    columns: dict[str, object] = {
        "user_id": np.concatenate([ids for _, ids, _, _ in parts]),
        "part_kind": np.repeat([kind for kind, *_ in parts], [len(ids) for _, ids, _, _ in parts]),
        "part": np.concatenate([names for _, _, names, _ in parts]),
        "speed": pa.array(np.concatenate([speeds for *_, speeds in parts]), from_pandas=True),
    }
    for name in MEASURE_COLUMNS:
        most = 50_000_000 if name in {"credits", "cost_usd", "estimated_cost_usd"} else 1_000
        columns[name] = dice.integers(1, most, count)
    schema = SCHEMAS[Dataset.USAGE]
    empty = pa.nulls(count, pa.int64())
    return pa.table([columns.get(field.name, empty) for field in schema], schema=schema)


def _parts(
    dice: np.random.Generator, active: np.ndarray
) -> Iterator[tuple[str, np.ndarray, np.ndarray, np.ndarray]]:  # type: ignore[type-arg]
    nothing = np.full(len(active), None, dtype=object)
    twice = np.repeat(active, 2)
    yield "client", twice, dice.choice(CLIENTS, len(twice)), np.full(len(twice), None, dtype=object)
    yield "model", active, dice.choice(MODELS, len(active)), np.full(len(active), "standard", dtype=object)
    yield "total", active, np.full(len(active), ""), nothing
