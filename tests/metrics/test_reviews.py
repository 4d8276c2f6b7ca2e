"""Review figures against a naive twin on raw rows.

metrics.md: "Review density, severity | comments / reviews; (P0+P1) / (P0+P1+P2)"
metrics.md: "Review engagement | engaged / comments of the same response row; reply rate = replied / comments"
metrics.md: "Positive reaction rate | upvoted / (upvoted + downvoted) comments with its 95 % Wilson interval"
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lake import Dataset
from bot.metrics.coverage import Coverage
from bot.metrics.reviews import ReviewsResult, response_days, review_days, reviews_result
from bot.metrics.shares import Share, wilson
from bot.model.asked import View
from bot.model.timerange import TimeRange

Raw = dict[str, Any]
FIRST = date(2026, 9, 14)
HELD = TimeRange(FIRST, FIRST + timedelta(days=4))
WINDOW = TimeRange(FIRST + timedelta(days=2), HELD.end)


def edges(day: int) -> Raw:
    start = int(datetime(2026, 9, 14 + day, tzinfo=UTC).timestamp())
    return {"start_time": start, "end_time": start + 86_400}


def review(day: int, reviews: int, comments: int, p0: int, p1: int, p2: int) -> Raw:
    details = {"p0": p0, "p1": p1, "p2": p2}
    return {**edges(day), "pull_request_reviews": reviews, "comments": comments, "comment_details": details}


def response(day: int, comments: int, engaged: int, replied: int, upvoted: int, downvoted: int) -> Raw:
    reactions = {"upvotes": upvoted, "downvotes": downvoted, "other": 0}
    details = {
        "engaged": engaged,
        "reacted": 0,
        "replied": replied,
        "upvoted": upvoted,
        "downvoted": downvoted,
        "reacted_other": 0,
    }
    return {
        **edges(day),
        "pull_request_reviews": 1,
        "comments": comments,
        "replies": replied,
        "reactions": upvoted + downvoted,
        "reaction_details": reactions,
        "comment_response_details": details,
    }


async def ask(workspace: Any, reviews: list[Raw], responses: list[Raw]) -> ReviewsResult:
    workspace.put(reviews, HELD, Dataset.CODE_REVIEWS)
    workspace.put(responses, HELD, Dataset.CODE_REVIEW_RESPONSES)
    (done,) = await workspace.ask(review_days, dataset=Dataset.CODE_REVIEWS)
    (answered,) = await workspace.ask(response_days, dataset=Dataset.CODE_REVIEW_RESPONSES)
    coverage = workspace.coverage(WINDOW, Dataset.CODE_REVIEWS)
    return reviews_result(coverage, WINDOW.before(), done.to_pylist(), answered.to_pylist())


async def test_the_contracts_own_example_by_hand(workspace: Any) -> None:
    result = await ask(workspace, [review(2, 17, 26, 1, 9, 16)], [response(2, 19, 10, 5, 6, 2)])
    assert result.reviews.density == 26 / 17
    assert result.reviews.severity == 10 / 26
    assert (result.responses.engagement, result.responses.reply_rate) == (10 / 19, 5 / 19)
    assert (result.responses.positive, result.responses.positive.too_few) == (Share(6, 8), True)


async def test_ratios_of_a_window_are_ratios_of_sums(workspace: Any) -> None:
    result = await ask(workspace, [review(2, 1, 10, 0, 0, 0), review(3, 9, 0, 0, 0, 0)], [])
    assert (result.reviews.density, result.reviews.other) == (1.0, 10)


async def test_no_reviews_are_no_data_and_not_a_rate_of_zero(workspace: Any) -> None:
    result = await ask(workspace, [], [])
    assert (result.reviews.pull_request_reviews, result.reviews.density, result.reviews.severity) == (
        0,
        None,
        None,
    )
    assert (result.responses.engagement, result.responses.positive.interval) == (None, None)


async def test_the_window_before_stands_apart_and_gaps_are_gaps(workspace: Any) -> None:
    result = await ask(workspace, [review(0, 5, 5, 0, 0, 5), review(2, 1, 1, 0, 0, 1)], [])
    assert result.previous_reviews is not None
    assert (result.previous_reviews.pull_request_reviews, result.reviews.pull_request_reviews) == (5, 1)
    gap = Coverage(WINDOW, WINDOW, WINDOW.last, frozenset({WINDOW.start}))
    points = reviews_result(gap, WINDOW.before(), [], []).points
    assert [point.reviews is None for point in points] == [False, True]


def test_weeks_are_whole_and_gaps_when_a_day_of_them_is_missing() -> None:
    monday = date(2026, 9, 14)
    window = TimeRange(monday - timedelta(days=2), monday + timedelta(days=16))
    held = frozenset(window.days()) - {monday + timedelta(days=9)}
    done = [
        {
            "day": monday + timedelta(days=n),
            "pull_request_reviews": 1,
            "comments": 2,
            "p0": 0,
            "p1": 1,
            "p2": 1,
        }
        for n in range(14)
    ]
    coverage = Coverage(window, window, window.last, held)
    points = reviews_result(coverage, window.before(), done, [], View.WEEKLY).points
    assert [point.day for point in points] == [monday, monday + timedelta(days=7)]
    assert points[0].reviews is not None
    assert (points[0].reviews.pull_request_reviews, points[0].reviews.comments) == (7, 14)
    assert points[1].reviews is None


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    # Newcombe 1998, table I, method 3
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_agrees_with_published_values(part: int, whole: int, low: float, high: float) -> None:
    found = wilson(part, whole)
    assert [round(end, 4) for end in found] == [low, high]


@given(st.integers(1, 5000).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_the_interval_holds_the_rate_and_stays_inside_0_and_1(case: tuple[int, int]) -> None:
    part, whole = case
    low, high = wilson(part, whole)
    assert 0 <= low <= part / whole <= high <= 1


@given(
    st.lists(
        st.tuples(st.integers(2, 3), *[st.integers(0, 50)] * 5), max_size=2, unique_by=lambda case: case[0]
    )
)
def test_the_twin_sums_the_same(cases: list[tuple[int, ...]]) -> None:
    names = ("pull_request_reviews", "comments", "p0", "p1", "p2")
    rows = [{"day": FIRST + timedelta(days=d), **dict(zip(names, rest, strict=True))} for d, *rest in cases]
    coverage = Coverage(WINDOW, WINDOW, WINDOW.last, frozenset(WINDOW.days()))
    found = reviews_result(coverage, WINDOW.before(), rows, []).reviews
    expected = [sum(case[n] for case in cases) for n in range(1, 6)]
    assert [getattr(found, name) for name in names] == expected
    severe = expected[2] + expected[3]
    graded = severe + expected[4]
    assert found.severity == (severe / graded if graded else None)
