"""A part of a whole and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Final

from bot.metrics.figures import ratio

TOO_FEW: Final = 10
"""Below this many cases a share cannot be told."""
_Z_95: Final = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole` with its 95 % Wilson interval; all between 0 and 1, None without cases."""

    part: int
    whole: int

    @property
    def rate(self) -> float | None:
        """Part / whole."""
        return ratio(self.part, self.whole)

    @property
    def too_few(self) -> bool:
        """True when there are fewer than 10 cases: say "too few to tell"."""
        return self.whole < TOO_FEW

    @property
    def interval(self) -> tuple[float, float] | None:
        """Lower and upper end of the 95 % interval (Wilson 1927)."""
        return wilson(self.part, self.whole) if self.whole else None


def wilson(part: int, whole: int) -> tuple[float, float]:
    """95 % interval of a share; `whole` must be above 0."""
    share, z2 = part / whole, _Z_95**2
    centre = share + z2 / (2 * whole)
    half = _Z_95 * sqrt(share * (1 - share) / whole + z2 / (4 * whole**2))
    scale = 1 + z2 / whole
    # at the ends the formula gives exactly 0 and 1, floats almost
    low = (centre - half) / scale if part else 0.0
    high = (centre + half) / scale if part < whole else 1.0
    return low, high
