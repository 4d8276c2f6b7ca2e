"""Whatever the data and names are: drawn, inside, apart."""

from __future__ import annotations

import io
import itertools
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from PIL import Image

import charts
from charts.gallery import render, samples

DAYS = tuple(date(2026, 8, 1) + timedelta(days=at) for at in range(12))
VALUE = st.none() | st.sampled_from([0.0, 1.0, 312.0]) | st.floats(-1e6, 1e15)
ROW = st.lists(VALUE, min_size=12, max_size=12).map(tuple)
SERIES = st.lists(st.builds(charts.Series, st.text(max_size=40), ROW), max_size=9).map(tuple)
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def assert_apart(figure: Figure) -> None:
    charts.png(figure)
    renderer = figure.canvas.get_renderer()
    boxes = [text.get_window_extent(renderer) for text in figure.texts if text.get_text()]
    assert all(box.x0 >= 0 and box.y0 >= 0 and box.x1 <= 1000 and box.y1 <= 562 for box in boxes)
    for a, b in itertools.combinations(boxes, 2):
        assert a.x1 <= b.x0 or b.x1 <= a.x0 or a.y1 <= b.y0 or b.y1 <= a.y0


@FEW
@given(st.text(max_size=90), SERIES, st.booleans(), st.booleans())
def test_lines_of_any_data_stay_inside_and_apart(
    title: str,
    series: tuple[charts.Series, ...],
    partial: bool,  # noqa: FBT001 - hypothesis passes it
    additive: bool,  # noqa: FBT001 - the same
) -> None:
    chart = charts.LineChart(title, title, DAYS, series, partial=partial, additive=additive)
    assert_apart(charts.line(chart))


@FEW
@given(SERIES, st.booleans())
def test_stacks_of_any_data_stay_inside_and_apart(
    series: tuple[charts.Series, ...],
    partial: bool,  # noqa: FBT001
) -> None:
    assert_apart(charts.stacked(charts.StackedChart("T", "S", DAYS, series, partial=partial)))


@FEW
@given(ROW, st.lists(st.sampled_from(DAYS), max_size=5).map(tuple))
def test_anomalies_of_any_data_stay_inside_and_apart(
    row: tuple[float | None, ...], flagged: tuple[date, ...]
) -> None:
    chart = charts.AnomalyChart("T", "S", DAYS, row, (None,) * 12, (None,) * 12, flagged, "USD")
    assert_apart(charts.anomaly(chart))


def test_a_stack_known_only_on_its_partial_day_is_drawn() -> None:
    series = (charts.Series("a", (*(None,) * 11, 3.0)),)
    assert_apart(charts.stacked(charts.StackedChart("T", "S", DAYS, series, partial=True)))


def test_drawing_needs_no_pyplot_and_leaves_the_settings_of_matplotlib_alone() -> None:
    code = """
import sys, matplotlib, charts, datetime
before = matplotlib.rcParams.copy()
day = datetime.date(2026, 10, 1)
charts.png(charts.line(charts.LineChart("T", "S", (day,), (charts.Series("a", (1.0,)),))))
assert "matplotlib.pyplot" not in sys.modules
assert matplotlib.rcParams.copy() == before
"""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


def test_the_gallery_shows_every_sample_large_and_as_on_a_phone(tmp_path: Path) -> None:
    page = render(tmp_path)
    text = page.read_text(encoding="utf-8")
    for sample in samples():
        name = f"{sample.kind}-{sample.case}.png".replace(" ", "-")
        assert text.count(f'src="{name}"') == 2
        assert Image.open(io.BytesIO((tmp_path / name).read_bytes())).size == (1000, 562)
