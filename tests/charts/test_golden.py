"""One picture of each kind against the picture it was when somebody last looked at it.

`python tests/charts/remake_golden.py` writes them anew; look at them before committing.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import charts
from charts.gallery import Sample, samples

GOLDEN = Path(__file__).parent / "golden"
TYPICAL = [sample for sample in samples() if sample.case == "typical"]
# Root mean square over 0..255: another release of FreeType moves about 1, a missing label about 8.
TOLERANCE = 4.0


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(float)


def distance(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.sqrt(np.mean((one - other) ** 2)))


@pytest.mark.parametrize("sample", TYPICAL, ids=lambda sample: sample.kind)
def test_the_picture_is_the_one_that_was_looked_at(sample: Sample) -> None:
    golden = pixels((GOLDEN / f"{sample.kind}.png").read_bytes())
    assert distance(pixels(charts.png(sample.draw())), golden) <= TOLERANCE


@pytest.mark.parametrize("sample", TYPICAL, ids=lambda sample: sample.kind)
def test_a_missing_text_would_be_noticed(sample: Sample) -> None:
    golden = pixels((GOLDEN / f"{sample.kind}.png").read_bytes())
    figure = sample.draw()
    figure.texts[1].set_visible(False)
    assert distance(pixels(charts.png(figure)), golden) > TOLERANCE


def test_there_is_a_golden_picture_of_every_kind_and_no_other() -> None:
    assert {path.stem for path in GOLDEN.glob("*.png")} == {sample.kind for sample in TYPICAL}


def test_no_golden_picture_is_over_40_kb() -> None:
    assert max(path.stat().st_size for path in GOLDEN.glob("*.png")) <= 40_000
