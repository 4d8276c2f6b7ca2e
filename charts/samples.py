"""Sample data of gallery and tests: each chart with typical, empty, single-day, huge and hostile data."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TypeVar

from matplotlib.figure import Figure

from charts import dates
from charts.anomaly_chart import AnomalyChart, anomaly
from charts.bar_chart import BarChart, Item, bars
from charts.calendar_chart import CalendarHeatmap, heatmap
from charts.cohort_chart import Cohort, CohortChart, cohorts
from charts.column_chart import ColumnChart, columns
from charts.compare_chart import CompareChart, Pair, dumbbell
from charts.dates import Period
from charts.digest_chart import DigestChart, Mix, Tile, Trend, digest
from charts.forecast_chart import ForecastChart, forecast
from charts.histogram_chart import Histogram, histogram
from charts.interval_chart import IntervalChart, Rate, interval
from charts.lifecycle_chart import Lifecycle, LifecycleChart, lifecycle
from charts.line_chart import LineChart, line
from charts.lorenz_chart import LorenzChart, lorenz
from charts.series import Series
from charts.stacked_chart import StackedChart, stacked
from charts.timeline_chart import Event, Lane, TimelineChart, timeline

Chart = TypeVar("Chart")
Draws = tuple[Callable[[], Figure], ...]

CASES = ("typical", "empty", "single day", "huge", "hostile")

LAST = date(2026, 10, 20)
SUBTITLE = "21 Sep to 20 Oct 2026 · UTC"
EMPTY_TITLE = "No Codex activity between 21 Sep and 20 Oct"
SURFACES = ("CLI", "IDE extension", "Cloud", "Desktop app", "Code review")
# Markup, maths, bidi overrides, controls, combining marks, emoji, CJK, and names without an end.
HOSTILE = (
    "$\\frac{1}{0}$ <!channel> & <b>bold</b> %s {0}",
    "\u202egnirts desrever\u202c and \x00\x07\x1b[31mcontrols",
    "Z\u0351\u036b\u0343\u036aa\u0322\u0328l\u0321go \u200b\u200d\ufeffinvisible",
    "👩‍💻🚀 team 漢字 かな 한글 ไทย",
    "W" * 5_000,
    "Line one\nLine two\r\n\tTabbed" + " lorem ipsum" * 60,
    "عربى עברית Ελληνικά Кириллица",
    "",
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture of the gallery."""

    kind: str
    case: str
    draw: Callable[[], Figure]


def days(count: int, step_days: int = 1) -> tuple[date, ...]:
    """`count` days ending with the gallery's last complete day."""
    return tuple(LAST - timedelta(days=step_days * back) for back in reversed(range(count)))


def wave(count: int, level: float, seed: int = 0) -> tuple[float, ...]:
    """Whole numbers with a weekday rhythm, growth and a repeatable wobble; never below zero."""
    every = zip(range(count), days(count), strict=True)
    return tuple(
        float(max(0, round(level * (1.0 if day.weekday() < 5 else 0.3) * (1 + at / count / 3)  # noqa: PLR2004 - Saturday
        * (1 + 0.08 * math.sin(at * 1.7 + seed)))))
        for at, day in every
    )  # fmt: skip


def without(values: tuple[float, ...], *missing: int) -> tuple[float | None, ...]:
    """`values` with None at the places `missing`."""
    return tuple(None if at in missing else value for at, value in enumerate(values))


def hostile_series(count: int, level: float = 50) -> tuple[Series, ...]:
    """Return a series for each hostile name, with gaps, NaN and infinities."""
    bad = {3: None, 7: math.nan, 11: math.inf}
    return tuple(
        Series(
            name, tuple(bad.get(at, value) for at, value in enumerate(wave(count, level * (9 - seed), seed)))
        )
        for seed, name in enumerate(HOSTILE)
    )


