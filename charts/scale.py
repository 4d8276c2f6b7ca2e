"""From values to pixels: boxes, linear scales and round ticks."""

from __future__ import annotations

import math
from dataclasses import dataclass

# Far below anything counted; below it steps would round to nothing.
_SMALLEST_STEP = 1e-12
_NEXT_TO_NOTHING = 1.1
_ROUND_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels from the picture's top-left corner; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Pixels from left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Pixels from top to bottom."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """The y halfway down."""
        return (self.top + self.bottom) / 2

    @property
    def middle_x(self) -> float:
        """The x halfway across."""
        return (self.left + self.right) / 2

    def inset(self, left: float = 0, top: float = 0, right: float = 0, bottom: float = 0) -> Box:
        """Return a smaller box: each side moved inwards."""
        return Box(self.left + left, self.top + top, self.right - right, self.bottom - bottom)


@dataclass(frozen=True, slots=True)
class Linear:
    """A straight scale: `low` falls on `start_px`, `high` on `end_px`."""

    low: float
    high: float
    start_px: float
    end_px: float

    def __call__(self, value: float) -> float:
        """Return the pixel of `value`; a scale without extent puts everything in its middle."""
        if self.high == self.low:
            return (self.start_px + self.end_px) / 2
        share = (value - self.low) / (self.high - self.low)
        return self.start_px + share * (self.end_px - self.start_px)


def ticks(low: float, high: float, about: int = 4, *, whole: bool = False) -> tuple[float, ...]:
    """Round values from at most `low` to at least `high`, always with zero, `about` of them.

    `whole` allows only integers: half a person is no tick.
    """
    low, high = min(low, 0.0), max(high, 0.0)
    step = _round_step((high - low) / about) if high > low else 1.0
    while whole and step != int(step):
        step = _round_step(step * 1.01)
    first = math.floor(low / step + 1e-9)
    last = max(math.ceil(high / step - 1e-9), first + 1)
    return tuple(index * step for index in range(first, last + 1))


def snug(low: float, high: float, few: int, many: int, *, whole: bool = False) -> tuple[float, ...]:
    """Of `ticks`, about `few` to about `many`, the fewest that leave next to no more room empty than any."""
    found = [ticks(low, high, about, whole=whole) for about in range(few, max(few, many) + 1)]
    least = min(at[-1] - at[0] for at in found)
    return next(at for at in found if at[-1] - at[0] <= least * _NEXT_TO_NOTHING)


def _round_step(rough: float) -> float:
    rough = max(rough, _SMALLEST_STEP)
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in _ROUND_STEPS if step * power >= rough * (1 - 1e-9))


def spread(wanted: tuple[float, ...], apart: float, low: float, high: float) -> tuple[float, ...]:
    """Positions near `wanted`, in its order of values, at least `apart` from each other, inside low..high.

    When they cannot all fit they keep their distance and start at `low`.
    """
    order = sorted(range(len(wanted)), key=lambda index: (wanted[index], index))
    placed = [0.0] * len(wanted)
    floor = low
    for index in order:
        placed[index] = max(wanted[index], floor)
        floor = placed[index] + apart
    ceiling = max(high, low + apart * (len(wanted) - 1))
    for index in reversed(order):
        placed[index] = min(placed[index], ceiling)
        ceiling = placed[index] - apart
    return tuple(placed)
