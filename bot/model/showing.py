"""What an answer shows: figures, tables and pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Unit(StrEnum):
    """Units of a figure. Credits, USD and estimated USD are three units and never mix."""

    PEOPLE = "people"
    THREADS = "threads"
    TURNS = "turns"
    CREDITS = "credits"
    USD = "usd"
    ESTIMATED_USD = "estimated_usd"
    TOKENS = "tokens"
    REVIEWS = "reviews"
    COMMENTS = "comments"
    REACTIONS = "reactions"
    PERCENT = "percent"
    RATIO = "ratio"
    DAYS = "days"
    EVENTS = "events"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure: `value` is written for people, `number` is unrounded, None means no data."""

    key: str
    label: str
    value: str
    number: float | None
    unit: Unit
    change_pct: float | None = None


CHANGE_KEY = "change_pct"
"""The key of every column of changes."""


@dataclass(frozen=True, slots=True)
class Column:
    """A table column; cells of a text column are strings."""

    key: str
    label: str
    unit: Unit = Unit.TEXT

    @property
    def is_change(self) -> bool:
        """True for changes in percent, which are written with their sign."""
        return self.key == CHANGE_KEY


Cell = str | float | int | None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of unrounded cells; None is no data. `title` is the caption.

    A `ranking` is for sorting and comparing: platforms that have a table of their own show it in that.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""
    ranking: bool = False


class PlotKind(StrEnum):
    """The shapes that charts of chat platforms have, too."""

    LINE = "line"
    BAR = "bar"


@dataclass(frozen=True, slots=True)
class Plot:
    """How a picture's `fallback` can be drawn by a platform itself: keys of columns of one unit.

    Each of `columns` is a series over the labels in the column `over`.
    """

    kind: PlotKind
    over: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG with the finding in words (`alt`). `fallback` is the table shown where the picture cannot be.

    With `plot` a platform that is allowed to draws the same itself.
    """

    png: bytes = field(repr=False)
    alt: str
    width_px: int
    height_px: int
    name: str = "chart.png"
    fallback: Table | None = None
    plot: Plot | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture still to be drawn. `fallback` is the table shown if it cannot be drawn or sent."""

    make: Callable[[], Figure]
    alt: str
    name: str = "chart.png"
    fallback: Table | None = None
    plot: Plot | None = None
