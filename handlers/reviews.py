"""`reviews [RANGE] [comments|sentiment|engagement]`: what Codex reviewed and what people answered."""

from __future__ import annotations

from bot.kit.command import Command, Option
from bot.kit.deps import Deps
from bot.kit.figures import rate, told
from bot.kit.pictures import left_out
from bot.kit.replies import (
    asked_of,
    basis_of,
    before,
    cautions,
    footer_of,
    options_of,
    range_actions,
    when,
)
from bot.kit.reviewing import comments, comments_table, rates
from bot.kit.words import figure, moved, plural
from bot.metrics.periods import periods
from bot.metrics.reviews import Responses, Reviews, ReviewsResult
from bot.metrics.shares import Share
from bot.model.chat import Drawing, Fact, Reply, Request, Unit
from bot.model.ranges import Asked, View

SHOWS = ("comments", "sentiment", "engagement")
MERGED = "on merged PRs"
BASES = "Answers are counted on pull requests (PRs) merged in the window, reviews on the day they were made"


async def run(request: Request, deps: Deps) -> Reply:
    """Reviews and comments of the window, and, on another base, the answers on pull requests merged in it."""
    asked, query = asked_of(request), request.query
    show = query.option("show", "comments")
    view = query.view or _view(show, asked)
    result = await deps.analytics.reviews(asked.window, asked.before, view)
    title = _title(show, result, asked)
    return Reply(
        "reviews",
        _text(show, result, asked, view, title),
        facts=(*_review_facts(result), *_response_facts(result)),
        table=comments_table(result, view),
        drawings=(_drawing(show, result, view, title),),
        actions=range_actions("reviews", asked, options_of(query)),
        footer=footer_of(result.coverage),
        basis=basis_of(result.coverage),
    )


def _view(show: str, asked: Asked) -> View:
    """Rates by day are mostly of too few comments, so they go by weeks where there is a whole one."""
    by_week = show != "comments" and periods(asked.window, View.WEEKLY)
    return View.WEEKLY if by_week else View.DAILY


def _title(show: str, result: ReviewsResult, asked: Asked) -> str:
    match show:
        case "sentiment":
            return _sentiment(result, f" {when(asked, result.coverage)}")
        case "engagement":
            return _engagement(result, f" {when(asked, result.coverage)}")
        case _:
            return _reviewed(result, asked)


def _text(show: str, result: ReviewsResult, asked: Asked, view: View, title: str) -> str:
    made = [*([_reviewed(result, asked)] if show != "comments" else []), _by_priority(result.reviews)]
    engaged = [*([_engagement(result, "")] if show != "engagement" else []), _replied(result)]
    felt = [*([_sentiment(result, "")] if show != "sentiment" else []), _interval(result)]
    answered = [*felt, *engaged] if show == "sentiment" else [*engaged, *felt]
    first = [title, *(made if show == "comments" else answered)]
    second = [*(answered if show == "comments" else made), BASES]
    said = [" ".join(f"{line}." for line in lines if line) for lines in (first, second)]
    return "\n".join([*said, *left_out(view, result.coverage.window), *cautions(result.coverage, asked)])


def _reviewed(result: ReviewsResult, asked: Asked) -> str:
    now, earlier = result.reviews, result.previous_reviews
    fact = _count("reviews", "Reviews", Unit.REVIEWS, now, earlier, "pull_request_reviews")
    made = f"Codex made {plural(now.pull_request_reviews, 'review')} {when(asked, result.coverage)}"
    return f"{made}{moved(fact.change_pct, before(asked))}, with {plural(now.comments, 'comment')}"


def _by_priority(reviews: Reviews) -> str:
    if not reviews.comments:
        return ""
    told_parts = f"{reviews.p0:,} P0, {reviews.p1:,} P1 and {reviews.p2:,} P2"
    rest = f"; {reviews.other:,} without a priority" if reviews.other > 0 else ""
    return f"Comments by priority: {told_parts}{rest}"


def _engagement(result: ReviewsResult, period: str) -> str:
    now = result.responses
    if now.engagement is None:
        return f"There are no comments {MERGED}{period}"
    engaged = figure(now.engagement * 100, Unit.PERCENT)
    return f"{engaged} of {plural(now.comments, 'comment')} {MERGED} got a reaction or reply{period}"


