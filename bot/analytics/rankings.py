"""People ranked by a figure or by a streak."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any, Final

from bot.analytics.reading import Reader
from bot.analytics.results import Streak
from bot.engine import Build
from bot.lake import Dataset
from bot.metrics import ranking
from bot.metrics.activity import ActivityGrid
from bot.metrics.figures import ALWAYS_TOLD, COLUMN_OF
from bot.metrics.ranking import RankBy, RankingQuestion, RankingResult, rank_rows
from bot.model.timerange import TimeRange

_NOTHING: Final[Mapping[str, Any]] = {
    **{metric.value: 0 if metric in ALWAYS_TOLD else None for metric in COLUMN_OF},
    **dict.fromkeys(("active_days", "rows", "rows_with_tokens"), 0),
}
"""Of somebody with a streak and no row: the window begins after it, or another client was used."""


async def by_figure(
    reader: Reader, window: TimeRange, by: RankBy, limit: int, through: str | None, offset: int
) -> RankingResult:
    """`limit` people after the first `offset`, the largest figure first."""
    coverage = await reader.cover.of(window, datasets=(Dataset.USAGE,))
    question = RankingQuestion(coverage, by, limit, offset, through)
    builds: list[Build] = [
        partial(ranking.ranked, question=question),
        partial(ranking.ranked_count, question=question),
    ]
    rows, count = await reader.query(coverage, Dataset.USAGE, *builds)
    people_count = count["people_count"][0].as_py()
    return RankingResult(coverage, by, through, rank_rows(rows.to_pylist(), question), people_count)


async def by_streak(
    reader: Reader, window: TimeRange, limit: int, through: str | None, offset: int
) -> RankingResult:
    """The same by days in a row up to the window's last complete day, whatever the client."""
    coverage, grid = await reader.grid(window)
    last = min(window.last, coverage.complete_through)
    order = ranking.by_streak(streaks(grid, last))
    shown = dict(order[offset : offset + limit])
    question = RankingQuestion(coverage, RankBy.STREAK, limit, offset, through)
    build: Build = partial(ranking.figures_of, question=question, user_ids=tuple(shown))
    (rows,) = await reader.query(coverage, Dataset.USAGE, build)
    found = {row["user_id"]: row for row in rows.to_pylist()}
    in_order = [found.get(user_id, {**_NOTHING, "user_id": user_id}) for user_id in shown]
    ranks = rank_rows(in_order, question, shown)
    gap, rest = grid.streak_gap(last), [days for _, days in order[offset:]]
    sharing = rest.count(rest[0]) if rest else 0
    return RankingResult(coverage, RankBy.STREAK, through, ranks, len(order), gap, sharing)


def streak_of(grid: ActivityGrid, user_id: str, last: date, *, working_days: bool = False) -> Streak:
    """One person's days in a row up to `last`; the grid holds nobody else."""
    gap = grid.streak_gap(last, working_days=working_days)
    days = streaks(grid, last, working_days=working_days).get(user_id, 0)
    return Streak(None if gap == last else days, gap)


def streaks(grid: ActivityGrid, last: date, *, working_days: bool = False) -> dict[str, int]:
    """Days in a row up to `last`, by user id; of `working_days` Saturdays and Sundays are passed over."""
    days = grid.streaks(last, working_days=working_days)
    return dict(zip(grid.user_ids, days.tolist(), strict=True))