def many_series(count: int, length: int, level: float = 1e6) -> tuple[Series, ...]:
    """`count` series of `length` days, smaller one after the other."""
    return tuple(
        Series(f"model-{at:02d}-codex-max", wave(length, level / (at + 1), at)) for at in range(count)
    )


def samples() -> tuple[Sample, ...]:
    """Return every picture of the gallery, in its order."""
    return tuple(
        Sample(kind, case, draw)
        for kind, draws in _KINDS.items()
        for case, draw in zip(CASES, draws(), strict=True)
    )


def _drawn(draw: Callable[[Chart], Figure], *charts: Chart) -> Draws:
    return tuple(partial(draw, chart) for chart in charts)


def _items(pairs: tuple[tuple[str, float], ...]) -> tuple[Item, ...]:
    return tuple(Item(name, value) for name, value in pairs)


def _line() -> Draws:
    levels = (180, 150, 60, 52, 20)
    typical = tuple(
        Series(name, without(wave(31, level, at), 10, 11))
        for at, (name, level) in enumerate(zip(SURFACES, levels, strict=True))
    )
    return _drawn(
        line,
        LineChart(
            "Active users rose 14 % to 224 a day, led by the CLI", f"Active users by surface · {SUBTITLE}",
            days(31), typical, "people", partial=True,
        ),
        LineChart(EMPTY_TITLE, f"Active users · {SUBTITLE}", days(30), (Series("CLI", (None,) * 30),)),
        LineChart(
            "312 people used Codex on 20 Oct", "Active users · UTC",
            days(1), (Series("All", (312.0,)),), "people",
        ),
        LineChart(
            "Credits passed 3 M a day in three years", "Credits by model · 1,096 days to 20 Oct 2026 · UTC",
            days(1096), many_series(40, 1096), "credits", additive=True,
        ),
        LineChart(HOSTILE[0] * 4, HOSTILE[1] * 9, days(30), hostile_series(30)),
    )  # fmt: skip


def _bars() -> Draws:
    models = (
        ("gpt-5.3-codex", 48_210.0),
        ("gpt-5.3-codex-mini", 21_004.0),
        ("gpt-5.2-codex", 9_870.0),
        ("o5", 412.0),
    )
    many = tuple(Item(one.name, one.values[0]) for one in many_series(40, 1, 9e11))
    return _drawn(
        bars,
        BarChart(
            "One model takes 61 % of all credits", f"Credits by model · {SUBTITLE}",
            (*_items(models), Item("code review", None)), "credits", shares=True,
        ),
        BarChart(EMPTY_TITLE, f"Credits by model · {SUBTITLE}", ()),
        BarChart("One person used Codex on 20 Oct", "Turns · 20 Oct 2026 · UTC", (Item("ada@example.com", 12.0),), "turns"),
        BarChart("35 small models together pass the largest", f"Tokens · {SUBTITLE}", many, additive=True, shares=True),
        BarChart(HOSTILE[4], HOSTILE[3], tuple(Item(name, 9.0 - at) for at, name in enumerate(HOSTILE))),
    )  # fmt: skip


def _columns() -> Draws:
    return _drawn(
        columns,
        ColumnChart(
            "Threads fell at the weekend and came back stronger", f"Threads per day · {SUBTITLE}",
            days(31), without(wave(31, 840), 12), "threads", partial=True,
        ),
        ColumnChart(EMPTY_TITLE, f"Threads per day · {SUBTITLE}", days(30), (None,) * 30),
        ColumnChart("1,204 threads on 20 Oct", "Threads · UTC", days(1), (1204.0,), "threads"),
        ColumnChart("Tokens grew for three years", "Tokens · 1,096 days · UTC", days(1096), wave(1096, 4.2e13), "tokens"),
        ColumnChart(HOSTILE[3], HOSTILE[4], days(30), (math.nan, math.inf, -5.0, *wave(27, 1e-3)), HOSTILE[0]),
    )  # fmt: skip


