"""The digest in sentences: each a finding with its number, none that the figures do not carry."""

from __future__ import annotations

from bot.kit.figures import LABELS
from bot.kit.movement import outgrown
from bot.kit.replies import cautions
from bot.kit.words import figure, join, moved, number, plural, points, span
from bot.metrics.activity import AdoptionBase, LifecycleWeek
from bot.metrics.figures import Metric
from bot.metrics.reviews import ReviewsResult
from bot.metrics.usage import UsageResult
from bot.metrics.weekly import DigestResult, Mover, Weekly, movers
from bot.model.asked import Asked
from bot.model.chat import Unit

BASES = {
    AdoptionBase.ROSTER: "people in the directory",
    AdoptionBase.SEATS: "seats",
    AdoptionBase.EVER_SEEN: "people ever seen",
}
_WORTH_TELLING_POINTS = 0.5
_COSTS = (Metric.COST_USD, Metric.ESTIMATED_COST_USD)


def sentences(result: DigestResult) -> list[str]:
    """The text, the headline first; a sentence without figures is left out."""
    return [
        f"{headline(result, f' in the week {span(result.week)}')}{_median(result.wau)}.",
        *(said for said in (_adoption(result), _lifecycle(result.lifecycle)) if said),
        _spending(result),
        *(said for said in (_mix(result.usage), _reviews(result.reviews)) if said),
    ]


def quality(result: DigestResult, asked: Asked) -> list[str]:
    """What is wrong with the days behind the figures, or that nothing is."""
    return cautions(result.coverage, asked) or [_quality(result)]


def headline(result: DigestResult, when: str = "") -> str:
    """`312 people used Codex, up 4% on the week before`; says so when the week is not held whole."""
    wau = result.wau
    if wau.now is None:
        return f"It cannot be told how many people used Codex{when}"
    people = plural(wau.now, "person", "people") if wau.now else "Nobody"
    return f"{people} used Codex{when}{moved(wau.change_pct, 'the week before')}"


def share(mover: Mover) -> str:
    """`CLI 52% (+3 points)`."""
    gained = mover.gained_points
    worth = f" ({points(gained)})" if abs(gained) >= _WORTH_TELLING_POINTS else ""
    return f"{mover.label} {figure(mover.share_pct, Unit.PERCENT)}{worth}"


def _median(wau: Weekly) -> str:
    if wau.median is None:
        return ""
    return f"; the median of the 4 weeks before is {number(wau.median)}"


def _adoption(result: DigestResult) -> str:
    adoption, base = result.adoption, BASES[result.adoption_base]
    if result.wau.now is not None and result.eligible is not None and result.wau.now > result.eligible:
        return outgrown(result.eligible, result.adoption_base)
    if adoption.now is None:
        return ""
    said = f"Adoption is {_percent(adoption.now)} of {number(result.eligible)} {base}"
    known = [
        f"{_percent(value)} {when}"
        for value, when in ((adoption.before, "the week before"), (adoption.median, "in the 4-week median"))
        if value is not None
    ]
    return f"{said}, after {join(known)}." if known else f"{said}."


def _lifecycle(week: LifecycleWeek | None) -> str:
    if week is None:
        return ""
    came = (
        f"{number(week.new)} new, {number(week.returning)} returning, {number(week.resurrected)} resurrected"
    )
    return f"{came}; {number(week.dormant)} of the week before went dormant."


def _spending(result: DigestResult) -> str:
    totals, used = result.usage.totals, result.credits
    if totals.credits is None:
        return "There is no data on credits."
    spent = figure(totals.number(Metric.CREDITS), Unit.CREDITS)
    said = f"{spent} credits were used{moved(used.change_pct, 'the week before')}"
    costs = [
        f"{LABELS[metric].lower().replace('usd', 'USD')}: {figure(totals.number(metric), metric.unit)}"
        for metric in _COSTS
        if totals.exact(metric) is not None
    ]
    return f"{said}; {', '.join(costs)}." if costs else f"{said}."


def _mix(usage: UsageResult) -> str:
    ranked = surfaces(usage)
    if not ranked:
        return ""
    return f"Turns by surface: {', '.join(share(one) for one in ranked[:3])}."


def surfaces(usage: UsageResult) -> tuple[Mover, ...]:
    """Surfaces with turns, the largest share first; without a week before they gained nothing."""
    total = usage.totals.turns
    gained = {one.label: one.gained_points for one in movers(usage)}
    if not total:
        return ()
    found = [
        Mover(group.label, group.figures.turns / total * 100, gained.get(group.label, 0.0))
        for group in usage.groups
        if group.figures.turns
    ]
    return tuple(sorted(found, key=lambda one: (-one.share_pct, one.label)))


def _reviews(reviews: ReviewsResult | None) -> str:
    if reviews is None or not reviews.reviews.pull_request_reviews:
        return ""
    done, answered = reviews.reviews, reviews.responses
    made = plural(done.pull_request_reviews, "review")
    said = f"Codex made {made} of pull requests, with {plural(done.comments, 'comment')}"
    if answered.engagement is None:
        return f"{said}."
    comments = f"{_percent(answered.engagement)} of {plural(answered.comments, 'comment')}"
    return f"{said}; people engaged with {comments} on pull requests merged in the week."


def _quality(result: DigestResult) -> str:
    coverage = result.coverage
    held = f"All {coverage.window.day_count} days are held"
    open_days = len(coverage.unsettled_days)
    if not open_days:
        return f"{held} and settled."
    return f"{held}; {plural(open_days, 'day')} may still change a little."


def _percent(rate: float | None) -> str:
    return figure(None if rate is None else rate * 100, Unit.PERCENT)
