"""Series over days: what a line, a column or a stack is made of."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from charts import numbers, style
from charts.dates import Period

OTHER = "Other"
SMOOTHED = "7-day average"

_WEEK_DAYS = 7
_LONGEST_DAILY = 200


@dataclass(frozen=True, slots=True)
class Series:
    """A named row of values, one per day of its chart. None is a day without data, never zero.

    `rest` says that it is what no other has; it is grey.
    """

    name: str
    values: tuple[float | None, ...]
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Painted:
    """A series with its place in the palette; `named` is False for one drawn only as context."""

    series: Series
    colour: str
    text_colour: str
    named: bool = True


def check(days: tuple[date, ...], series: tuple[Series, ...]) -> None:
    """Raise ValueError unless the days rise and each series has one value a day."""
    if any(later <= earlier for earlier, later in itertools.pairwise(days)):
        message = "days must rise"
        raise ValueError(message)
    for one in series:
        if len(one.values) != len(days):
            message = f"a series has {len(one.values)} values for {len(days)} days"
            raise ValueError(message)


def paint(series: tuple[Series, ...], *, additive: bool) -> tuple[Painted, ...]:
    """Return the series worth a colour, largest first past the palette's size, and what becomes of the rest.

    Additive series are summed into "Other", a `rest` among them whatever its size, so that it stays on top;
    None on a day on which any of them is None. Others stay lines of their own in grey, because people of
    two series may be the same people.
    """
    held = tuple(replace(one, values=numbers.finites(one.values)) for one in series)
    held = tuple(one for one in held if numbers.known(one.values))
    if len(held) <= style.MOST_SERIES:
        return tuple(_painted(one, index) for index, one in enumerate(held))
    ranked = sorted(held, key=lambda one: (one.rest, -sum(numbers.known(one.values))))
    first, rest = ranked[: style.MOST_SERIES - 1], tuple(ranked[style.MOST_SERIES - 1 :])
    top = tuple(_painted(one, index) for index, one in enumerate(first))
    if additive:
        return (*top, Painted(_total(rest), *style.REST))
    return (*top, *(Painted(one, style.CONTEXT, style.OTHER_TEXT, named=False) for one in rest))


def _painted(series: Series, index: int) -> Painted:
    return Painted(series, *(style.REST if series.rest else style.series_colours(index)))


def smooth(series: Series) -> Series:
    """Return the 7-day average ending with each day; None unless all seven days are known."""
    values = series.values
    windows = (values[max(0, at - _WEEK_DAYS + 1) : at + 1] for at in range(len(values)))
    return replace(series, values=tuple(_mean(window) for window in windows))


def is_long(days: tuple[date, ...], period: Period) -> bool:
    """Say whether days are so many that their weekly rhythm would hide the trend."""
    return period is Period.DAY and len(days) > _LONGEST_DAILY


def stretches(flags: Sequence[bool]) -> tuple[tuple[int, int], ...]:
    """Return the half-open ranges of places at which `flags` is true."""
    found: list[tuple[int, int]] = []
    for index, flag in enumerate(flags):
        if flag and found and found[-1][1] == index:
            found[-1] = (found[-1][0], index + 1)
        elif flag:
            found.append((index, index + 1))
    return tuple(found)


def _mean(window: tuple[float | None, ...]) -> float | None:
    known = numbers.known(window)
    return sum(known) / _WEEK_DAYS if len(known) == _WEEK_DAYS else None


def _total(rest: tuple[Series, ...]) -> Series:
    columns = zip(*(one.values for one in rest), strict=True)
    sums = (
        None if None in column else sum(value for value in column if value is not None) for column in columns
    )
    return Series(f"{OTHER} ({len(rest)})", tuple(sums))
