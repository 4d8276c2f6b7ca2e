"""Code reviews of the workspace: a few trials, then a roll-out from March 2026."""

from __future__ import annotations

import math
from datetime import date

from bot.reference import rhythm
from bot.reference.chance import Topic, uniforms
from bot.reference.restatement import SETTLED_STAGE, Moment
from bot.reference.rows import Period, Row

ROLL_OUT = date(2026, 3, 2).toordinal()
_TRIAL_CHANCE = 0.15
_RAMP_DAYS = 45
_REVIEWS_PER_PERSON = 0.3
Reviews = dict[str, int]


def reviews_of(seed: int, users: int, ordinal: int, moment: Moment) -> Reviews:
    """Count reviews and comments by priority on a day; all zero when there was none."""
    u = uniforms((seed, Topic.REVIEWS, ordinal), 5)
    known = _known(moment)
    reviews = int(_expected(users, ordinal, float(u[0])) * (0.75 + 0.5 * u[1]) * known)
    comments = int(reviews * (1.1 + 0.9 * u[2]))
    p0, p1 = int(comments * 0.09 * u[3] + u[4] * 0.9), int(comments * (0.25 + 0.15 * u[4]))
    p0, p1 = min(p0, comments), min(p1, max(comments - p0, 0))
    # Some comments carry no priority.
    p2 = int((comments - p0 - p1) * 0.94)
    return {"pull_request_reviews": reviews, "comments": comments, "p0": p0, "p1": p1, "p2": p2}


def responses_of(seed: int, users: int, ordinal: int, moment: Moment) -> Reviews:
    """Count replies and reactions for pull requests merged on a day: another base than ``reviews_of``."""
    u = uniforms((seed, Topic.REVIEWS, ordinal, 1), 9)
    known = _known(moment)
    reviews = int(_expected(users, ordinal, float(u[0])) * (0.45 + 0.4 * u[1]) * known)
    comments = int(reviews * (1.1 + 0.8 * u[2]))
    reacted, replied = int(comments * (0.3 + 0.2 * u[3])), int(comments * (0.15 + 0.2 * u[4]))
    engaged = min(comments, max(reacted, replied) + int(min(reacted, replied) * u[5]))
    upvoted, downvoted = int(reacted * (0.65 + 0.2 * u[6])), int(reacted * 0.25 * u[7])
    other = max(reacted - upvoted - downvoted, 0)
    upvotes, downvotes, others = upvoted + int(upvoted * 0.4 * u[8]), downvoted + int(downvoted * 0.3), other
    return {
        "pull_request_reviews": reviews, "comments": comments, "replies": replied + int(replied * 0.5 * u[8]),
        "engaged": engaged, "reacted": reacted, "upvoted": upvoted, "downvoted": downvoted,
        "reacted_other": other, "replied": replied,
        "upvotes": upvotes, "downvotes": downvotes, "other": others,
    }  # fmt: skip


def review_row(period: Period, counts: Reviews) -> Row:
    """Write a `code_reviews` row."""
    return {
        "object": "workspace.codex.usage.code_reviews.result",
        **period.seconds(),
        **_taken(counts, "pull_request_reviews", "comments"),
        "comment_details": _taken(counts, "p0", "p1", "p2"),
    }


def response_row(period: Period, counts: Reviews) -> Row:
    """Write a `code_review_responses` row."""
    return {
        "object": "workspace.codex.usage.code_review_responses.result",
        **period.seconds(),
        **_taken(counts, "pull_request_reviews", "comments", "replies"),
        "reactions": counts["upvotes"] + counts["downvotes"] + counts["other"],
        "comment_response_details": _taken(
            counts, "engaged", "reacted", "upvoted", "downvoted", "reacted_other", "replied"
        ),
        "reaction_details": _taken(counts, "upvotes", "downvotes", "other"),
    }


def _taken(counts: Reviews, *names: str) -> Reviews:
    return {name: counts[name] for name in names}


def _expected(users: int, ordinal: int, u: float) -> float:
    if ordinal < rhythm.FIRST:
        return 0.0
    if ordinal < ROLL_OUT:
        return 2.0 if u < _TRIAL_CHANCE * rhythm.level(date.fromordinal(ordinal)) else 0.0
    ramp = 1 / (1 + math.exp((_RAMP_DAYS - (ordinal - ROLL_OUT)) / 14))
    return users * _REVIEWS_PER_PERSON * ramp * rhythm.level(date.fromordinal(ordinal))


def _known(moment: Moment) -> float:
    """Share of the day's counts that has arrived: part of today, then a last tenth over four days."""
    share = min(max(moment.hours - 6, 0) / 18, 1.0)
    return share * (1 - 0.1 * (1 - moment.stage / SETTLED_STAGE))