def _stacked() -> Draws:
    parts = tuple(
        Series(name, without(wave(31, level, at), 12))
        for at, (name, level) in enumerate(
            (("gpt-5.3-codex", 5200), ("gpt-5.3-codex-mini", 2400), ("gpt-5.2-codex", 900))
        )
    )
    one_day = tuple(Series(one.name, one.values[-1:]) for one in parts)
    return _drawn(
        stacked,
        StackedChart(
            "Credits rose 22 % and moved to gpt-5.3-codex", f"Credits by model · {SUBTITLE}",
            days(31), parts, "credits", partial=True,
        ),
        StackedChart(EMPTY_TITLE, f"Credits by model · {SUBTITLE}", days(30), ()),
        StackedChart("11.2k credits on 20 Oct", "Credits by model · UTC", days(1), one_day, "credits"),
        StackedChart("Forty models in three years", "Credits · 1,096 days · UTC", days(1096), many_series(40, 1096), "credits"),
        StackedChart(HOSTILE[6] * 3, HOSTILE[2] * 9, days(30), hostile_series(30)),
    )  # fmt: skip


def _heatmap() -> Draws:
    year = tuple(0.0 if at % 7 > 4 else value for at, value in enumerate(wave(365, 12)))  # noqa: PLR2004 - weekends
    return _drawn(
        heatmap,
        CalendarHeatmap(
            "Ada used Codex on 21 of 30 days, longest streak 9", f"Turns per day · {SUBTITLE}",
            days(30), without(wave(30, 30), 8, 9), "turns",
        ),
        CalendarHeatmap(EMPTY_TITLE, f"Turns per day · {SUBTITLE}", days(30), (None,) * 30),
        CalendarHeatmap("24 turns on 20 Oct", "Turns per day · UTC", days(1), (24.0,), "turns"),
        CalendarHeatmap("Three years of turns", "1,096 days · UTC", days(1096), without(wave(1096, 1e9), *range(400, 420)), "turns"),
        CalendarHeatmap(HOSTILE[1] * 3, HOSTILE[4], days(365), (math.inf, -3.0, *year[2:]), HOSTILE[5]),
    )  # fmt: skip


def _cohorts() -> Draws:
    def rows(count: int, size: int, name: str = "") -> tuple[Cohort, ...]:
        return tuple(
            Cohort(
                name or dates.short(day), size + at * 3,
                tuple(round(100 * (0.72 + at * 0.01) ** (age**0.6), 1) for age in range(count - at)),
            )
            for at, day in enumerate(days(count, 7))
        )  # fmt: skip

    return _drawn(
        cohorts,
        CohortChart(
            "Half of September's joiners still use Codex",
            "People active by week since first use · UTC",
            rows(8, 14),
        ),
        CohortChart(EMPTY_TITLE, "People active by week since first use · UTC", ()),
        CohortChart(
            "18 people began in the week of 19 Oct",
            "Week of first use · UTC",
            (Cohort("19 Oct", 18, (100.0,)),),
        ),
        CohortChart(
            "A year of weekly cohorts", "People active by week since first use", rows(53, 12_345_678)
        ),
        CohortChart(HOSTILE[0] * 3, HOSTILE[1], rows(6, 0, HOSTILE[5]), HOSTILE[4]),
    )


def _histogram() -> Draws:
    def classes(count: int, level: float) -> tuple[Item, ...]:
        return tuple(Item(str(at + 1), value) for at, value in enumerate(wave(count, level)[::-1]))

    week = tuple(Item(str(at), float(value)) for at, value in enumerate((61, 22, 18, 25, 31, 48, 9, 4)))
    return _drawn(
        histogram,
        Histogram(
            "One in four people uses Codex on five days or more",
            f"Active days of the last 7 · {SUBTITLE}",
            week,
            axis="active days",
        ),
        Histogram(EMPTY_TITLE, f"Active days of the last 28 · {SUBTITLE}", ()),
        Histogram(
            "All 12 people were active", "Active days of 1 · UTC", (Item("1", 12.0),), axis="active day"
        ),
        Histogram("Most are active on few days", "Active days of 366", classes(366, 3e6), axis="active days"),
        Histogram(
            HOSTILE[1] * 4,
            HOSTILE[2],
            tuple(Item(name, float(at)) for at, name in enumerate(HOSTILE)),
            axis=HOSTILE[5],
        ),
    )


