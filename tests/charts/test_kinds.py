from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from matplotlib.artist import Artist
from matplotlib.figure import Figure

import charts
from charts import style
from charts.colours import contrast

DAYS = tuple(date(2026, 10, 1) + timedelta(days=at) for at in range(5))
NONE = (None,) * 5


def named(figure: Figure, name: str) -> list[Artist]:
    return [artist for artist in figure.get_children() if artist.get_gid() == name]


def words(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.texts]


def boxes(artist: Artist) -> np.ndarray:
    """The rectangles of a path: one row each of left, top, right, bottom."""
    corners = artist.get_path().vertices.reshape(-1, 5, 2)
    return np.column_stack([corners[:, 0], corners[:, 2]])


def zero_line(figure: Figure) -> float:
    tick = next(text for text in figure.texts if text.get_text() == "0")
    return tick.get_position()[1] - style.BODY_PX * style.CAP_MIDDLE


def test_columns_start_at_zero_and_a_missing_day_has_none() -> None:
    figure = charts.columns(charts.ColumnChart("T", "S", DAYS, (100.0, 120.0, None, 110.0, 0.0)))
    (drawn,) = named(figure, "bars")
    assert len(boxes(drawn)) == 4
    assert boxes(drawn)[:, 3] == pytest.approx(zero_line(figure))


def test_columns_are_as_high_as_their_values() -> None:
    figure = charts.columns(charts.ColumnChart("T", "S", DAYS, (100.0, 50.0, 25.0, 75.0, 100.0)))
    tops = boxes(named(figure, "bars")[0])
    heights = tops[:, 3] - tops[:, 1]
    assert heights / heights[0] == pytest.approx([1, 0.5, 0.25, 0.75, 1])


def test_horizontal_bars_start_at_zero_and_keep_their_ratio() -> None:
    items = (charts.Item("a", 90.0), charts.Item("b", 30.0), charts.Item("c", None))
    figure = charts.bars(charts.BarChart("T", "S", items))
    drawn = np.vstack([boxes(bar) for bar in named(figure, "bars")])
    (zero,) = named(figure, "zero")
    assert drawn[:, 0] == pytest.approx(zero.get_xdata()[0])
    assert (drawn[0, 2] - drawn[0, 0]) / (drawn[1, 2] - drawn[1, 0]) == pytest.approx(3)
    assert "no data" in words(figure)


@pytest.mark.parametrize(
    "figure",
    [
        charts.columns(charts.ColumnChart("T", "S", DAYS, (1.0, 2.0, 3.0, 4.0, 1.0), partial=True)),
        charts.stacked(charts.StackedChart("T", "S", DAYS, (charts.Series("a", (1.0,) * 5),), partial=True)),
        charts.lifecycle(
            charts.LifecycleChart("T", "S", DAYS, (charts.Lifecycle(1, 2, 3, 4),) * 5, partial=True)
        ),
        charts.line(charts.LineChart("T", "S", DAYS, (charts.Series("a", (1.0,) * 5),), partial=True)),
    ],
    ids=["columns", "stacked", "lifecycle", "line"],
)
def test_a_period_that_is_not_over_is_hatched(figure: Figure) -> None:
    assert all(mark.get_hatch() for mark in named(figure, "partial") if hasattr(mark, "get_hatch"))
    assert any(hasattr(mark, "get_hatch") for mark in named(figure, "partial"))


def test_a_stack_is_a_gap_on_a_day_on_which_a_part_is_missing() -> None:
    parts = (charts.Series("a", (2.0,) * 5), charts.Series("b", (1.0, 1.0, None, 1.0, 1.0)))
    figure = charts.stacked(charts.StackedChart("T", "S", DAYS, parts))
    assert [len(boxes(mark)) for mark in named(figure, "bars")] == [4, 4]
    assert len(named(figure, "missing")) == 1


def test_the_parts_of_a_stack_stand_on_each_other() -> None:
    parts = (charts.Series("a", (2.0,) * 5), charts.Series("b", (1.0,) * 5))
    low, high = (
        boxes(mark) for mark in named(charts.stacked(charts.StackedChart("T", "S", DAYS, parts)), "bars")
    )
    assert high[:, 3] == pytest.approx(low[:, 1])


def test_what_no_part_has_stays_on_top_of_a_stack_of_many_parts() -> None:
    parts = (
        *(charts.Series(name, (2.0,) * 5) for name in "abcdef"),
        charts.Series("-", (9.0,) * 5, rest=True),
    )
    figure = charts.stacked(charts.StackedChart("T", "S", DAYS, parts))
    assert not {"-", "9"} & set(words(figure))
    assert {"Other (2)", "11"} <= set(words(figure))


