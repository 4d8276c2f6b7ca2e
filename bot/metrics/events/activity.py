"""Sums of a subject's events: in all, by surface, by model and effort, by day and lane, by person."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from bot.metrics.events.lanes import TOOL_CALLS, Lane, is_denied, is_error, lane
from bot.model.timerange import TimeRange

if TYPE_CHECKING:
    import ibis

PEOPLE_MAX: Final = 100
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
KIND: Final = ("type", "event_type", "action")
GROUPS: Final = ("day", *KIND, "client_id", "model", "reasoning_effort")
TOKENS: Final = ("input_tokens", "cached_input_tokens", "output_tokens", "reasoning_output_tokens")
Match = Callable[["ibis.Table"], Any]
"""Which rows belong to the subject."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class EventSums:
    """Counts of events. Tokens are those of responses, None when no response told any.

    `input_tokens` includes `cached_input_tokens`; `responses_with_tokens` of `responses` told theirs.
    """

    events: int = 0
    prompts: int = 0
    responses: int = 0
    tool_calls: int = 0
    errors: int = 0
    denied: int = 0
    responses_with_tokens: int = 0
    input_tokens: int | None = None
    cached_input_tokens: int | None = None
    output_tokens: int | None = None
    reasoning_output_tokens: int | None = None

    def plus(self, other: EventSums) -> EventSums:
        """Both; unknown and unknown stays unknown."""
        both = {f.name: _plus(getattr(self, f.name), getattr(other, f.name)) for f in fields(EventSums)}
        return EventSums(**both)  # type: ignore[arg-type]  # counts are never None


@dataclass(frozen=True, slots=True)
class Part:
    """The share of one surface (`key` a client id), or of one model at one effort. None is "not said"."""

    key: str | None
    effort: str | None
    sums: EventSums


@dataclass(frozen=True, slots=True)
class Person:
    """Who acted: a user, or the redacted or other id of an actor that is no user. Times are UTC."""

    user_id: str | None
    actor_id: str | None
    actor_type: str | None
    events: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class DayCounts:
    """Events of a UTC day by lane, zeros included; `counts` is None for a day that was not read."""

    day: date
    counts: tuple[tuple[Lane, int], ...] | None


@dataclass(frozen=True, slots=True)
class Activity:
    """All about a subject in a window. Parts: most events first, then by name. People: the 100 busiest."""

    totals: EventSums
    first_at: datetime | None
    last_at: datetime | None
    surfaces: tuple[Part, ...]
    models: tuple[Part, ...]
    timeline: tuple[DayCounts, ...]
    people: tuple[Person, ...]
    people_count: int


def activity_rows(table: ibis.Table, match: Match) -> ibis.Expr:
    """One row per day, kind of event, client, model and effort, with sums and the first and last instant.

    Kept plain: translating a longer expression takes longer than the query (benchmarks/bench_events.py).
    """
    rows: Any = table.filter(match(table))
    rows = rows.select(*GROUPS, *TOKENS, "timestamp", error=is_error(rows), stopped=is_denied(rows))
    return rows.group_by(GROUPS).aggregate(
        **{name: rows[name].sum() for name in TOKENS},
        events=rows.count(),
        errors=rows.error.sum(),
        denied=rows.stopped.sum(),
        with_tokens=rows.input_tokens.count(),
        first=rows.timestamp.min(),
        last=rows.timestamp.max(),
    )


def people_rows(table: ibis.Table, match: Match) -> ibis.Expr:
    """One row per actor, the busiest first, with the count of all actors on each."""
    rows: Any = table.filter(match(table))
    grouped = rows.group_by(["user_id", "actor_id", "actor_type"]).aggregate(
        events=rows.count(), first=rows.timestamp.min(), last=rows.timestamp.max()
    )
    ranked = grouped.mutate(people=grouped.count().over())
    return ranked.order_by([ranked.events.desc(), ranked.user_id, ranked.actor_id]).limit(PEOPLE_MAX)


def activity(window: TimeRange, read: frozenset[date], rows: list[Row], people: list[Row]) -> Activity:
    """Puts the results together; `read` are the days of the window that were read."""
    return Activity(
        _added(rows),
        at(min((row["first"] for row in rows), default=None)),
        at(max((row["last"] for row in rows), default=None)),
        _parts(rows, lambda row: (row["client_id"], None)),
        _parts(_with_model(rows), lambda row: (row["model"], row["reasoning_effort"])),
        tuple(_day(day, rows if day in read else None) for day in window.days()),
        tuple(_person(row) for row in people),
        people[0]["people"] if people else 0,
    )


def at(micros: int | None) -> datetime | None:
    """The UTC instant of microseconds since 1970."""
    return None if micros is None else EPOCH + timedelta(microseconds=micros)


def _added(rows: Iterable[Row]) -> EventSums:
    total = EventSums()
    for row in rows:
        total = total.plus(_sums(row))
    return total


def _sums(row: Row) -> EventSums:
    events, kind = row["events"], _lane(row)
    plain = EventSums(
        events=events,
        prompts=events if kind is Lane.PROMPTS else 0,
        tool_calls=events if row["event_type"] in TOOL_CALLS else 0,
        errors=int(row["errors"]),
        denied=int(row["denied"]),
    )
    if kind is not Lane.RESPONSES:
        return plain
    tokens: dict[str, Any] = {name: None if row[name] is None else int(row[name]) for name in TOKENS}
    return replace(plain, responses=events, responses_with_tokens=row["with_tokens"], **tokens)


def _lane(row: Row) -> Lane:
    return lane(row["type"], row["event_type"], row["action"])


def _plus(a: int | None, b: int | None) -> int | None:
    return b if a is None else a if b is None else a + b


def _with_model(rows: list[Row]) -> list[Row]:
    """Responses, which alone tell the effort; where none is held, whatever names a model."""
    named = [row for row in rows if row["model"]]
    return [row for row in named if _lane(row) is Lane.RESPONSES] or named


def _parts(rows: list[Row], key: Callable[[Row], tuple[str | None, str | None]]) -> tuple[Part, ...]:
    groups: dict[tuple[str | None, str | None], list[Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    parts = [Part(name, effort, _added(found)) for (name, effort), found in groups.items()]
    return tuple(sorted(parts, key=lambda part: (-part.sums.events, part.key or "", part.effort or "")))


def _day(day: date, rows: list[Row] | None) -> DayCounts:
    if rows is None:
        return DayCounts(day, None)
    counts = dict.fromkeys(Lane, 0)
    for row in rows:
        if row["day"] == day:
            counts[_lane(row)] += row["events"]
    return DayCounts(day, tuple(counts.items()))


def _person(row: Row) -> Person:
    first, last = at(row["first"]) or EPOCH, at(row["last"]) or EPOCH
    return Person(row["user_id"], row["actor_id"], row["actor_type"], row["events"], first, last)
