"""Events and the digest: samples for the gallery."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from charts.bar_chart import Item
from charts.digest_chart import DigestChart, Mix, Tile, Trend, digest
from charts.gallery.data import (
    HOSTILE,
    SURFACES,
    Draws,
    days,
    drawn,
    items,
    many_series,
    wave,
    without,
)
from charts.timeline_chart import Event, Lane, TimelineChart, timeline

_START = datetime(2026, 10, 18, tzinfo=UTC)


def _events(count: int, step_minutes: float, first: float = 0) -> tuple[Event, ...]:
    return tuple(Event(_START + timedelta(minutes=first + at * step_minutes)) for at in range(count))


def _lanes() -> tuple[Lane, ...]:
    return (
        Lane("Prompts", (*_events(40, 11, 500), *_events(60, 1.3, 3000))),
        Lane("Tool calls", (*_events(90, 5, 510), *_events(160, 0.6, 3001))),
        Lane("Token used", _events(24, 150, 480)),
        Lane(
            "Tokens",
            (
                Event(_START + timedelta(hours=8), "created", notable=True),
                Event(_START + timedelta(hours=54), "revoked", notable=True),
            ),
        ),
        Lane("Security log", (Event(_START + timedelta(hours=51), "opened to the network", notable=True),)),
    )


def _hostile_lanes() -> tuple[Lane, ...]:
    return tuple(
        Lane(
            name,
            (Event(_START, name, notable=True), Event(_START + timedelta(minutes=at), name, notable=True)),
        )
        for at, name in enumerate(HOSTILE)
    )


def _timeline_of(title: str, subtitle: str, day_count: int, lanes: tuple[Lane, ...]) -> TimelineChart:
    return TimelineChart(title, subtitle, _START, _START + timedelta(days=day_count), lanes)


def _timeline() -> Draws:
    three_days = "Events · 18 to 20 Oct 2026 · UTC"
    many = tuple(Lane(f"type-{at}", _events(2_000, 790 / (at % 5 + 1))) for at in range(40))
    return drawn(
        timeline,
        _timeline_of("A burst of 60 prompts at night, then a revoke", three_days, 3, _lanes()),
        _timeline_of("Nothing was logged", three_days, 3, (Lane("Prompts", ()),)),
        _timeline_of("One session on 18 Oct", "Events · UTC", 1, (Lane("Prompts", _events(9, 35, 560)),)),
        _timeline_of("80,000 events of 40 types", "Three years · UTC", 1096, many),
        _timeline_of(HOSTILE[0] * 3, HOSTILE[3], 1, _hostile_lanes()),
    )


_WEEKS = days(12, 7)
_UNUSED = Trend("Active people", _WEEKS, (None,) * 12)


def _usual_week() -> DigestChart:
    tiles = (
        Tile("Active people", "312", "+14%", good=True),
        Tile("Adoption", "64%", "+3 pp", good=True),
        Tile("Credits", "83.9k", "+22%"),
    )
    wau = Trend("Active people", _WEEKS, tuple(213.0 + 9 * at - (14 if at == 7 else 0) for at in range(12)))  # noqa: PLR2004 - one weak week
    spent = Trend("Credits", _WEEKS, without(tuple(52_000.0 + 2_900 * at for at in range(12)), 4), "credits")
    mix = Mix("By surface", items(tuple(zip(SURFACES, (41.0, 33.0, 14.0, 9.0, 3.0), strict=True))), "%")
    return DigestChart(
        "312 people used Codex last week, 14% more", "Week of 12 Oct 2026 · UTC", tiles, wau, mix, spent
    )


def _first_week() -> DigestChart:
    return DigestChart(
        "First week: 18 people tried Codex",
        "Week of 12 Oct 2026 · UTC",
        (Tile("Active people", "18"),),
        Trend("Active people", _WEEKS[:1], (18.0,)),
        Mix("By surface", items(((SURFACES[0], 41.0),)), "%"),
        Trend("Credits", _WEEKS[:1], (940.0,)),
    )


def _huge_week() -> DigestChart:
    spent = Trend("Credits", days(156, 7), wave(156, 3e17))
    return DigestChart(
        "A very large company",
        "156 weeks · UTC",
        (Tile("Active people", "123,456,789", "+1,234,567%", good=True),) * 5,
        spent,
        Mix("By model", tuple(Item(one.name, one.values[0]) for one in many_series(40, 1, 1e12))),
        spent,
    )


def _hostile_week() -> DigestChart:
    return DigestChart(
        HOSTILE[4],
        HOSTILE[5],
        tuple(Tile(name, name, name, good=False) for name in HOSTILE),
        Trend(HOSTILE[0], days(3, 7), (math.nan, -4.0, 1e-9), HOSTILE[3]),
        Mix(HOSTILE[5], items(tuple((name, 3.0) for name in HOSTILE))),
        _UNUSED,
    )


def _digest() -> Draws:
    no_mix = Mix("By surface", ())
    return drawn(
        digest,
        _usual_week(),
        DigestChart("No Codex activity last week", "Week of 12 Oct 2026 · UTC", (), _UNUSED, no_mix, _UNUSED),
        _first_week(),
        _huge_week(),
        _hostile_week(),
    )


KINDS: dict[str, Callable[[], Draws]] = {"timeline": _timeline, "digest": _digest}
