"""The digest's figures as facts with stable keys."""

from __future__ import annotations

from bot.kit.figures import metric_fact, rate_fact
from bot.kit.words import figure
from bot.metrics.figures import Metric, change_pct
from bot.metrics.reviews import ReviewsResult
from bot.metrics.weekly import DigestResult, Weekly
from bot.model.chat import Fact, Unit

_LIFECYCLE = ("new", "returning", "resurrected", "dormant")
_USED = (Metric.THREADS, Metric.TURNS, Metric.CREDITS, Metric.COST_USD, Metric.ESTIMATED_COST_USD)


def digest_facts(result: DigestResult, usd_per_credit: float | None) -> tuple[Fact, ...]:
    """People, adoption, lifecycle, use and the three costs apart, code review."""
    totals, previous = result.usage.totals, result.usage.previous
    return (
        *_weekly_facts("wau", "Weekly active users", result.wau, Unit.PEOPLE),
        *_weekly_facts("adoption_rate", "Adoption", _in_percent(result.adoption), Unit.PERCENT),
        *_lifecycle_facts(result),
        *(metric_fact(metric, totals, previous) for metric in _USED),
        *rate_fact(totals, previous, usd_per_credit),
        *_review_facts(result.reviews),
    )


def _weekly_facts(key: str, label: str, weekly: Weekly, unit: Unit) -> tuple[Fact, ...]:
    median = weekly.median
    return (
        Fact(key, label, figure(weekly.now, unit), weekly.now, unit, weekly.change_pct),
        Fact(
            f"{key}_median_4w",
            f"{label}, median of the 4 weeks before",
            figure(median, unit),
            median,
            unit,
        ),
    )


def _in_percent(weekly: Weekly) -> Weekly:
    return Weekly(tuple(None if rate is None else rate * 100 for rate in weekly.values))


def _lifecycle_facts(result: DigestResult) -> tuple[Fact, ...]:
    week = result.lifecycle
    counts = (week.new, week.returning, week.resurrected, week.dormant) if week else (None,) * 4
    return tuple(
        Fact(key, key.capitalize(), figure(count, Unit.PEOPLE), count, Unit.PEOPLE)
        for key, count in zip(_LIFECYCLE, counts, strict=True)
    )


def _review_facts(result: ReviewsResult | None) -> tuple[Fact, ...]:
    if result is None:
        return ()
    reviews, before = result.reviews.pull_request_reviews, result.previous_reviews
    pct = change_pct(reviews, before.pull_request_reviews if before else None)
    engaged = result.responses.engagement
    engaged = None if engaged is None else engaged * 100
    return (
        Fact("reviews", "Pull request reviews", figure(reviews, Unit.REVIEWS), reviews, Unit.REVIEWS, pct),
        Fact(
            "review_engagement",
            "Review comments engaged with",
            figure(engaged, Unit.PERCENT),
            engaged,
            Unit.PERCENT,
        ),
    )
