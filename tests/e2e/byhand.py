"""What each command must tell of raw rows, counted with dicts and sets: the standard library alone.

Every function takes rows of `/usage` (90 days of them) or of the review endpoints and a half-open window of
days, and gives figures by their key. Ratios are exact fractions.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

Row = dict[str, Any]
Window = tuple[date, date]
Figures = dict[str, Any]

SUMMED = {
    "threads": "threads",
    "turns": "turns",
    "credits": "credits",
    "cost_usd": "cost_usd",
    "estimated_cost_usd": "estimated_cost_usd",
    "tokens": "text_total_tokens",
}
DAY = timedelta(days=1)


def day_of(row: Row) -> date:
    """The UTC day of a row."""
    return datetime.fromtimestamp(row["start_time"], UTC).date()


def within(rows: Iterable[Row], window: Window) -> list[Row]:
    """The rows of a window's days."""
    return [row for row in rows if window[0] <= day_of(row) < window[1]]


def before(window: Window) -> Window:
    """As many days just before."""
    return window[0] - (window[1] - window[0]), window[0]


def ending(last: date, days: int) -> Window:
    """`days` days up to and with `last`."""
    return last - (days - 1) * DAY, last + DAY


def active(rows: Iterable[Row], window: Window) -> set[str]:
    """Who had a turn or a thread."""
    return {
        row["user_id"]
        for row in within(rows, window)
        if row["totals"]["threads"] > 0 or row["totals"]["turns"] > 0
    }


def sums(parts: Iterable[Row]) -> Figures:
    """Exact sums of what is told; None where nothing is."""
    parts = list(parts)
    return {key: added(part.get(field) for part in parts) for key, field in SUMMED.items()}


def added(values: Iterable[Any]) -> Decimal | None:
    """Exact sum of what is there; None when nothing is."""
    known = [Decimal(str(value)) for value in values if value is not None]
    return sum(known, Decimal()) if known else None


def totals(rows: list[Row], window: Window) -> Figures:
    """Sums over people and the number of active ones."""
    found = sums(row["totals"] for row in within(rows, window))
    return {**found, "active_users": len(active(rows, window))}


def adoption(rows: list[Row], window: Window, eligible: int) -> Figures:
    """People of a day, 7 days and 28 days, each ending with the window's last day."""
    last = window[1] - DAY
    month = ending(last, 28)
    days = [month[0] + n * DAY for n in range(28)]
    working = [day for day in days if day.weekday() < 5]  # Saturday
    monthly, weekly = len(active(rows, month)), len(active(rows, ending(last, 7)))

    def sticky(of: list[date]) -> Fraction:
        return Fraction(sum(len(active(rows, (day, day + DAY))) for day in of), len(of) * monthly)

    return {
        "active_users": len(active(rows, window)),
        "dau": len(active(rows, ending(last, 1))),
        "wau": weekly,
        "mau28": monthly,
        "adoption_rate": Fraction(100 * weekly, eligible),
        "stickiness": sticky(days),
        "stickiness_working_days": sticky(working),
    }


def reviews(done: list[Row], answered: list[Row], window: Window) -> Figures:
    """The two endpoints side by side; rates stay within their own."""
    did, said = within(done, window), within(answered, window)
    p0, p1, p2 = (sum(row["comment_details"][name] for row in did) for name in ("p0", "p1", "p2"))
    count, comments = (sum(row[name] for row in did) for name in ("pull_request_reviews", "comments"))
    merged = sum(row["comments"] for row in said)
    details = {
        name: sum(row["comment_response_details"][name] for row in said)
        for name in ("engaged", "replied", "upvoted", "downvoted")
    }
    return {
        "reviews": count,
        "comments": comments,
        "comments_p0": p0,
        "comments_p1": p1,
        "comments_p2": p2,
        "comments_other": comments - p0 - p1 - p2,
        "review_density": Fraction(comments, count),
        "review_severity": Fraction(p0 + p1, p0 + p1 + p2),
        "merged_comments": merged,
        "replies": sum(row["replies"] for row in said),
        "reactions": sum(row["reactions"] for row in said),
        "review_engagement": Fraction(100 * details["engaged"], merged),
        "reply_rate": Fraction(100 * details["replied"], merged),
        "positive_reaction_rate": Fraction(
            100 * details["upvoted"], details["upvoted"] + details["downvoted"]
        ),
    }


def person(rows: list[Row], user_id: str, window: Window) -> Figures:
    """One person's sums, active days and streaks up to the window's last day."""
    own = [row for row in rows if row["user_id"] == user_id]
    days = {day_of(row) for row in own if row["totals"]["threads"] > 0 or row["totals"]["turns"] > 0}
    return {
        **sums(row["totals"] for row in within(own, window)),
        "active_days": sum(1 for day in days if window[0] <= day < window[1]),
        "streak": streak(days, window[1] - DAY),
        "streak_working_days": streak(days, window[1] - DAY, working=True),
    }


def streak(days: set[date], last: date, *, working: bool = False) -> int:
    """Active days without a break up to and with `last`; with `working`, weekends do not matter."""
    found = 0
    while last in days or (working and last.weekday() >= 5):  # Saturday
        found += not (working and last.weekday() >= 5)  # the same
        last -= DAY
    return found


def ranking(rows: list[Row], window: Window, key: str, clients: frozenset[str] = frozenset()) -> list[Any]:
    """Pairs of user id and figure above zero, most first and equal ones by id; through `clients` if given."""
    found: dict[str, Decimal] = {}
    for row in within(rows, window):
        parts = [c for c in row["clients"] if c["client_id"] in clients] if clients else [row["totals"]]
        more = added(part.get(SUMMED[key]) for part in parts)
        if more is not None:
            found[row["user_id"]] = found.get(row["user_id"], Decimal()) + more
    return sorted(((user, n) for user, n in found.items() if n > 0), key=lambda pair: (-pair[1], pair[0]))


def emails(rows: list[Row]) -> dict[str, str]:
    """The newest address told for each user id."""
    return {row["user_id"]: row["actor"]["email"] for row in rows if row["actor"].get("email")}


def by_team(rows: list[Row], window: Window, team_of: dict[str, str]) -> dict[str, Figures]:
    """Sums and active people per team of user ids; nobody's team is "No team"."""
    found: dict[str, list[Row]] = {team: [] for team in team_of.values()}
    for row in within(rows, window):
        found.setdefault(team_of.get(row["user_id"], "No team"), []).append(row)
    return {team: totals(own, window) for team, own in found.items()}