def _dumbbell() -> Draws:
    pairs = tuple(
        Pair(name, before, now)
        for name, before, now in zip(
            SURFACES, (180.0, 150.0, 40.0, 0.0, None), (224.0, 141.0, 84.0, 30.0, 26.0), strict=True
        )
    )
    return _drawn(
        dumbbell,
        CompareChart(
            "Cloud more than doubled, the IDE lost a little",
            f"Active users · {SUBTITLE}",
            pairs,
            "20 Aug to 19 Sep",
            "20 Sep to 20 Oct",
            "people",
        ),
        CompareChart(EMPTY_TITLE, f"Active users · {SUBTITLE}", (Pair("CLI", None, None),), "before", "now"),
        CompareChart(
            "312 people on 20 Oct, 14 % more",
            "Active users · UTC",
            (Pair("All", 274.0, 312.0),),
            "19 Oct",
            "20 Oct",
        ),
        CompareChart(
            "Forty models compared",
            "Tokens",
            tuple(Pair(one.name, 1.0 + at, one.values[0]) for at, one in enumerate(many_series(40, 1, 8e15))),
            "2025",
            "2026",
        ),
        CompareChart(
            HOSTILE[0] * 2,
            HOSTILE[3],
            tuple(
                Pair(name, -5.0 + at, math.inf if at == 1 else 3.0 * at) for at, name in enumerate(HOSTILE)
            ),
            HOSTILE[5],
            HOSTILE[4],
        ),
    )


def _interval() -> Draws:
    def rates(count: int) -> tuple[Rate | None, ...]:
        found = (62 + 12 * math.sin(at / 3) + at / count * 12 for at in range(count))
        return tuple(
            None if at == 4 else Rate(rate, rate - 9, min(rate + 8, 100), 90) for at, rate in enumerate(found)
        )

    return _drawn(
        interval,
        IntervalChart(
            "Three of four reactions to reviews are positive",
            "Positive share of reactions · weekly · UTC",
            days(13, 7),
            rates(13),
        ),
        IntervalChart(EMPTY_TITLE, "Positive share of reactions · weekly · UTC", days(8, 7), (None,) * 8),
        IntervalChart(
            "72 % of reactions were positive",
            "Positive share of reactions · UTC",
            days(1),
            (Rate(72, 63, 79, 118),),
        ),
        IntervalChart(
            "Three years of reactions", "Positive share · daily · UTC", days(1096), rates(1096), Period.DAY
        ),
        IntervalChart(
            HOSTILE[3],
            HOSTILE[5],
            days(6),
            (Rate(0, 0, 100, 1), None, Rate(math.nan, 0, 1, 0), *(Rate(100, 21, 100, 1),) * 3),
            Period.DAY,
            HOSTILE[0],
        ),
    )


