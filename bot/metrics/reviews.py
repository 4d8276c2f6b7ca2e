"""Code review figures; the two endpoints have different bases and are never divided by each other.

`code_reviews` counts what Codex did on a day, `code_review_responses` what people answered on pull
requests merged that day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from typing import TYPE_CHECKING, Any, Final

from bot.lake.schema import RESPONSE_COLUMNS, REVIEW_COLUMNS
from bot.metrics.coverage import Coverage
from bot.metrics.figures import ratio
from bot.metrics.periods import periods
from bot.model.asked import View
from bot.model.timerange import TimeRange

if TYPE_CHECKING:
    import ibis

TOO_FEW: Final = 10
"""Below this many cases a share cannot be told."""
_Z_95: Final = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole` with its 95 % Wilson interval; all between 0 and 1, None without cases."""

    part: int
    whole: int

    @property
    def rate(self) -> float | None:
        """Part / whole."""
        return ratio(self.part, self.whole)

    @property
    def too_few(self) -> bool:
        """True when there are fewer than 10 cases: say "too few to tell"."""
        return self.whole < TOO_FEW

    @property
    def interval(self) -> tuple[float, float] | None:
        """Lower and upper end of the 95 % interval (Wilson 1927)."""
        return wilson(self.part, self.whole) if self.whole else None


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
    """One day; both None when it is not held."""

    day: date
    reviews: Reviews | None
    responses: Responses | None


@dataclass(frozen=True, slots=True)
class ReviewsResult:
    """Sums over the held days of the window; the previous ones are None unless all of `against` is held."""

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
) -> ReviewsResult:
    """Puts the day rows of both datasets together."""
    reviews = {row["day"]: row for row in review_rows}
    responses = {row["day"]: row for row in response_rows}
    window = coverage.window
    compared = bool(against.day_count) and coverage.holds(against)
    return ReviewsResult(
        coverage,
        against,
        _reviews(reviews, window),
        _responses(responses, window),
        _reviews(reviews, against) if compared else None,
        _responses(responses, against) if compared else None,
        tuple(_point(reviews, responses, period, coverage) for period in _days(window)),
    )


def wilson(part: int, whole: int) -> tuple[float, float]:
    """95 % interval of a share; `whole` must be above 0."""
    share, z2 = part / whole, _Z_95**2
    centre = share + z2 / (2 * whole)
    half = _Z_95 * sqrt(share * (1 - share) / whole + z2 / (4 * whole**2))
    scale = 1 + z2 / whole
    # the ends at no and at all cases are exactly 0 and 1; rounding would miss them by a hair
    low = (centre - half) / scale if part else 0.0
    high = (centre + half) / scale if part < whole else 1.0
    return low, high


def _per_day(table: Any, columns: tuple[str, ...]) -> Any:
    return table.group_by("day").aggregate(**{name: table[name].sum() for name in columns})


def _days(window: TimeRange) -> tuple[TimeRange, ...]:
    return periods(window, View.DAILY)


def _point(
    reviews: Mapping[date, Any], responses: Mapping[date, Any], period: TimeRange, coverage: Coverage
) -> ReviewPoint:
    if not coverage.holds(period):
        return ReviewPoint(period.start, None, None)
    return ReviewPoint(period.start, _reviews(reviews, period), _responses(responses, period))


def _reviews(rows: Mapping[date, Any], window: TimeRange) -> Reviews:
    return Reviews(*_sums(rows, window, REVIEW_COLUMNS))


def _responses(rows: Mapping[date, Any], window: TimeRange) -> Responses:
    return Responses(*_sums(rows, window, RESPONSE_COLUMNS))


def _sums(rows: Mapping[date, Any], window: TimeRange, columns: tuple[str, ...]) -> tuple[int, ...]:
    found = [rows[day] for day in window.days() if day in rows]
    return tuple(sum(row[name] for row in found) for name in columns)
