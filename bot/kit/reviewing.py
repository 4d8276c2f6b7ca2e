"""Code Review over time: comments by priority, and rates with their intervals."""

from __future__ import annotations

from collections.abc import Callable

import charts
from bot.kit.pictures import PER, PERIODS, subtitle
from bot.metrics.reviews import Responses, ReviewPoint, ReviewsResult
from bot.metrics.shares import Share
from bot.model.chat import Cell, Column, Drawing, Table, Unit
from bot.model.ranges import View

PRIORITIES = {"p0": "P0", "p1": "P1", "p2": "P2", "other": "No priority"}
ANSWERS = {"comments": "Comments (merged)", "replies": "Replies (merged)", "reactions": "Reactions (merged)"}


def comments(result: ReviewsResult, view: View, title: str) -> Drawing:
    """Comments stacked by priority; those without one only when there are any."""
    series = tuple(
        charts.Series(label, tuple(_of(point, name) for point in result.points))
        for name, label in _priorities(result).items()
    )
    chart = charts.StackedChart(
        title=title,
        subtitle=subtitle("Codex comments by priority", view, result.coverage.window),
        days=tuple(point.day for point in result.points),
        series=series,
        unit="comments",
        period=PERIODS[view],
        partial=any(point.partial for point in result.points[-1:]),
    )
    return Drawing(lambda: charts.stacked(chart), f"{title}.", fallback=comments_table(result, view))


def rates(
    result: ReviewsResult, view: View, title: str, label: str, share: Callable[[Responses], Share]
) -> Drawing:
    """A share of the answers with its 95 % interval; a gap where it is of fewer than 10."""
    found = tuple(share(point.responses) if point.responses else None for point in result.points)
    chart = charts.IntervalChart(
        title=title,
        subtitle=subtitle(label, view, result.coverage.window),
        days=tuple(point.day for point in result.points),
        rates=tuple(_rate(one) for one in found),
        period=PERIODS[view],
    )
    return Drawing(lambda: charts.interval(chart), f"{title}.", fallback=comments_table(result, view))


def comments_table(result: ReviewsResult, view: View) -> Table:
    """Both bases side by side, newest period first."""
    priorities = _priorities(result)
    columns = (
        Column("day", f"{PER[view].capitalize()} from (UTC)"),
        Column("reviews", "Reviews", Unit.REVIEWS),
        Column("comments", "Comments", Unit.COMMENTS),
        *(Column(f"comments_{name}", label, Unit.COMMENTS) for name, label in priorities.items()),
        *(
            Column(f"merged_{name}", label, Unit.REACTIONS if name == "reactions" else Unit.COMMENTS)
            for name, label in ANSWERS.items()
        ),
    )
    rows = tuple(_row(point, tuple(priorities)) for point in reversed(result.points))
    return Table(columns, rows, "Reviews made, and answers on pull requests merged")


def _priorities(result: ReviewsResult) -> dict[str, str]:
    return {k: label for k, label in PRIORITIES.items() if k != "other" or result.reviews.other > 0}


def _row(point: ReviewPoint, priorities: tuple[str, ...]) -> tuple[Cell, ...]:
    done = (_of(point, name) for name in ("pull_request_reviews", "comments", *priorities))
    answered = (getattr(point.responses, name) if point.responses else None for name in ANSWERS)
    return (point.day.isoformat(), *done, *answered)


def _of(point: ReviewPoint, name: str) -> int | None:
    found: int | None = getattr(point.reviews, name) if point.reviews else None
    return found


def _rate(share: Share | None) -> charts.Rate | None:
    if share is None or share.too_few or share.rate is None or share.interval is None:
        return None
    low, high = share.interval
    return charts.Rate(share.rate * 100, low * 100, high * 100, share.whole)