def _lorenz() -> Draws:
    def curve(count: int, power: float) -> tuple[tuple[float, float], ...]:
        return tuple((100 * at / count, 100 * (1 - (1 - at / count) ** power)) for at in range(1, count + 1))

    return _drawn(
        lorenz,
        LorenzChart(
            "Ten percent of people use 47 % of credits", f"Credits by person · {SUBTITLE}", curve(240, 6)
        ),
        LorenzChart(EMPTY_TITLE, f"Credits by person · {SUBTITLE}", ()),
        LorenzChart("One person, all of the use", "Credits by person · 20 Oct 2026 · UTC", ((100.0, 100.0),)),
        LorenzChart("A hundred thousand people", "Credits by person", curve(5_000, 90)),
        LorenzChart(HOSTILE[4], HOSTILE[0], ((1.0, 100.0), (math.nan, 3.0), (100.0, 100.0)), HOSTILE[5]),
    )


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
    return _drawn(
        timeline,
        TimelineChart(
            "A burst of 60 prompts at night, token revoked after 4 hours",
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


def _forecast() -> Draws:
    def chart(
        count: int, done: int, level: float, budget: float | None, runs_out: int | None
    ) -> ForecastChart:
        used = tuple(level * (at + 1) * (1 + at / count / 3) for at in range(count))
        first = used[:done]
        rest = [(used[at], (at - done + 1) / count * level * 9) for at in range(done - 1, count)]
        pad: tuple[float | None, ...] = (None,) * (done - 1)
        return ForecastChart(
            "At this pace the budget runs out on 11 Oct", "Credits since 21 Sep · to 20 Oct 2026 · UTC", days(count),
            (*first, *(None,) * (count - done)), (*pad, *(value for value, _ in rest)),
            (*pad, *(value - wide for value, wide in rest)), (*pad, *(value + wide for value, wide in rest)),
            "credits", budget, days(count)[runs_out] if runs_out is not None else None,
        )  # fmt: skip

    none: tuple[float | None, ...] = (None,) * 30
    single = ForecastChart(
        "12.4k credits on the first day",
        "Credits · 20 Oct 2026 · UTC",
        days(1),
        (12_400.0,),
        (None,),
        (None,),
        (None,),
        "credits",
        400_000.0,
    )
    return _drawn(
        forecast,
        chart(30, 14, 12_400, 330_000, 20),
        ForecastChart(EMPTY_TITLE, "Credits · UTC", days(30), none, none, none, none),
        single,
        replace(chart(1096, 700, 9e9, 9e12, 800), title="Three years of spending", subtitle="Credits · UTC"),
        replace(
            chart(30, 28, 1e-4, -math.inf, None),
            title=HOSTILE[4],
            subtitle=HOSTILE[1],
            unit=HOSTILE[0],
            interval=HOSTILE[5],
        ),
    )


def _anomaly() -> Draws:
    def chart(count: int, spikes: tuple[int, ...], level: float) -> AnomalyChart:
        usual = wave(count, level)
        values = tuple(value * 2.6 if at in spikes else value for at, value in enumerate(usual))
        every = days(count)
        return AnomalyChart(
            "Credits were 2.6 times the usual on 9 Oct", f"Credits per day · {SUBTITLE}", every, values,
            tuple(value * 0.8 for value in usual), tuple(value * 1.25 for value in usual),
            tuple(every[at] for at in spikes), "credits",
        )  # fmt: skip

    none: tuple[float | None, ...] = (None,) * 30
    bad = chart(30, (0, 1, 2, 28, 29), 1e14)
    return _drawn(
        anomaly,
        chart(30, (18, 24), 9_200),
        AnomalyChart(EMPTY_TITLE, f"Credits per day · {SUBTITLE}", days(30), none, none, none),
        AnomalyChart(
            "31k credits on 20 Oct, far over the usual",
            "Credits · UTC",
            days(1),
            (31_000.0,),
            (9e3,),
            (14e3,),
            days(1),
            "credits",
        ),
        replace(
            chart(1096, tuple(range(5, 1096, 90)), 4e8),
            title="Three years, 13 spikes",
            subtitle="Credits · UTC",
        ),
        replace(
            bad,
            title=HOSTILE[0] * 2,
            subtitle=HOSTILE[6],
            unit=HOSTILE[4],
            usual=HOSTILE[5],
            values=(math.nan, *bad.values[1:]),
        ),
    )


def _lifecycle() -> Draws:
    def people(count: int, level: int) -> tuple[Lifecycle, ...]:
        return tuple(
            Lifecycle(level // 4 + at % 3, level + 3 * at, level // 6 + at % 2, level // 5 + at % 4)
            for at in range(count)
        )

    return _drawn(
        lifecycle,
        LifecycleChart(
            "More people came back than went, fifth week in a row",
            "People by week · UTC",
            days(13, 7),
            (*people(6, 90), None, *people(6, 110)),
            partial=True,
        ),
        LifecycleChart(EMPTY_TITLE, "People by week · UTC", days(8, 7), (None,) * 8),
        LifecycleChart("44 people in the week of 19 Oct", "People by week · UTC", days(1), people(1, 30)),
        LifecycleChart("Three years of weeks", "People by week · UTC", days(156, 7), people(156, 80_000_000)),
        LifecycleChart(
            HOSTILE[5],
            HOSTILE[4],
            days(3, 7),
            (Lifecycle(0, 0, 0, 0), None, Lifecycle(0, 0, 0, 9)),
            HOSTILE[0],
        ),
    )


def _digest() -> Draws:
    tiles = (
        Tile("Active people", "312", "+14 %", good=True),
        Tile("Adoption", "64 %", "+3 pp", good=True),
        Tile("Credits", "84.2k", "+22 %"),
    )
    weeks = days(12, 7)
    wau = Trend("Active people", weeks, tuple(210.0 + 9 * at - (14 if at == 7 else 0) for at in range(12)))  # noqa: PLR2004 - one weak week
    spent = Trend("Credits", weeks, without(tuple(52_000.0 + 2_900 * at for at in range(12)), 4), "credits")
    mix = Mix("By surface", _items(tuple(zip(SURFACES, (41.0, 33.0, 14.0, 9.0, 3.0), strict=True))), "%")
    none = Trend("Active people", weeks, (None,) * 12)
    huge = Trend("Credits", days(156, 7), wave(156, 3e17))
    bad = Trend(HOSTILE[0], days(3, 7), (math.nan, -4.0, 1e-9), HOSTILE[3])
    return _drawn(
        digest,
        DigestChart(
            "312 people used Codex last week, 14 % more", "Week of 12 Oct 2026 · UTC", tiles, wau, mix, spent
        ),
        DigestChart(
            "No Codex activity last week", "Week of 12 Oct 2026 · UTC", (), none, Mix("By surface", ()), none
        ),
        DigestChart(
            "First week: 18 people tried Codex",
            "Week of 12 Oct 2026 · UTC",
            tiles[:1],
            Trend("Active people", weeks[:1], (18.0,)),
            Mix("By surface", mix.items[:1], "%"),
            Trend("Credits", weeks[:1], (940.0,)),
        ),
        DigestChart(
            "A very large company",
            "156 weeks · UTC",
            (Tile("Active people", "123,456,789", "+1,234,567 %", good=True),) * 5,
            huge,
            Mix("By model", tuple(Item(one.name, one.values[0]) for one in many_series(40, 1, 1e12))),
            huge,
        ),
        DigestChart(
            HOSTILE[4],
            HOSTILE[5],
            tuple(Tile(name, name, name, good=False) for name in HOSTILE),
            bad,
            Mix(HOSTILE[5], _items(tuple((name, 3.0) for name in HOSTILE))),
            none,
        ),
    )


_KINDS: dict[str, Callable[[], Draws]] = {
    "line": _line,
    "bars": _bars,
    "columns": _columns,
    "stacked": _stacked,
    "heatmap": _heatmap,
    "cohorts": _cohorts,
    "histogram": _histogram,
    "dumbbell": _dumbbell,
    "interval": _interval,
    "lorenz": _lorenz,
    "timeline": _timeline,
    "forecast": _forecast,
    "anomaly": _anomaly,
    "lifecycle": _lifecycle,
    "digest": _digest,
}
