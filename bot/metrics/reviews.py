"""Code review figures; the two endpoints have different bases and are never divided by each other.

`code_reviews` counts what Codex did on a day, `code_review_responses` what people answered on pull
requests merged that day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from bot.lake.schema import RESPONSE_COLUMNS, REVIEW_COLUMNS
from bot.metrics.coverage import Coverage
from bot.metrics.figures import ratio
from bot.metrics.periods import periods
from bot.metrics.shares import Share
from bot.model.asked import View
from bot.model.timerange import TimeRange

if TYPE_CHECKING:
    import ibis


@dataclass(frozen=True, slots=True)
class Reviews:
    """What Codex did. `other` are comments without a priority."""

    pull_request_reviews: int
    comments: int
    p0: int
    p1: int
    p2: int

    @property
    def other(self) -> int:
        """Comments beyond P0, P1 and P2; the API does not promise that the three add up."""
        return max(self.comments - self.p0 - self.p1 - self.p2, 0)

    @property
    def density(self) -> float | None:
        """Comments per review."""
        return ratio(self.comments, self.pull_request_reviews)

    @property
    def severity(self) -> float | None:
        """(P0 + P1) / (P0 + P1 + P2)."""
        return ratio(self.p0 + self.p1, self.p0 + self.p1 + self.p2)


@dataclass(frozen=True, slots=True)
class Responses:
    """What people answered, on pull requests merged in the window."""

    pull_request_reviews: int
    comments: int
    replies: int
    reactions: int
    upvotes: int
    downvotes: int
    other: int
    engaged: int
    reacted: int
    replied: int
    upvoted: int
    downvoted: int
    reacted_other: int

    @property
    def engagement(self) -> float | None:
        """Comments with a reaction or reply / comments."""
        return ratio(self.engaged, self.comments)

    @property
    def reply_rate(self) -> float | None:
        """Comments with a reply / comments."""
        return ratio(self.replied, self.comments)

    @property
    def positive(self) -> Share:
        """Upvoted comments among upvoted and downvoted ones."""
        return Share(self.upvoted, self.upvoted + self.downvoted)


@dataclass(frozen=True, slots=True)
class ReviewPoint:
    """One period by its first day; both None when a day of it is not held, `partial` when it is not over."""

    day: date
    reviews: Reviews | None
    responses: Responses | None
    partial: bool = False


@dataclass(frozen=True, slots=True)
class ReviewsResult:
    """Sums over the held days of the window; the previous ones as in `UsageResult`."""

    coverage: Coverage
    against: TimeRange
    reviews: Reviews
    responses: Responses
    previous_reviews: Reviews | None
    previous_responses: Responses | None
    points: tuple[ReviewPoint, ...]


def review_days(table: ibis.Table) -> ibis.Expr:
    """One row per day of `code_reviews`."""
    return _per_day(table, REVIEW_COLUMNS)


def response_days(table: ibis.Table) -> ibis.Expr:
    """One row per day of `code_review_responses`."""
    return _per_day(table, RESPONSE_COLUMNS)


def reviews_result(
    coverage: Coverage,
    against: TimeRange,
    review_rows: Sequence[Mapping[str, Any]],
    response_rows: Sequence[Mapping[str, Any]],
    view: View = View.DAILY,
) -> ReviewsResult:
    """Puts the day rows of both datasets together."""
    reviews = {row["day"]: row for row in review_rows}
    responses = {row["day"]: row for row in response_rows}
    window = coverage.window
    compared = coverage.meets(against)
    return ReviewsResult(
        coverage,
        against,
        _reviews(reviews, window),
        _responses(responses, window),
        _reviews(reviews, against) if compared else None,
        _responses(responses, against) if compared else None,
        tuple(_point(reviews, responses, period, coverage) for period in periods(window, view)),
    )


def _per_day(table: Any, columns: tuple[str, ...]) -> Any:
    return table.group_by("day").aggregate(**{name: table[name].sum() for name in columns})


def _point(
    reviews: Mapping[date, Any], responses: Mapping[date, Any], period: TimeRange, coverage: Coverage
) -> ReviewPoint:
    if not coverage.holds(period):
        return ReviewPoint(period.start, None, None)
    partial = any(day in period for day in coverage.partial_days)
    return ReviewPoint(period.start, _reviews(reviews, period), _responses(responses, period), partial)


def _reviews(rows: Mapping[date, Any], window: TimeRange) -> Reviews:
    return Reviews(*_sums(rows, window, REVIEW_COLUMNS))


def _responses(rows: Mapping[date, Any], window: TimeRange) -> Responses:
    return Responses(*_sums(rows, window, RESPONSE_COLUMNS))


def _sums(rows: Mapping[date, Any], window: TimeRange, columns: tuple[str, ...]) -> tuple[int, ...]:
    found = [rows[day] for day in window.days() if day in rows]
    return tuple(sum(row[name] for row in found) for name in columns)
