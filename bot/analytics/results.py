"""Answers made of several metrics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.lake import Person
from bot.metrics.activity import ActivityResult
from bot.metrics.coverage import Coverage
from bot.metrics.reviews import ReviewsResult
from bot.metrics.usage import UsageResult


@dataclass(frozen=True, slots=True)
class OverviewResult:
    """`reviews` is None when no day of them is held, `activity_before` when the window before is not.

    The latter tells of the window that the usage figures are compared with.
    """

    usage: UsageResult
    activity: ActivityResult
    activity_before: ActivityResult | None
    reviews: ReviewsResult | None

    @property
    def coverage(self) -> Coverage:
        """What the usage figures stand on."""
        return self.usage.coverage


@dataclass(frozen=True, slots=True)
class Streak:
    """Days in a row, None when the last one is not held; it may go on beyond `gap`, a day not held."""

    days: int | None
    gap: date | None = None


@dataclass(frozen=True, slots=True)
class PersonResult:
    """One person. `person` is None for a user id never seen; streaks end at the last complete day.

    `active_days` are the window's days with a turn or thread, for the calendar.
    """

    user_id: str
    person: Person | None
    by_surface: UsageResult
    by_model: UsageResult
    active_days: tuple[date, ...]
    streak: Streak
    streak_working_days: Streak

    @property
    def coverage(self) -> Coverage:
        """What the figures stand on."""
        return self.by_surface.coverage
