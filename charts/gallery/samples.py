"""Every sample of the gallery: each kind of chart with typical, empty, single-day, huge and hostile data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from matplotlib.figure import Figure

from charts.gallery import analysis, composed, over_time, people, ranking
from charts.gallery.data import CASES


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture of the gallery."""

    kind: str
    case: str
    draw: Callable[[], Figure]


def samples() -> tuple[Sample, ...]:
    """Return every picture of the gallery, in its order."""
    kinds = {**over_time.KINDS, **analysis.KINDS, **ranking.KINDS, **people.KINDS, **composed.KINDS}
    return tuple(
        Sample(kind, case, draw)
        for kind, draws in kinds.items()
        for case, draw in zip(CASES, draws(), strict=True)
    )
