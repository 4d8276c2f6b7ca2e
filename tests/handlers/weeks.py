"""A small lake written directly, with what is in it kept in plain Python for twins to count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from bot.lake import SCHEMAS, Dataset, Lake, PartKind, Person, Receipt
from bot.model.timerange import DAY, TimeRange

MICRO = 1_000_000
REVIEWS = (4, 9, 1, 2, 3)
RESPONSES = (3, 8, 2, 5, 4, 1, 0, 6, 5, 2, 4, 1, 0)


@dataclass(frozen=True)
class Use:
    """What one person did through one client on one day."""

    user: str
    client: str = "CODEX_CLI"
    turns: int = 1
    credits: int = 1


@dataclass
class SmallLake:
    """Days that are held, each with its uses; fetched at `fetched_at`, else when the day was settled."""

    root: Path
    days: dict[date, tuple[Use, ...]] = field(default_factory=dict)
    fetched_at: datetime | None = None

    @property
    def lake(self) -> Lake:
        return Lake(self.root)

    def put(self, days: Mapping[date, Iterable[Use]], *, reviews: bool = True) -> None:
        """Write these days, and reviews of them; people are kept as first and last seen."""
        lake = self.lake
        for day, uses in days.items():
            self.days[day] = tuple(uses)
            lake.write_day(usage_tables(self.days[day]), self._receipt(Dataset.USAGE, day))
            lake.write_day([], self._receipt(Dataset.WORKSPACE_USAGE, day))
            if reviews:
                self._put(Dataset.CODE_REVIEWS, day, REVIEWS)
                self._put(Dataset.CODE_REVIEW_RESPONSES, day, RESPONSES)
        lake.add_people(
            Person(use.user, f"{use.user}@example.com", day, day) for day in days for use in self.days[day]
        )

    def active(self, window: TimeRange) -> set[str]:
        """Who did something in the window."""
        return {use.user for day in window.days() for use in self.days.get(day, ()) if use.turns}

    def _put(self, dataset: Dataset, day: date, row: tuple[int, ...]) -> None:
        self.lake.write_day([one_row(dataset, row)], self._receipt(dataset, day))

    def _receipt(self, dataset: Dataset, day: date) -> Receipt:
        settled = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=9)
        return Receipt(dataset, day, TimeRange(day, day + DAY), self.fetched_at or settled, 1, (), 1)


def usage_tables(uses: tuple[Use, ...]) -> list[pa.Table]:
    """The total rows and the client rows of a day, sorted as the lake wants them."""
    clients = sorted(((u.user, PartKind.CLIENT.value, u.client, u.turns, u.credits) for u in uses), key=str)
    totals = [
        (
            user,
            PartKind.TOTAL.value,
            "",
            sum(u.turns for u in uses if u.user == user),
            sum(u.credits for u in uses if u.user == user),
        )
        for user in sorted({u.user for u in uses})
    ]
    return [usage_table(rows) for rows in (clients, totals) if rows]


def usage_table(rows: list[tuple[str, str, str, int, int]]) -> pa.Table:
    schema = SCHEMAS[Dataset.USAGE]
    given = {
        "user_id": [row[0] for row in rows],
        "part_kind": [row[1] for row in rows],
        "part": [row[2] for row in rows],
        "turns": [row[3] for row in rows],
        "threads": [row[3] for row in rows],
        "credits": [row[4] * MICRO for row in rows],
        "estimated_cost_usd": [row[4] * MICRO // 25 for row in rows],
    }
    return pa.table({name: given.get(name, [None] * len(rows)) for name in schema.names}, schema=schema)


def one_row(dataset: Dataset, values: tuple[int, ...]) -> pa.Table:
    schema = SCHEMAS[dataset]
    return pa.table({name: [value] for name, value in zip(schema.names, values, strict=True)}, schema=schema)