def test_the_whole_is_written_over_the_highest_column_of_a_stack() -> None:
    parts = (charts.Series("a", (1.0, 40.0, 1.0, 1.0, 90.0)), charts.Series("b", (1.0, 35.0, 1.0, 1.0, 90.0)))
    assert "75" in words(charts.stacked(charts.StackedChart("T", "S", DAYS, parts, partial=True)))


def test_a_calendar_tells_a_missing_day_from_an_idle_one() -> None:
    figure = charts.heatmap(charts.CalendarHeatmap("T", "S", DAYS, (5.0, 0.0, None, 2.0, 1.0)))
    hatched = [mark for mark in named(figure, "days") if mark.get_hatch()]
    assert [len(boxes(mark)) for mark in hatched] == [1]
    assert "no data" in words(figure)


def test_a_calendar_begins_its_weeks_on_monday() -> None:
    figure = charts.heatmap(charts.CalendarHeatmap("T", "S", DAYS, (5.0, 0.0, 3.0, 2.0, 1.0)))
    assert [word for word in words(figure) if word in {"Mon", "Sun"}] == ["Mon", "Sun"]


def test_a_cohort_says_how_many_began() -> None:
    rows = (charts.Cohort("1 Sep", 14, (100.0, 72.0)), charts.Cohort("8 Sep", 17, (100.0, None)))
    assert {"Began", "14", "17"} <= set(words(charts.cohorts(charts.CohortChart("T", "S", rows))))


def test_a_cohorts_future_is_empty_not_zero() -> None:
    rows = (charts.Cohort("1 Sep", 10, (100.0, 40.0)), charts.Cohort("8 Sep", 12, (100.0, None)))
    assert len(named(charts.cohorts(charts.CohortChart("T", "S", rows)), "cell")) == 3


@pytest.mark.parametrize(
    ("before", "now", "change"),
    [(200.0, 224.0, "+12%"), (100.0, 95.0, "\N{MINUS SIGN}5%"), (0.0, 3.0, "new"), (0.0, 0.0, "0%")],
)
def test_the_change_between_two_windows_is_written_in_percent(before: float, now: float, change: str) -> None:
    pair = charts.Pair("a", before, now)
    assert change in words(charts.dumbbell(charts.CompareChart("T", "S", (pair,), "Sep", "Oct")))


def test_no_change_is_told_without_both_values() -> None:
    pair = charts.Pair("a", None, 3.0)
    shown = words(charts.dumbbell(charts.CompareChart("T", "S", (pair,), "Sep", "Oct")))
    assert not any("%" in word or word == "new" for word in shown)


def test_a_rate_without_a_base_has_neither_dot_nor_interval() -> None:
    rates = (charts.Rate(50, 40, 60, 9), None, charts.Rate(70, 60, 80, 9), None, charts.Rate(60, 50, 70, 9))
    figure = charts.interval(charts.IntervalChart("T", "S", DAYS, rates))
    assert len(named(figure, "interval")) == 3
    assert list(np.isnan(named(figure, "line")[0].get_ydata())) == [False, True, False, True, False]


def test_the_share_of_the_most_active_is_read_off_the_curve() -> None:
    curve = ((10.0, 60.0), (50.0, 90.0), (100.0, 100.0))
    shown = words(charts.lorenz(charts.LorenzChart("T", "S", curve)))
    assert {"top 10%: 60% of use", "even use"} <= set(shown)


def test_the_share_at_the_curve_is_the_share_of_the_title() -> None:
    curve = ((10.3, 63.46), (100.0, 100.0))
    chart = charts.LorenzChart("T", "S", curve, named_pct=(10.3,))
    assert "top 10%: 63.5% of use" in words(charts.lorenz(chart))


def test_every_event_is_counted_at_the_end_of_its_lane() -> None:
    start = datetime(2026, 10, 1, tzinfo=UTC)
    events = tuple(charts.Event(start + timedelta(seconds=at)) for at in range(321))
    chart = charts.TimelineChart("T", "S", start, start + timedelta(days=1), (charts.Lane("a", events),))
    assert "321" in words(charts.timeline(chart))


def test_a_timeline_that_ends_before_it_starts_is_refused() -> None:
    start = datetime(2026, 10, 1, tzinfo=UTC)
    with pytest.raises(ValueError, match="ends after it starts"):
        charts.TimelineChart("T", "S", start, start, ())


