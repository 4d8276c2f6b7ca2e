"""What is asked and what is answered, without any platform in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from bot.model.query import Query
from bot.model.timerange import TimeRange

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SCHEMA = 1


class Level(StrEnum):
    """What a person may see. Investigator and approver are grants of their own and imply nothing."""

    MEMBER = "member"
    ANALYST = "analyst"
    ADMIN = "admin"
    INVESTIGATOR = "investigator"
    APPROVER = "approver"


class Platform(StrEnum):
    """The chat platforms."""

    SLACK = "slack"
    TEAMS = "teams"


class PlaceKind(StrEnum):
    """Where a question was typed."""

    CHANNEL = "channel"
    DM = "dm"
    SHARED = "shared"


class PlaceLevel(StrEnum):
    """What may be shown in a place (design section 7)."""

    AGGREGATE = "aggregate"
    PEOPLE = "people"
    INVESTIGATIONS = "investigations"


class Audience(StrEnum):
    """Who receives the answer: everyone in the place, or only the person who asked."""

    HERE = "here"
    ASKER = "asker"


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
class Asker:
    """Who asks. `levels` is empty for guests and for people of other workspaces."""

    id: str
    email: str | None = None
    levels: frozenset[Level] = frozenset()
    codex_user_id: str | None = None

    def has(self, level: Level) -> bool:
        """True when `level` is held."""
        return level in self.levels


@dataclass(frozen=True, slots=True)
class Place:
    """Where it was asked. A DM and the asker are the same audience.

    `address` is what the platform needs beyond the id to post here later (Teams: the service URL).
    """

    id: str
    kind: PlaceKind = PlaceKind.CHANNEL
    level: PlaceLevel = PlaceLevel.AGGREGATE
    platform: Platform = Platform.SLACK
    address: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One command line with who, where and when. `text` is what was typed after the slash command."""

    text: str
    asker: Asker
    place: Place
    now: datetime
    id: str = ""
    query: Query = field(default_factory=Query)


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


@dataclass(frozen=True, slots=True)
class File:
    """A file on disk that the adapter sends and the sender's owner deletes."""

    name: str
    media_type: str
    path: Path
    sha256: str


@dataclass(frozen=True, slots=True)
class Action:
    """A button. `command` is the typed text that does the same. Actions with one `group` form a select."""

    id: str
    label: str
    command: str
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Footer:
    """Where the figures come from. Dates are UTC days; the window's end is exclusive."""

    window: TimeRange | None = None
    complete_through: date | None = None
    missing_days: tuple[date, ...] = ()
    partial_days: tuple[date, ...] = ()
    synced_at: datetime | None = None
    receipt: str | None = None
    definitions_version: str = ""


@dataclass(frozen=True, slots=True)
class BasisFile:
    """A lake file that an answer was computed from: `DATASET/day=YYYY-MM-DD` and its sha256 or receipt id."""

    name: str
    digest: str
    row_count: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. `text` opens with the finding and is complete without table or picture.

    A handler returns `drawings`; dispatch draws them, so that what an adapter sees are `pictures`.
    `basis` names the lake files behind the figures, for the receipt. One that is `dm_only` is shown in a
    direct message and nowhere else; at `expires_at` it is deleted and leaves a tombstone. `check_failed`:
    what was to be checked does not hold.
    """

    command: str
    text: str
    facts: tuple[Fact, ...] = ()
    table: Table | None = None
    drawings: tuple[Drawing, ...] = ()
    pictures: tuple[Picture, ...] = ()
    files: tuple[File, ...] = ()
    actions: tuple[Action, ...] = ()
    audience: Audience = Audience.HERE
    footer: Footer = Footer()
    basis: tuple[BasisFile, ...] = ()
    dm_only: bool = False
    expires_at: datetime | None = None
    check_failed: bool = False

    def without_pictures(self) -> Reply:
        """The same for where no picture can be shown: with the table behind the first one that has any."""
        behind = (picture.fallback for picture in self.pictures)
        table = self.table or next((table for table in behind if table is not None), None)
        return replace(self, pictures=(), table=table)


class RefusalCode(StrEnum):
    """Why there is no answer; the exit code of the command line follows from it."""

    WRONG_USE = "wrong_use"
    NOT_ALLOWED = "not_allowed"
    UNAVAILABLE = "unavailable"
    BUG = "bug"


@dataclass(frozen=True, slots=True)
class Refusal:
    """No answer: what failed and what to do. `ref` finds the log line of a bug. Always for the asker only.

    `actions` ask what was probably meant.
    """

    code: RefusalCode
    message: str
    hint: str = ""
    ref: str | None = None
    actions: tuple[Action, ...] = ()


Answer = Reply | Refusal
