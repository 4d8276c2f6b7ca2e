"""Counts raw API pages by hand and compares every fact of the views with the count.

Standard library only, as `handcount`: `urllib` for the pages, dicts and sets for the figures. Run it alone
with `python -m tests.e2e.handcount_views`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from tests.e2e.handcount import NOW, WINDOWS, Row, ask, fetch, groups, reference_server, window

DAY = timedelta(days=1)
LAST_COMPLETE = date(2026, 10, 20)
CLOSE = 1e-9
SURFACES = {
    "CODEX_CLI": "CLI",
    "CODEX_SERVICE_EXEC": "CLI",
    "CODEX_SDK_TS": "SDK and automation",
    "CODEX_GITHUB_ACTION": "SDK and automation",
    "CODEX_WEB": "Cloud",
    "CODEX_CLOUD_GENERAL_AGENT": "Cloud",
    "CODEX_SLACK": "Cloud",
    "CODEX_DESKTOP_APP": "Desktop",
    "CODEX_CHATGPT_DESKTOP": "Desktop",
    "CODEX_ATLAS": "Desktop",
    "CODEX_WORK_WEB": "ChatGPT Work",
    "CODEX_WORK_MOBILE": "ChatGPT Work",
    "CODEX_WORK_DESKTOP": "ChatGPT Work",
    "CODEX_GITHUB": "Code Review",
}
Number = Fraction | int | None
Counted = dict[str, Number]
Span = tuple[date, date]


class Held:
    """Every row of the days that the product holds, by day."""

    def __init__(self, server: dict[str, str], first: date) -> None:
        self.first = first
        end = LAST_COMPLETE + DAY
        self.usage, self.reviews, self.responses = (
            _by_day(fetch(server, path, first, end))
            for path in ("usage", "code_reviews", "code_review_responses")
        )

    def holds(self, span: Span) -> bool:
        return self.first <= span[0] and span[1] <= LAST_COMPLETE + DAY

    def rows(self, span: Span) -> list[Row]:
        return [row for day in days(span) for row in self.usage.get(day, [])]

    def people(self, span: Span) -> set[str]:
        return {row["user_id"] for row in self.rows(span) if acted(row["totals"])}

    def seen(self, end: date) -> set[str]:
        return {row["user_id"] for row in self.rows((self.first, end))}


def _by_day(rows: Iterable[Row]) -> dict[date, list[Row]]:
    found: dict[date, list[Row]] = {}
    for row in rows:
        found.setdefault(datetime.fromtimestamp(row["start_time"], UTC).date(), []).append(row)
    return found


def days(span: Span) -> list[date]:
    return [span[0] + n * DAY for n in range((span[1] - span[0]).days)]


def acted(part: Row) -> bool:
    return bool(part["turns"] or part["threads"])


def ending(day: date, count: int) -> Span:
    return day - (count - 1) * DAY, day + DAY


def earlier(span: Span) -> Span:
    return span[0] - (span[1] - span[0]), span[0]


def surface(client_id: str) -> str:
    if client_id.startswith("CODEX_IDE_"):
        return "IDE extension"
    return SURFACES.get(client_id, "Other")


def total(values: Iterable[Any]) -> Fraction | None:
    """Exact sum of what is told; None when nothing is."""
    known = [Fraction(str(value)) for value in values if value is not None]
    return sum(known, Fraction()) if known else None


def per(part: Number, whole: Number, times: int = 1) -> Fraction | None:
    return None if part is None or not whole else Fraction(part) / Fraction(whole) * times


# -- one function a view: the facts of a span --------------------------------------------------------------


def count_usage(held: Held, span: Span) -> Counted:
    rows = held.rows(span)
    cached, uncached = (
        total(row["totals"].get(f"{kind}_text_input_tokens") for row in rows)
        for kind in ("cached", "uncached")
    )
    counted: Counted = {
        name: total(row["totals"].get(name) for row in rows)
        for name in ("threads", "turns", "credits", "cost_usd", "estimated_cost_usd")
    }
    counted["tokens"] = total(row["totals"].get("text_total_tokens") for row in rows)
    counted["active_users"] = len(held.people(span))
    counted["cached_token_ratio"] = per(cached, (cached or 0) + (uncached or 0))
    counted["credits_per_active_user"] = per(counted["credits"], counted["active_users"])
    return counted


def count_client(held: Held, span: Span) -> Counted:
    """As `usage client cli`: everything is summed over the clients of that surface."""
    parts = [
        (row["user_id"], part)
        for row in held.rows(span)
        for part in row["clients"]
        if surface(part["client_id"]) == "CLI"
    ]
    names = {name: name for name in ("threads", "turns", "credits", "cost_usd", "estimated_cost_usd")}
    counted: Counted = {
        key: total(part.get(name) for _, part in parts)
        for key, name in (names | {"tokens": "text_total_tokens"}).items()
    }
    counted["active_users"] = len({user for user, part in parts if acted(part)})
    cached, uncached = (
        total(part.get(f"{kind}_text_input_tokens") for _, part in parts) for kind in ("cached", "uncached")
    )
    counted["cached_token_ratio"] = per(cached, (cached or 0) + (uncached or 0))
    counted["credits_per_active_user"] = per(counted["credits"], counted["active_users"])
    return counted


def count_activity(held: Held, span: Span) -> Counted:
    counted = count_usage(held, span)
    return {key: counted[key] for key in ("turns", "threads", "active_users")}


def count_models(held: Held, span: Span) -> Counted:
    counted = count_usage(held, span)
    models = [part for row in held.rows(span) for part in row["models"] or []]
    fast = total(part["credits"] for part in models if part.get("speed") == "fast")
    shares = {"fast_share": per(fast, counted["credits"], 100)}
    return shares | {key: counted[key] for key in ("credits", "tokens", "cached_token_ratio")}


def count_reviews(held: Held, span: Span) -> Counted:
    done = [row for day in days(span) for row in held.reviews.get(day, [])]
    answered = [row for day in days(span) for row in held.responses.get(day, [])]

    def sums(rows: list[Row], *path: str) -> int:
        return sum(_at(row, path) for row in rows)

    p0, p1, p2 = (sums(done, "comment_details", name) for name in ("p0", "p1", "p2"))
    comments, merged = sums(done, "comments"), sums(answered, "comments")
    up, down = (sums(answered, "comment_response_details", name) for name in ("upvoted", "downvoted"))
    counted: Counted = {
        "reviews": sums(done, "pull_request_reviews"),
        "comments": comments,
        "comments_p0": p0,
        "comments_p1": p1,
        "comments_p2": p2,
        "comments_other": comments - p0 - p1 - p2,
        "review_density": per(comments, sums(done, "pull_request_reviews")),
        "review_severity": per(p0 + p1, p0 + p1 + p2),
        "merged_comments": merged,
        "replies": sums(answered, "replies"),
        "reactions": sums(answered, "reactions"),
        "review_engagement": per(sums(answered, "comment_response_details", "engaged"), merged, 100),
        "reply_rate": per(sums(answered, "comment_response_details", "replied"), merged, 100),
        "positive_reaction_rate": per(up, up + down, 100) if up + down >= 10 else None,
    }
    return counted


def _at(row: Row, path: tuple[str, ...]) -> int:
    value: Any = row
    for name in path:
        value = value[name]
    return int(value)


def count_adoption(held: Held, span: Span) -> Counted:
    last = span[1] - DAY
    wau = len(held.people(ending(last, 7)))
    steps = _lifecycle(held, span)
    return {
        "active_users": len(held.people(span)),
        "wau": wau,
        "mau28": len(held.people(ending(last, 28))),
        "dau": len(held.people(ending(last, 1))),
        "adoption_rate": per(wau, len(held.seen(span[1])), 100),
        "stickiness": _stickiness(held, ending(last, 28), range(7)),
        "stickiness_working_days": _stickiness(held, ending(last, 28), range(5)),
        **steps,
    }


def _stickiness(held: Held, month: Span, weekdays: range) -> Fraction | None:
    counted = [day for day in days(month) if day.weekday() in weekdays]
    person_days = sum(len(held.people(ending(day, 1))) for day in counted)
    return per(person_days, len(counted) * len(held.people(month)))


def _lifecycle(held: Held, span: Span) -> Counted:
    """Of the last whole week."""
    monday = span[1] - timedelta(days=span[1].weekday() + 7)
    if monday < span[0]:
        return dict.fromkeys(("new", "returning", "resurrected", "dormant"))
    week = (monday, monday + 7 * DAY)
    now, before = held.people(week), held.people(earlier(week))
    ever = held.people((held.first, monday))
    return {
        "new": len(now - ever),
        "returning": len(now & before),
        "resurrected": len((now & ever) - before),
        "dormant": len(before - now),
    }


def count_retention(held: Held, span: Span) -> Counted:
    weeks = _weeks(span)
    first: dict[str, date] = {}
    for day in days((held.first, span[1])):
        for user in held.people(ending(day, 1)):
            first.setdefault(user, day - timedelta(days=day.weekday()))
    began = {
        week: {u for u, m in first.items() if m == week} for week in weeks if held.first <= week - 7 * DAY
    }
    people = sum(map(len, began.values())) if began else None
    counted: Counted = {"cohort_people": people, "cohorts": len(began)}
    for age in (1, 4, 8):
        pairs = [
            (len(members & held.people((week + 7 * age * DAY, week + 7 * (age + 1) * DAY))), len(members))
            for week, members in began.items()
            if week + 7 * age * DAY in weeks
        ]
        counted[f"retention_week_{age}"] = per(sum(a for a, _ in pairs), sum(b for _, b in pairs), 100)
    return counted


def _weeks(span: Span) -> list[date]:
    first = span[0] + timedelta(days=-span[0].weekday() % 7)
    return [m for m in (first + timedelta(weeks=n) for n in range(60)) if m + 7 * DAY <= span[1]]


def count_distribution(held: Held, span: Span) -> Counted:
    used: dict[str, Fraction] = {}
    for row in held.rows(span):
        used[row["user_id"]] = used.get(row["user_id"], Fraction()) + Fraction(str(row["totals"]["credits"]))
    active = held.people(span)
    amounts = sorted(amount for user, amount in used.items() if amount or user in active)
    n, whole = len(amounts), sum(amounts)
    top = amounts[n - -(-n // 10) :]
    apart = sum(abs(one - other) for one in amounts for other in amounts)
    return {
        "people": n,
        "top_10_share": per(sum(top), whole, 100),
        "gini": per(apart, 2 * n * whole),
        **_segments(held, span[1] - DAY),
    }


def _segments(held: Held, as_of: date) -> Counted:
    names = ("power", "habitual", "novice", "low", "non")
    sunday = as_of - timedelta(days=(as_of.weekday() + 1) % 7)
    span = (sunday + DAY - timedelta(weeks=12), sunday + DAY)
    if not held.holds(span):
        return {f"segment_{name}": None for name in names}
    turns: dict[str, int] = {}
    for row in held.rows(span):
        turns[row["user_id"]] = turns.get(row["user_id"], 0) + row["totals"]["turns"]
    weekly = [
        held.people((span[0] + timedelta(weeks=n), span[0] + timedelta(weeks=n + 1))) for n in range(12)
    ]
    counts = dict.fromkeys(names, 0)
    for user in held.seen(span[1]):
        weeks = sum(user in week for week in weekly)
        counts[_segment(weeks, Fraction(turns.get(user, 0), 12))] += 1
    return {f"segment_{name}": count for name, count in counts.items()}


def _segment(weeks: int, turns_a_week: Fraction) -> str:
    if weeks >= 9:
        return "power" if turns_a_week >= 15 else "habitual"
    if turns_a_week >= 1:
        return "novice"
    return "low" if weeks else "non"


VIEWS: dict[str, Callable[[Held, Span], Counted]] = {
    "usage {}": count_usage,
    "usage {} client cli": count_client,
    "activity {}": count_activity,
    "models {}": count_models,
    "reviews {}": count_reviews,
    "adoption {}": count_adoption,
    "retention {}": count_retention,
    "distribution {}": count_distribution,
}
OWN_CHANGE = (
    "wau",
    "mau28",
    "dau",
    "stickiness",
    "new",
    "returning",
    "resurrected",
    "dormant",
    "segment",
    "adoption",
)
"""Compared with other days than the window before: checked by value alone here."""


# -- comparing ---------------------------------------------------------------------------------------------


def differences(text: str, reply: Row, now: Counted, before: Counted | None) -> Iterator[str]:
    """Every fact that is not the count, that was not counted, or whose change is another one."""
    for fact in reply["facts"]:
        key = fact["key"]
        if key not in now:
            yield f"{text}: {key} was not counted"
        elif not close(fact["number"], now[key]):
            yield f"{text}: {key} told {fact['number']}, counted {now[key]}"
        elif not key.startswith(OWN_CHANGE) and not close(fact["change_pct"], changed(now, before, key)):
            yield f"{text}: {key} changed {fact['change_pct']}, counted {changed(now, before, key)}"


def changed(now: Counted, before: Counted | None, key: str) -> Number:
    if before and key == "cohort_people" and now["cohorts"] != before["cohorts"]:
        return None
    value, then = now[key], before[key] if before else None
    return None if value is None or not then else per(Fraction(value) - Fraction(then), then, 100)


def close(told: float | None, counted: Number) -> bool:
    if told is None or counted is None:
        return told is None and counted is None
    return abs(told - float(counted)) <= CLOSE * max(1.0, abs(float(counted)))


def check_tables(held: Held, text: str, span: Span, asked: Callable[[str], Row]) -> Iterator[str]:
    """Tables by client, model and surface against sums per group."""
    rows = held.rows(span)
    for command, by, key in ((f"activity {text}", "client", "turns"), (f"models {text}", "model", "credits")):
        expected = sorted(
            total(part[key] for row in rows for part in row[f"{by}s"] or [] if part[_name(by)] == group) or 0
            for group in groups(rows, by)
        )
        told = sorted(r[key] for r in dicts(asked(command)) if r[by] != "Not broken down")
        if len(told) != len(expected) or not all(map(close, told, expected)):
            yield f"{command}: {told} told, {[float(e) for e in expected]} counted"
    people: dict[str, set[str]] = {}
    for row in rows:
        for part in row["clients"]:
            people.setdefault(surface(part["client_id"]), set()).update(
                [row["user_id"]] if acted(part) else []
            )
    found = {r["surface"]: r["active_users"] for r in dicts(asked(f"adoption {text}"))}
    untold = "Code Review (not reported by the API)"
    counts: dict[str, int | None] = {name: len(users) for name, users in people.items()}
    if found != counts | ({} if "Code Review" in counts else {untold: None}):
        yield f"adoption {text}: surfaces {found} told, {counts} counted"


def _name(by: str) -> str:
    return "client_id" if by == "client" else by


def dicts(reply: Row) -> list[Row]:
    keys = [column["key"] for column in reply["table"]["columns"]]
    return [dict(zip(keys, row, strict=True)) for row in reply["table"]["rows"]]


def check_comparison(held: Held, first: str, second: str, asked: Callable[[str], Row]) -> Iterator[str]:
    """`compare`: sums, and per day when the windows are unequal."""
    spans = window(first), window(second)
    now, before = (count_usage(held, span) for span in spans)
    lengths = [len(days(span)) for span in spans]
    equal = lengths[0] == lengths[1]
    reply = asked(f"compare {first} vs {second}")
    counted = {key: now[key] for key in now if "_per_" not in key and key != "cached_token_ratio"}
    counted["credits_before"] = before["credits"]
    daily = [per(side["credits"], length) for side, length in zip((now, before), lengths, strict=True)]
    if not equal:
        counted |= {"credits_per_day": daily[0], "credits_per_day_before": daily[1]}
    yield from differences(f"compare {first} vs {second}", _without_changes(reply), counted, None)
    facts = {fact["key"]: fact["change_pct"] for fact in reply["facts"]}
    expected = changed(now, before, "credits") if equal else changed({"x": daily[0]}, {"x": daily[1]}, "x")
    if not close(facts["credits" if equal else "credits_per_day"], expected):
        yield f"compare {first} vs {second}: change {facts}, counted {expected}"


def _without_changes(reply: Row) -> Row:
    return {**reply, "facts": [{**fact, "change_pct": None} for fact in reply["facts"]]}


def compare(server: dict[str, str], folder: Path) -> list[str]:
    """All differences between what is told and what is counted; empty when all is right."""
    synced(server, folder)
    first = min(date.fromisoformat(path.name[4:]) for path in (folder / "lake" / "usage").glob("day=*"))
    held = Held(server, first)

    @cache
    def asked(text: str) -> Row:
        return ask(server, folder, text)

    wrong: list[str] = []
    for text in WINDOWS:
        span = window(text)
        for pattern, counted in VIEWS.items():
            whole = held.holds(span) and held.holds(earlier(span))
            before = counted(held, earlier(span)) if whole else None
            command = pattern.format(text)
            wrong += differences(command, asked(command), counted(held, span), before)
        wrong += check_tables(held, text, span, asked)
    wrong += check_comparison(held, "7d", "2026-09-14..2026-10-04", asked)
    return [*wrong, *check_comparison(held, "7d", "2026-10-07..2026-10-13", asked)]


def synced(server: dict[str, str], folder: Path) -> None:
    """All that the API still has, as a new installation pulls it."""
    environment = {
        **os.environ,
        **server,
        "PULSE_NOW": NOW,
        "PULSE_LAKE_URL": str(folder / "lake"),
        "PULSE_STATE_URL": f"sqlite+aiosqlite:///{folder / 'state.db'}",
    }
    command = [sys.executable, "-m", "bot", "sync"]
    subprocess.run(command, check=True, capture_output=True, env=environment)


def main() -> int:
    """Print each difference, or that all agreed."""
    with reference_server() as server, tempfile.TemporaryDirectory() as folder:
        wrong = compare(server, Path(folder))
    sys.stdout.write(
        "\n".join(wrong or [f"all figures of {len(WINDOWS) * len(VIEWS) + 2} answers agree"]) + "\n"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