def _replied(result: ReviewsResult) -> str:
    rate_told = result.responses.reply_rate
    return "" if rate_told is None else f"{figure(rate_told * 100, Unit.PERCENT)} got a reply"


def _sentiment(result: ReviewsResult, period: str) -> str:
    share = result.responses.positive
    if share.too_few or share.rate is None:
        return f"Too few to tell the sentiment{period}: {plural(share.whole, 'comment')} rated up or down"
    rated = f"{figure(share.rate * 100, Unit.PERCENT)} of {share.whole:,} rated comments {MERGED}"
    return f"{rated} were rated up{period}"


def _interval(result: ReviewsResult) -> str:
    share = result.responses.positive
    if share.too_few or share.interval is None:
        return ""
    low, high = (figure(round(end * 100), Unit.PERCENT) for end in share.interval)
    return f"The 95% interval is {low} to {high}"


def _count(
    key: str,
    label: str,
    unit: Unit,
    now: Reviews | Responses,
    earlier: Reviews | Responses | None,
    name: str,
) -> Fact:
    return told(key, label, unit, getattr(now, name), getattr(earlier, name) if earlier else None)


def _review_facts(result: ReviewsResult) -> tuple[Fact, ...]:
    now, earlier = result.reviews, result.previous_reviews
    named = ("p0", "p1", "p2", *(("other",) if now.other > 0 else ()))
    return (
        _count("reviews", "Reviews", Unit.REVIEWS, now, earlier, "pull_request_reviews"),
        _count("comments", "Comments", Unit.COMMENTS, now, earlier, "comments"),
        *(_priority(name, now, earlier) for name in named),
        _count("review_density", "Comments per review", Unit.RATIO, now, earlier, "density"),
        rate("review_severity", "P0 and P1 among P0–P2", now.severity, earlier.severity if earlier else None),
    )


def _priority(name: str, now: Reviews, earlier: Reviews | None) -> Fact:
    label = "Comments without priority" if name == "other" else f"{name.upper()} comments"
    return _count(f"comments_{name}", label, Unit.COMMENTS, now, earlier, name)


def _response_facts(result: ReviewsResult) -> tuple[Fact, ...]:
    now, earlier = result.responses, result.previous_responses
    return (
        _count("merged_comments", "Comments (merged)", Unit.COMMENTS, now, earlier, "comments"),
        _count("replies", "Replies (merged)", Unit.COMMENTS, now, earlier, "replies"),
        _count("reactions", "Reactions (merged)", Unit.REACTIONS, now, earlier, "reactions"),
        rate(
            "review_engagement",
            "Engagement (merged)",
            now.engagement,
            earlier.engagement if earlier else None,
            Unit.PERCENT,
        ),
        rate(
            "reply_rate",
            "Reply rate (merged)",
            now.reply_rate,
            earlier.reply_rate if earlier else None,
            Unit.PERCENT,
        ),
        _positive_fact(now.positive, earlier.positive if earlier else None),
    )


def _positive_fact(now: Share, earlier: Share | None) -> Fact:
    """The positive reaction rate; no number below 10 rated comments."""
    if now.too_few:
        return Fact("positive_reaction_rate", "Rated up (merged)", "too few to tell", None, Unit.PERCENT)
    known = earlier.rate if earlier and not earlier.too_few else None
    return rate("positive_reaction_rate", "Rated up (merged)", now.rate, known, Unit.PERCENT)


def _drawing(show: str, result: ReviewsResult, view: View, title: str) -> Drawing:
    match show:
        case "sentiment":
            return rates(result, view, title, "Comments rated up", lambda found: found.positive)
        case "engagement":
            return rates(result, view, title, "Comments answered", _answered)
        case _:
            return comments(result, view, title)


def _answered(found: Responses) -> Share:
    return Share(found.engaged, found.comments)


COMMAND = Command(
    name="reviews",
    summary="Code Review: reviews, comments by priority, replies, reactions and sentiment",
    run=run,
    usage="[RANGE] [comments|sentiment|engagement] [daily|weekly|monthly]",
    examples=("reviews 30d", "reviews 12w weekly", "reviews 90d sentiment", "reviews 12w engagement"),
    options=(
        Option("show", "what to draw: comments by priority, sentiment or engagement", SHOWS, bare=True),
    ),
    views=True,
)
