"""The shared analytics client: the only way a handler gets a figure."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial

from bot.analytics import by_team, rankings, views
from bot.analytics.cover import Cover
from bot.analytics.directory import Directory
from bot.analytics.exporting import Exporter, ExportResult, Sink
from bot.analytics.kept import anew
from bot.analytics.reading import Reader, mended
from bot.analytics.results import OverviewResult, PersonResult
from bot.analytics.status import StatusResult, lake_status
from bot.engine import Engine
from bot.lake import Dataset, Lake, LakeLocked, Person, days_of, forget
from bot.metrics.activity import ActivityResult, AdoptionBase, activity_result
from bot.metrics.compare import Comparison, comparison
from bot.metrics.distribution import POWER_TURNS, DistributionResult
from bot.metrics.exportcolumns import ExportKind
from bot.metrics.figures import Metric
from bot.metrics.ranking import (
    RankBy,
    RankingResult,
)
from bot.metrics.retention import RetentionResult
from bot.metrics.reviews import ReviewsResult, response_days, review_days, reviews_result
from bot.metrics.team_days import TeamDaysResult
from bot.metrics.teams import TeamsResult
from bot.metrics.usage import (
    Dimension,
    UsageQuestion,
    UsageResult,
    daily_sums,
    presence_words,
    usage_result,
)
from bot.metrics.weekly import DigestResult, digest_result, weeks_to
from bot.model.asked import View
from bot.model.errors import BadSetting, Busy, Unavailable
from bot.model.timerange import TimeRange
from bot.sync import Rules, Sync

NO_DIRECTORY = (
    "An admin can set PULSE_DIRECTORY_FILE; `codex-pulse directory --from-users` writes a first file."
)


class AnalyticsClient:
    """Figures of windows, from the days held; missing days not older than 90 are pulled first.

    Every result carries its `coverage`. Without `sync` nothing is pulled. When a pull fails and some days
    are held, the answer stands on those and `coverage.fault` says why; with none held the error is raised:
    NoHistory, or another under Unavailable. The adoption rate is a share of the directory's people, else of
    `seats`, else of the people ever seen.
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
        directory: Directory | None = None,
    ) -> None:
        self.directory = directory
        self._lake = lake
        self._sync = sync
        self._clock = clock
        self._seats = seats
        rules = sync.rules if sync else Rules(lag_hours=lag_hours)
        self.reader = Reader(lake, engine, Cover(lake, sync, clock, rules))
        self._exporter = Exporter(lake, self.reader)

    @staticmethod
    def anew() -> AbstractContextManager[None]:
        """Inside, nothing computed before is used."""
        return anew()

    @mended
    async def usage(
        self,
        window: TimeRange,
        by: Dimension | None = None,
        view: View = View.DAILY,
        before: TimeRange | None = None,
        user_id: str | None = None,
        through: str | None = None,
    ) -> UsageResult:
        """Totals, series and breakdown of `window`, against `before` (default: as many days just before).

        `through` narrows to a surface or client id (`client_named`); ValueError with models or speeds.
        """
        coverage, against = await views.beside(self.reader, window, before, Dataset.USAGE)
        question = UsageQuestion(coverage, against, by, view, user_id, through)
        builds = (partial(daily_sums, question=question), partial(presence_words, question=question))
        daily, words = await self.reader.query(coverage, Dataset.USAGE, *builds)
        return usage_result(question, daily, words)

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
        through: str | None = None,
        offset: int = 0,
    ) -> RankingResult:
        """People by a figure of `window`, narrowed to a surface or client id by `through`.

        A streak ends at the window's last complete day and counts every client.
        """
        if by is RankBy.STREAK:
            return await rankings.by_streak(self.reader, window, limit, through, offset)
        return await rankings.by_figure(self.reader, window, by, limit, through, offset)

    @mended
    async def reviews(
        self, window: TimeRange, before: TimeRange | None = None, view: View = View.DAILY
    ) -> ReviewsResult:
        """What Codex reviewed and what people answered; `before` as in `usage`."""
        both = (Dataset.CODE_REVIEWS, Dataset.CODE_REVIEW_RESPONSES)
        coverage, against = await views.beside(self.reader, window, before, *both)
        (done,) = await self.reader.query(coverage, Dataset.CODE_REVIEWS, review_days)
        (answered,) = await self.reader.query(coverage, Dataset.CODE_REVIEW_RESPONSES, response_days)
        return reviews_result(coverage, against, done.to_pylist(), answered.to_pylist(), view)

    async def compare(
        self, now: TimeRange, before: TimeRange, by: Dimension | None = None, view: View = View.DAILY
    ) -> Comparison:
        """Two windows side by side, of any length, each with its own coverage."""
        alone = TimeRange(now.start, now.start), TimeRange(before.start, before.start)
        return comparison(
            await self.usage(now, by, view, alone[0]), await self.usage(before, by, view, alone[1])
        )

    @mended
    async def retention(self, window: TimeRange, before: TimeRange | None = None) -> RetentionResult:
        """Weekly cohorts of `window` and of `before` (default: as many days just before)."""
        return await views.retention(self.reader, window, before)

    @mended
    async def distribution(
        self,
        window: TimeRange,
        metric: Metric = Metric.CREDITS,
        before: TimeRange | None = None,
        power_turns: int = POWER_TURNS,
    ) -> DistributionResult:
        """How `metric` is spread over people, their active days and segments at the window's end.

        Who had `power_turns` turns a week, on average, is a power user.
        """
        return await views.distribution(self.reader, window, metric, before, self.people, power_turns)

    @mended
    async def teams(self, window: TimeRange, before: TimeRange | None = None) -> TeamsResult:
        """Figures per team of a directory; `before` as in `usage`. Raises BadSetting without one."""
        return await by_team.teams(self.reader, window, before, self._teams(), self.people)

    @mended
    async def team_days(self, window: TimeRange) -> TeamDaysResult:
        """A daily series of each team of the directory. Raises BadSetting without one."""
        return await by_team.team_days(self.reader, window, self._teams(), self.people)

    async def digest(self, week: TimeRange) -> DigestResult:
        """The Monday-Sunday `week` beside the weeks before it."""
        weeks = weeks_to(week)
        usage = await self.usage(week, Dimension.SURFACE)
        trend = await self.usage(weeks, view=View.WEEKLY, before=TimeRange(weeks.start, weeks.start))
        activity = await self.activity(weeks)
        try:
            reviews = await self.reviews(week)
        except Unavailable:
            reviews = None
        seen = (person.first_seen_day for person in (await self.people()).values())
        return digest_result(usage, trend, activity, reviews, seen)

    async def overview(self, window: TimeRange, before: TimeRange | None = None) -> OverviewResult:
        """Usage, activity and reviews of `window`, and the activity at the end of the window before."""
        usage = await self.usage(window, before=before)
        activity = await self.activity(usage.window)
        earlier = await self.activity(usage.against) if usage.previous else None
        try:
            return OverviewResult(usage, activity, earlier, await self.reviews(window, before))
        except Unavailable:
            return OverviewResult(usage, activity, earlier, None)

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
            rankings.streak_of(grid, user_id, last),
            rankings.streak_of(grid, user_id, last, working_days=True),
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
        """The person with this user id, e-mail address or chat account, in upper or lower case."""
        people = await self.people()
        wanted = words.strip().removeprefix("<").removesuffix(">").removeprefix("@").casefold()
        wanted = (self._email_of_chat(wanted) or wanted).casefold()
        named = (p for p in people.values() if wanted in (p.user_id.casefold(), (p.email or "").casefold()))
        return people.get(words) or (next(named, None) if wanted else None)

    async def days_of(self, user_ids: frozenset[str]) -> int:
        """How many held days have a row of these people."""
        return await asyncio.to_thread(days_of, self._lake, user_ids)

    async def forget(self, user_ids: frozenset[str]) -> int:
        """Puts a pseudonym in the place of these people; returns the number of rewritten days.

        They stay forgotten when their days are pulled again. Raises Busy while another process writes.
        """
        try:
            async with self._lake.write_lock():
                return await asyncio.to_thread(forget, self._lake, user_ids, self._clock())
        except LakeLocked:
            raise Busy from None

    def pseudonym(self, user_id: str) -> str:
        """What stands in the place of this user id once the person is forgotten."""
        return self._lake.forgotten.pseudonym(user_id)

    async def status(self) -> StatusResult:
        """What is held, missing, refused and different. Nothing is pulled."""
        first_sync = self._sync.first_sync_progress() if self._sync else None
        rules = self.reader.cover.rules
        return await asyncio.to_thread(lake_status, self._lake, rules, self._clock(), first_sync)

    async def _eligible(self, window: TimeRange) -> tuple[int, AdoptionBase]:
        if self.directory is not None:
            return len(self.directory.members), AdoptionBase.ROSTER
        if self._seats is not None:
            return self._seats, AdoptionBase.SEATS
        people = await self.people()
        seen = sum(1 for person in people.values() if person.first_seen_day < window.end)
        return seen, AdoptionBase.EVER_SEEN

    def _email_of_chat(self, chat_id: str) -> str | None:
        return self.directory.email_of_chat(chat_id) if self.directory else None

    def _teams(self) -> Directory:
        if self.directory is None:
            raise BadSetting("There is no directory of teams.", NO_DIRECTORY)
        return self.directory
