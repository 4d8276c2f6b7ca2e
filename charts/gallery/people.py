"""What people do: samples for the gallery."""

from __future__ import annotations

import math
from collections.abc import Callable

from charts import dates
from charts.calendar_chart import CalendarHeatmap, heatmap
from charts.cohort_chart import Cohort, CohortChart, cohorts
from charts.gallery.data import (
    EMPTY_TITLE,
    HOSTILE,
    SUBTITLE,
    Draws,
    days,
    drawn,
    wave,
    without,
)
from charts.lifecycle_chart import Lifecycle, LifecycleChart, lifecycle


def _heatmap() -> Draws:
    year = tuple(0.0 if at % 7 > 4 else value for at, value in enumerate(wave(365, 12)))  # noqa: PLR2004 - weekends
    return drawn(
        heatmap,
        CalendarHeatmap(
            "Ada used Codex on 21 of 30 days, longest streak 9",
            f"Turns per day · {SUBTITLE}",
            days(30),
            without(wave(30, 30), 8, 9),
            "turns",
        ),
        CalendarHeatmap(EMPTY_TITLE, f"Turns per day · {SUBTITLE}", days(30), (None,) * 30),
        CalendarHeatmap("24 turns on 20 Oct", "Turns per day · UTC", days(1), (24.0,), "turns"),
        CalendarHeatmap(
            "Three years of turns",
            "1,096 days · UTC",
            days(1096),
            without(wave(1096, 1e9), *range(400, 420)),
            "turns",
        ),
        CalendarHeatmap(HOSTILE[1] * 3, HOSTILE[4], days(365), (math.inf, -3.0, *year[2:]), HOSTILE[5]),
    )


def _cohort_rows(count: int, size: int, name: str = "") -> tuple[Cohort, ...]:
    return tuple(
        Cohort(
            name or dates.short(day),
            size + at * 3,
            tuple(round(100 * min(0.72 + at * 0.01, 0.97) ** (age**0.6), 1) for age in range(count - at)),
        )
        for at, day in enumerate(days(count, 7))
    )


def _cohorts() -> Draws:
    return drawn(
        cohorts,
        CohortChart(
            "Half of September's joiners still use Codex",
            "People active by week since first use · UTC",
            _cohort_rows(8, 14),
        ),
        CohortChart(EMPTY_TITLE, "People active by week since first use · UTC", ()),
        CohortChart(
            "18 people began in the week of 19 Oct",
            "Week of first use · UTC",
            (Cohort("19 Oct", 18, (100.0,)),),
        ),
        CohortChart(
            "A year of weekly cohorts", "People active by week since first use", _cohort_rows(53, 12_345_678)
        ),
        CohortChart(HOSTILE[0] * 3, HOSTILE[1], _cohort_rows(6, 0, HOSTILE[5]), HOSTILE[4]),
    )


def _weeks_of_people(count: int, level: int) -> tuple[Lifecycle, ...]:
    return tuple(
        Lifecycle(level // 4 + at % 3, level + 3 * at, level // 6 + at % 2, level // 5 + at % 4)
        for at in range(count)
    )


def _lifecycle() -> Draws:
    return drawn(
        lifecycle,
        LifecycleChart(
            "More people came back than went, fifth week in a row",
            "People by week · UTC",
            days(13, 7),
            (*_weeks_of_people(6, 90), None, *_weeks_of_people(6, 110)),
            partial=True,
        ),
        LifecycleChart(EMPTY_TITLE, "People by week · UTC", days(8, 7), (None,) * 8),
        LifecycleChart(
            "44 people in the week of 19 Oct", "People by week · UTC", days(1), _weeks_of_people(1, 30)
        ),
        LifecycleChart(
            "Three years of weeks", "People by week · UTC", days(156, 7), _weeks_of_people(156, 80_000_000)
        ),
        LifecycleChart(
            HOSTILE[5],
            HOSTILE[4],
            days(3, 7),
            (Lifecycle(0, 0, 0, 0), None, Lifecycle(0, 0, 0, 9)),
            HOSTILE[0],
        ),
    )


KINDS: dict[str, Callable[[], Draws]] = {"heatmap": _heatmap, "cohorts": _cohorts, "lifecycle": _lifecycle}
