"""The line chart against the same picture by pyplot and tight_layout: medians of one run, their ratio.

Exit code 1 when ours takes more than 0.6 of it.
"""

from __future__ import annotations

import io
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta

import matplotlib as mpl

mpl.use("agg")

import matplotlib.pyplot as plt

import charts

ROUNDS = 25
MOST = 0.6
DAYS = tuple(date(2026, 9, 21) + timedelta(days=at) for at in range(30))
SERIES = tuple(
    charts.Series(name, tuple(float(level + (at * 7919 * level) % 40) for at in range(30)))
    for name, level in (
        ("CLI", 180),
        ("IDE extension", 150),
        ("Cloud", 60),
        ("Desktop app", 52),
        ("Code review", 20),
    )
)
TITLE, SUBTITLE = (
    "Active users rose 14 % to 221 a day",
    "Active users by surface · 21 Sep to 20 Oct 2026 · UTC",
)


def ours() -> bytes:
    return charts.png(charts.line(charts.LineChart(TITLE, SUBTITLE, DAYS, SERIES, "people")))


def theirs() -> bytes:
    figure, axes = plt.subplots(figsize=(10, 5.62), dpi=100)
    for series in SERIES:
        (drawn,) = axes.plot(DAYS, series.values, linewidth=3.2)
        axes.plot(DAYS[-1:], series.values[-1:], "o", color=drawn.get_color(), markersize=10)
        axes.annotate(
            f"{series.name} {series.values[-1]:.0f}",
            (DAYS[-1], series.values[-1]),
            fontsize=18,
            color=drawn.get_color(),
        )
    axes.set_title(f"{TITLE}\n{SUBTITLE}", fontsize=20, loc="left")
    axes.set_ylim(bottom=0)
    axes.grid(axis="y")
    axes.tick_params(labelsize=18)
    axes.xaxis.set_major_formatter(mpl.dates.DateFormatter("%d %b"))
    axes.set_xticks(DAYS[::7])
    axes.spines[["top", "right", "left"]].set_visible(False)
    figure.tight_layout()
    out = io.BytesIO()
    figure.savefig(out, format="png")
    plt.close(figure)
    return out.getvalue()


def median_ms(draws: tuple[Callable[[], bytes], ...]) -> list[float]:
    """Median of each, taken in turns so that a busy machine is busy for all."""
    times: list[list[float]] = [[] for _ in draws]
    for _ in range(ROUNDS):
        for kept, draw in zip(times, draws, strict=True):
            start = time.perf_counter()
            draw()
            kept.append((time.perf_counter() - start) * 1000)
    return [statistics.median(kept) for kept in times]


def main() -> int:
    sizes = len(ours()), len(theirs())
    mine, other = median_ms((ours, theirs))
    print(f"charts.line {mine:.1f} ms, {sizes[0]} bytes")
    print(f"pyplot + tight_layout {other:.1f} ms, {sizes[1]} bytes")
    print(f"ratio {mine / other:.2f} (at most {MOST})")
    return int(mine / other > MOST)


if __name__ == "__main__":
    sys.exit(main())
