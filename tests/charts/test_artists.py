from __future__ import annotations

import io
import itertools
import math
import warnings

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.text import Text
from PIL import Image

import charts
from charts.gallery import Sample, samples

PHONE_SHARE = 360 / 1000
ALL = samples()


@pytest.fixture(params=ALL, ids=lambda sample: f"{sample.kind}-{sample.case}", scope="module")
def drawn(request: pytest.FixtureRequest) -> Figure:
    sample: Sample = request.param
    figure = sample.draw()
    charts.png(figure)
    return figure


def texts(figure: Figure) -> list[Text]:
    return [text for text in figure.findobj(Text) if text.get_visible() and text.get_text()]


def extents(figure: Figure) -> list[tuple[str, object]]:
    renderer = figure.canvas.get_renderer()
    return [(text.get_text(), text.get_window_extent(renderer)) for text in texts(figure)]


def pixels(figure: Figure) -> np.ndarray:
    figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba())[..., :3].astype(float)


def luminance(rgb: np.ndarray) -> float:
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ np.array([0.2126, 0.7152, 0.0722]))


def test_no_two_texts_overlap(drawn: Figure) -> None:
    for (one, a), (other, b) in itertools.combinations(extents(drawn), 2):
        apart = a.x1 <= b.x0 or b.x1 <= a.x0 or a.y1 <= b.y0 or b.y1 <= a.y0
        assert apart, f"{one!r} touches {other!r}"


def test_no_text_leaves_the_picture(drawn: Figure) -> None:
    width, height = drawn.canvas.get_width_height()
    for text, box in extents(drawn):
        assert box.x0 >= 0, text
        assert box.y0 >= 0, text
        assert box.x1 <= width, text
        assert box.y1 <= height, text


def test_the_smallest_text_is_nine_pixels_on_a_phone(drawn: Figure) -> None:
    sizes = [text.get_fontsize() * drawn.dpi / 72 * PHONE_SHARE for text in texts(drawn)]
    assert min(sizes) >= 9 - 1e-9


def test_each_text_stands_out_from_what_is_behind_it(drawn: Figure) -> None:
    shown = texts(drawn)
    boxes = [box for _, box in extents(drawn)]
    for text in shown:
        text.set_visible(False)
    behind = pixels(drawn)[::-1]
    for text in shown:
        text.set_visible(True)
    for text, box in zip(shown, boxes, strict=True):
        ground = behind[math.floor(box.y0) : math.ceil(box.y1), math.floor(box.x0) : math.ceil(box.x1)]
        paper = luminance(np.median(ground.reshape(-1, 3), axis=0) / 255)
        ink = luminance(np.array(_rgb(text)))
        light, dark = max(paper, ink), min(paper, ink)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, text.get_text()


def _rgb(text: Text) -> tuple[float, ...]:
    value = str(text.get_color()).lstrip("#")
    return tuple(int(value[at : at + 2], 16) / 255 for at in (0, 2, 4))


def test_no_text_is_read_as_mathematics(drawn: Figure) -> None:
    assert not any(text.get_parse_math() or text.get_usetex() for text in texts(drawn))


@pytest.mark.parametrize("sample", ALL, ids=lambda sample: f"{sample.kind}-{sample.case}")
def test_the_picture_is_small_and_draws_without_a_warning(sample: Sample) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        data = charts.png(sample.draw())
    image = Image.open(io.BytesIO(data))
    assert image.format == "PNG"
    assert image.size == (1000, 562)
    assert len(data) <= 150_000


@pytest.mark.parametrize("sample", [s for s in ALL if s.case == "empty"], ids=lambda sample: sample.kind)
def test_an_empty_window_says_so(sample: Sample) -> None:
    assert "No data in this window" in [text.get_text() for text in texts(sample.draw())]


def marks(figure: Figure, name: str) -> list[Line2D | PathPatch]:
    return [artist for artist in figure.get_children() if artist.get_gid() == name]