def burn() -> charts.ForecastChart:
    actual = (10.0, 20.0, 30.0, None, None)
    ahead = (None, None, 30.0, 40.0, 50.0)
    return charts.ForecastChart("T", "S", DAYS, actual, ahead, ahead, ahead, "credits", 45.0, DAYS[4])


def test_the_forecast_names_budget_use_and_the_day_it_runs_out() -> None:
    shown = words(charts.forecast(burn()))
    assert {"Budget", "45", "30 used", "Forecast", "50", "runs out 5 Oct"} <= set(shown)


def test_the_band_is_named_at_its_end_not_at_the_budget() -> None:
    figure = charts.forecast(replace(burn(), budget=200.0, exhausted_on=None))
    name = next(text for text in figure.texts if text.get_text() == "80% band")
    forecast = next(text for text in figure.texts if text.get_text() == "Forecast")
    assert 0 < forecast.get_position()[1] - name.get_position()[1] < 2 * style.BODY_PX


def test_a_budget_that_lasts_has_no_last_day() -> None:
    figure = charts.forecast(replace(burn(), exhausted_on=None))
    assert not named(figure, "exhausted")


def test_flagged_days_are_named_with_date_and_value() -> None:
    chart = charts.AnomalyChart("T", "S", DAYS, (5.0, 5.0, 20.0, 5.0, 5.0), NONE, NONE, (DAYS[2],))
    assert "3 Oct: 20" in words(charts.anomaly(chart))


def test_dormant_people_are_below_zero_and_the_others_above() -> None:
    figure = charts.lifecycle(charts.LifecycleChart("T", "S", DAYS, (charts.Lifecycle(1, 2, 3, 4),) * 5))
    *up, down = (boxes(mark) for mark in named(figure, "bars"))
    zero = zero_line(figure)
    assert all((part[:, 3] <= zero + 0.01).all() for part in up)
    assert down[:, 1] == pytest.approx(zero)


def test_a_number_in_a_digest_tile_is_whole_or_absent() -> None:
    tile = charts.Tile("People", "123,456,789", "+1,234,567%")
    trend = charts.Trend("People", DAYS, (1.0, 2.0, 3.0, 4.0, 5.0))
    figure = charts.digest(charts.DigestChart("T", "S", (tile,), trend, charts.Mix("By surface", ()), trend))
    assert "123,456,789" in words(figure)
    assert not any("…" in word for word in words(figure))


def test_a_digest_draws_shares_against_the_whole_and_names_the_highest_column() -> None:
    people = charts.Trend("People", DAYS, (1.0, 2.0, 3.0, 4.0, 5.0))
    spent = charts.Trend("Credits", DAYS, (1.0, 71.0, 3.0, 4.0, 5.0))
    mix = charts.Mix("By surface", (charts.Item("CLI", 50.0), charts.Item("Cloud", 25.0)), "%")
    figure = charts.digest(charts.DigestChart("T", "S", (), people, mix, spent))
    assert {"71", "5"} <= set(words(figure))
    (track, _), bars = (np.concatenate([boxes(m) for m in named(figure, name)]) for name in ("track", "bars"))
    widths = {round(float((bar[2] - bar[0]) / (track[2] - track[0])), 3) for bar in bars}
    assert {0.5, 0.25} <= widths


@pytest.mark.parametrize(
    "colour", [*style.SERIES_TEXT, style.OTHER_TEXT, style.QUIET, style.INK, style.BAD, style.GOOD_TEXT]
)
@pytest.mark.parametrize("ground", [style.PAPER, style.SOFT])
def test_every_text_colour_stands_out(colour: str, ground: str) -> None:
    assert contrast(colour, ground) >= 4.5


# Machado, Oliveira and Fernandes (2009), severity 1: what a person without red or green cones sees.
PROTAN = ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998))
DEUTAN = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881))


def lab(colour: str, eye: tuple[tuple[float, ...], ...]) -> np.ndarray:
    """CIE Lab of a colour as the eye sees it."""
    rgb = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(eye) @ linear, 0, 1)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    cubed = to_xyz @ seen / np.array([0.9505, 1.0, 1.089])
    root = np.where(cubed > 0.008856, np.cbrt(cubed), 7.787 * cubed + 16 / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


@pytest.mark.parametrize("eye", [np.eye(3), PROTAN, DEUTAN], ids=["all cones", "protan", "deutan"])
def test_series_colours_differ_for_every_eye(eye: tuple[tuple[float, ...], ...]) -> None:
    seen = [lab(colour, eye) for colour in (*style.SERIES, style.OTHER)]
    apart = [np.linalg.norm(a - b) for at, a in enumerate(seen) for b in seen[at + 1 :]]
    assert min(apart) >= 12
