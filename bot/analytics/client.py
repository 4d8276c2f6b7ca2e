"""The shared analytics client: the only way a handler gets a figure."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from bot.analytics.cover import Cover
from bot.analytics.exporting import Exporter, ExportResult, Sink
from bot.analytics.reading import Reader, mended
from bot.analytics.results import OverviewResult, PersonResult
from bot.analytics.status import StatusResult, lake_status
from bot.engine import Build, Engine
from bot.lake import Dataset, Lake, Person
from bot.metrics.activity import ActivityGrid, ActivityResult, AdoptionBase, activity_result
from bot.metrics.exportcolumns import ExportKind
from bot.metrics.ranking import (
    RankBy,
    RankingQuestion,
    RankingResult,
    by_streak,
    figures_of,
    rank_rows,
    ranked,
    ranked_count,
)
from bot.metrics.reviews import ReviewsResult, response_days, review_days, reviews_result
from bot.metrics.usage import (
    Dimension,
    UsageQuestion,
    UsageResult,
    daily_sums,
    distinct_people,
    distinct_people_by_period,
    usage_result,
)
from bot.model.asked import View
from bot.model.errors import Unavailable
from bot.model.timerange import TimeRange
from bot.sync import Rules, Sync


class AnalyticsClient:
    """Figures of windows, from the days held; missing days not older than 90 are pulled first.

    Every result carries its `coverage`. Without `sync` nothing is pulled. When a pull fails and some days
    are held, the answer stands on those and `coverage.fault` says why; with none held the error is raised:
    NoHistory, or another under Unavailable. `seats` is what the adoption rate is a share of.
    """

    def __init__(
        self,
        lake: Lake,
        engine: Engine,
        sync: Sync | None,
        *,
        clock: Callable[[], datetime],
        lag_hours: int = 12,
        seats: int | None = None,
        roster: int | None = None,
    ) -> None:
        self._lake = lake
        self._sync = sync
        self._clock = clock
        self._seats = seats
        self._roster = roster
        rules = sync.rules if sync else Rules(lag_hours=lag_hours)
        self.reader = Reader(lake, engine, Cover(lake, sync, clock, rules))
        self._exporter = Exporter(lake, self.reader)

    @mended
    async def usage(
        self,
        window: TimeRange,
        by: Dimension | None = None,
        view: View = View.DAILY,
        before: TimeRange | None = None,
        user_id: str | None = None,
    ) -> UsageResult:
        """Totals, series and breakdown of `window`, against `before` (default: as many days just before)."""
        against = window.before() if before is None else before
        coverage = await self.reader.cover.of(window, against, datasets=(Dataset.USAGE,))
        if coverage.shortened and before is None:
            against = coverage.window.before()
        question = UsageQuestion(coverage, against, by, view, user_id)
        builds: list[Build] = [
            partial(daily_sums, question=question),
            partial(distinct_people, question=question),
        ]
        if view is not View.DAILY:
            builds.append(partial(distinct_people_by_period, question=question))
        daily, people, *by_period = await self.reader.query(coverage, Dataset.USAGE, *builds)
        return usage_result(question, daily, people, by_period[0] if by_period else None)

    @mended
    async def activity(self, window: TimeRange) -> ActivityResult:
        """DAU, WAU, MAU28, stickiness, adoption and lifecycle; the history before `window` is read too."""
        coverage, grid = await self.reader.grid(window)
        eligible, base = await self._eligible(window)
        return await asyncio.to_thread(activity_result, coverage, grid, eligible, base)

    @mended
    async def ranking(
        self,
        window: TimeRange,
        by: RankBy = RankBy.CREDITS,
        limit: int = 10,
        clients: tuple[str, ...] = (),
        offset: int = 0,
    ) -> RankingResult:
        """People by a figure of `window`, narrowed to use through `clients` (client ids).

        A streak ends at the window's last complete day and counts every client.
        """
        if by is RankBy.STREAK:
            return await self._ranking_by_streak(window, limit, clients, offset)
        coverage = await self.reader.cover.of(window, datasets=(Dataset.USAGE,))
        question = RankingQuestion(coverage, by, limit, offset, clients)
        builds: list[Build] = [partial(ranked, question=question), partial(ranked_count, question=question)]
        rows, count = await self.reader.query(coverage, Dataset.USAGE, *builds)
        people_count = count["people_count"][0].as_py()
        return RankingResult(coverage, by, clients, rank_rows(rows.to_pylist(), question), people_count)

    @mended
    async def reviews(self, window: TimeRange, before: TimeRange | None = None) -> ReviewsResult:
        """What Codex reviewed and what people answered; `before` as in `usage`."""
        against = window.before() if before is None else before
        both = (Dataset.CODE_REVIEWS, Dataset.CODE_REVIEW_RESPONSES)
        coverage = await self.reader.cover.of(window, against, datasets=both)
        if coverage.shortened and before is None:
            against = coverage.window.before()
        (done,) = await self.reader.query(coverage, Dataset.CODE_REVIEWS, review_days)
        (answered,) = await self.reader.query(coverage, Dataset.CODE_REVIEW_RESPONSES, response_days)
        return reviews_result(coverage, against, done.to_pylist(), answered.to_pylist())

    async def overview(self, window: TimeRange, before: TimeRange | None = None) -> OverviewResult:
        """Usage, activity and reviews of `window`."""
        usage = await self.usage(window, before=before)
        activity = await self.activity(window)
        try:
            return OverviewResult(usage, activity, await self.reviews(window, before))
        except Unavailable:
            return OverviewResult(usage, activity, None)

    @mended
    async def person(self, user_id: str, window: TimeRange, before: TimeRange | None = None) -> PersonResult:
        """One person's figures by surface and by model, active days and streaks."""
        by_surface = await self.usage(window, Dimension.SURFACE, before=before, user_id=user_id)
        by_model = await self.usage(window, Dimension.MODEL, before=before, user_id=user_id)
        coverage, grid = await self.reader.grid(window, user_id)
        last = min(window.last, coverage.complete_through)
        return PersonResult(
            user_id,
            (await self.people()).get(user_id),
            by_surface,
            by_model,
            grid.days_of(user_id, window),
            _streaks(grid, last).get(user_id, 0),
            _streaks(grid, last, working_days=True).get(user_id, 0),
        )

    @mended
    async def export(
        self, kind: ExportKind, window: TimeRange, sink: Sink, *, emails: bool = False
    ) -> ExportResult:
        """Streams the rows of an export into `sink`, which begins anew when a file was replaced meanwhile."""
        return await self._exporter.run(kind, window, sink, emails=emails)

    async def people(self) -> dict[str, Person]:
        """Everyone ever seen, by user id."""
        return await asyncio.to_thread(self._lake.people)

    async def find_person(self, words: str) -> Person | None:
        """The person with this user id or e-mail address; upper and lower case are the same."""
        people = await self.people()
        wanted = words.strip().casefold()
        named = (p for p in people.values() if wanted in (p.user_id.casefold(), (p.email or "").casefold()))
        return people.get(words) or (next(named, None) if wanted else None)

    async def status(self) -> StatusResult:
        """What is held, missing, refused and different. Nothing is pulled."""
        first_sync = self._sync.first_sync_progress() if self._sync else None
        rules = self.reader.cover.rules
        return await asyncio.to_thread(lake_status, self._lake, rules, self._clock(), first_sync)

    async def _ranking_by_streak(
        self, window: TimeRange, limit: int, clients: tuple[str, ...], offset: int
    ) -> RankingResult:
        coverage, grid = await self.reader.grid(window)
        order = by_streak(_streaks(grid, min(window.last, coverage.complete_through)))
        shown = dict(order[offset : offset + limit])
        question = RankingQuestion(coverage, RankBy.STREAK, limit, offset, clients)
        build: Build = partial(figures_of, question=question, user_ids=tuple(shown))
        (rows,) = await self.reader.query(coverage, Dataset.USAGE, build)
        found = {row["user_id"]: row for row in rows.to_pylist()}
        in_order = [found[user_id] for user_id in shown if user_id in found]
        ranks = rank_rows(in_order, question, shown)
        return RankingResult(coverage, RankBy.STREAK, clients, ranks, len(order))

    async def _eligible(self, window: TimeRange) -> tuple[int, AdoptionBase]:
        if self._roster is not None:
            return self._roster, AdoptionBase.ROSTER
        if self._seats is not None:
            return self._seats, AdoptionBase.SEATS
        people = await self.people()
        seen = sum(1 for person in people.values() if person.first_seen_day < window.end)
        return seen, AdoptionBase.EVER_SEEN


def _streaks(grid: ActivityGrid, last: date, *, working_days: bool = False) -> dict[str, int]:
    days = grid.streaks(last, working_days=working_days)
    return dict(zip(grid.user_ids, days.tolist(), strict=True))
