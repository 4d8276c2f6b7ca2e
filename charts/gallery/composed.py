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


def _timeline() -> Draws:
    start = datetime(2026, 10, 18, tzinfo=UTC)

    def events(count: int, step_minutes: float, first: float = 0) -> tuple[Event, ...]:
        return tuple(Event(start + timedelta(minutes=first + at * step_minutes)) for at in range(count))

    lanes = (
        Lane("Prompts", (*events(40, 11, 500), *events(60, 1.3, 3000))),
        Lane("Tool calls", (*events(90, 5, 510), *events(160, 0.6, 3001))),
        Lane("Token used", events(24, 150, 480)),
        Lane(
            "Tokens",
            (
                Event(start + timedelta(hours=8), "created", notable=True),
                Event(start + timedelta(hours=54), "revoked", notable=True),
            ),
        ),
        Lane("Security log", (Event(start + timedelta(hours=51), "opened to the network", notable=True),)),
    )
    many = tuple(Lane(f"type-{at}", events(2_000, 790 / (at % 5 + 1))) for at in range(40))
    bad = tuple(
        Lane(
            name, (Event(start, name, notable=True), Event(start + timedelta(minutes=at), name, notable=True))
        )
        for at, name in enumerate(HOSTILE)
    )
    return drawn(
        timeline,
        TimelineChart(
            "A burst of 60 prompts at night, then a revoke",
            "Events · 18 to 20 Oct 2026 · UTC",
            start,
            start + timedelta(days=3),
            lanes,
        ),
        TimelineChart(
            "Nothing was logged",
            "Events · 18 to 20 Oct 2026 · UTC",
            start,
            start + timedelta(days=3),
            (Lane("Prompts", ()),),
        ),
        TimelineChart(
            "One session on 18 Oct",
            "Events · UTC",
            start,
            start + timedelta(days=1),
            (Lane("Prompts", events(9, 35, 560)),),
        ),
        TimelineChart(
            "80,000 events of 40 types", "Three years · UTC", start, start + timedelta(days=1096), many
        ),
        TimelineChart(HOSTILE[0] * 3, HOSTILE[3], start, start + timedelta(days=1), bad),
    )


def _digest() -> Draws:
    tiles = (
        Tile("Active people", "312", "+14%", good=True),
        Tile("Adoption", "64%", "+3 pp", good=True),
        Tile("Credits", "83.9k", "+22%"),
    )
    weeks = days(12, 7)
    wau = Trend("Active people", weeks, tuple(213.0 + 9 * at - (14 if at == 7 else 0) for at in range(12)))  # noqa: PLR2004 - one weak week
    spent = Trend("Credits", weeks, without(tuple(52_000.0 + 2_900 * at for at in range(12)), 4), "credits")
    mix = Mix("By surface", items(tuple(zip(SURFACES, (41.0, 33.0, 14.0, 9.0, 3.0), strict=True))), "%")
    none = Trend("Active people", weeks, (None,) * 12)
    huge = Trend("Credits", days(156, 7), wave(156, 3e17))
    bad = Trend(HOSTILE[0], days(3, 7), (math.nan, -4.0, 1e-9), HOSTILE[3])
    return drawn(
        digest,
        DigestChart(
            "312 people used Codex last week, 14% more", "Week of 12 Oct 2026 · UTC", tiles, wau, mix, spent
        ),
        DigestChart(
            "No Codex activity last week", "Week of 12 Oct 2026 · UTC", (), none, Mix("By surface", ()), none
        ),
        DigestChart(
            "First week: 18 people tried Codex",
            "Week of 12 Oct 2026 · UTC",
            (Tile("Active people", "18"),),
            Trend("Active people", weeks[:1], (18.0,)),
            Mix("By surface", mix.items[:1], "%"),
            Trend("Credits", weeks[:1], (940.0,)),
        ),
        DigestChart(
            "A very large company",
            "156 weeks · UTC",
            (Tile("Active people", "123,456,789", "+1,234,567%", good=True),) * 5,
            huge,
            Mix("By model", tuple(Item(one.name, one.values[0]) for one in many_series(40, 1, 1e12))),
            huge,
        ),
        DigestChart(
            HOSTILE[4],
            HOSTILE[5],
            tuple(Tile(name, name, name, good=False) for name in HOSTILE),
            bad,
            Mix(HOSTILE[5], items(tuple((name, 3.0) for name in HOSTILE))),
            none,
        ),
    )


KINDS: dict[str, Callable[[], Draws]] = {"timeline": _timeline, "digest": _digest}
