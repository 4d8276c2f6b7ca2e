"""People in the order of one figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.lake.schema import PartKind
from bot.metrics.clients import is_through
from bot.metrics.coverage import Coverage
from bot.metrics.figures import COLUMN_OF, Figures

if TYPE_CHECKING:
    import ibis


class RankBy(StrEnum):
    """What people can be ranked by."""

    CREDITS = "credits"
    THREADS = "threads"
    TURNS = "turns"
    TOKENS = "tokens"
    STREAK = "streak"


@dataclass(frozen=True, slots=True)
class RankRow:
    """`rank` counts from 1. `streak_days` is None unless the ranking is by streak."""

    rank: int
    user_id: str
    figures: Figures
    active_days: int
    streak_days: int | None = None


@dataclass(frozen=True, slots=True)
class RankingQuestion:
    """`through` narrows to a surface or client id (`client_named`); `offset` skips the first people."""

    coverage: Coverage
    by: RankBy
    limit: int
    offset: int = 0
    through: str | None = None


@dataclass(frozen=True, slots=True)
class RankingResult:
    """Only people whose figure is above 0, equal ones by user id; `people_count` is how many there are.

    `streak_gap` is a day not held that streaks may go on beyond; when it is the last day, none can be told.
    `sharing` counts who has the same streak as the first row, it and people of later pages included.
    """

    coverage: Coverage
    by: RankBy
    through: str | None
    rows: tuple[RankRow, ...]
    people_count: int
    streak_gap: date | None = None
    sharing: int = 1


def ranked(table: ibis.Table, question: RankingQuestion) -> ibis.Expr:
    """One row per person, best first, from `offset` and at most `limit`."""
    people = _above_zero(table, question)
    order = [people[question.by.value].desc(), people.user_id.asc()]
    return people.order_by(order).limit(question.limit, offset=question.offset)


def ranked_count(table: ibis.Table, question: RankingQuestion) -> ibis.Expr:
    """One row: how many people the ranking has."""
    people = _above_zero(table, question)
    return people.aggregate(people_count=people.count())


def figures_of(table: ibis.Table, question: RankingQuestion, user_ids: Sequence[str]) -> ibis.Expr:
    """One row for each of these people."""
    people = _per_person(table, question)
    return people.filter(people.user_id.isin(list(user_ids)))


def rank_rows(
    rows: Sequence[Mapping[str, Any]], question: RankingQuestion, streaks: Mapping[str, int] | None = None
) -> tuple[RankRow, ...]:
    """Rows in their order, numbered from the offset."""
    return tuple(
        RankRow(
            question.offset + place,
            row["user_id"],
            _figures(row),
            row["active_days"],
            None if streaks is None else streaks[row["user_id"]],
        )
        for place, row in enumerate(rows, start=1)
    )


def by_streak(streaks: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """People with a streak, longest first, equal ones by user id."""
    found = ((user_id, days) for user_id, days in streaks.items() if days > 0)
    return tuple(sorted(found, key=lambda person: (-person[1], person[0])))


def _above_zero(table: ibis.Table, question: RankingQuestion) -> Any:
    people = _per_person(table, question)
    return people.filter(people[question.by.value] > 0)


def _per_person(table: ibis.Table, question: RankingQuestion) -> Any:
    window = question.coverage.window
    kind = PartKind.CLIENT if question.through else PartKind.TOTAL
    rows: Any = table.filter(table.part_kind == kind.value)
    rows = rows.filter((rows.day >= window.start) & (rows.day < window.end))
    if question.through:
        rows = rows.filter(is_through(rows.part, question.through))
    active = (rows.turns > 0) | (rows.threads > 0)
    sums = {metric.value: rows[column].sum() for metric, column in COLUMN_OF.items()}
    return rows.group_by("user_id").aggregate(
        **sums,
        active_days=rows.day.nunique(where=active),
        rows=rows.count(),
        rows_with_tokens=rows.total_tokens.count(),
    )


def _figures(row: Mapping[str, Any]) -> Figures:
    names = (*(metric.value for metric in COLUMN_OF), "rows", "rows_with_tokens")
    return Figures(active_users=int(row["active_days"] > 0), **{name: row[name] for name in names})
