"""What is asked and what is answered, without any platform in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from bot.model.asking import Asker, Level, Place, PlaceKind, PlaceLevel, Platform, Request
from bot.model.showing import CHANGE_KEY, Cell, Column, Drawing, Fact, Picture, Plot, PlotKind, Table, Unit
from bot.model.timerange import TimeRange

__all__ = [
    "CHANGE_KEY",
    "SCHEMA",
    "Action",
    "Answer",
    "Asker",
    "Audience",
    "BasisFile",
    "Cell",
    "Column",
    "Drawing",
    "Fact",
    "File",
    "Footer",
    "Level",
    "Picture",
    "Place",
    "PlaceKind",
    "PlaceLevel",
    "Platform",
    "Plot",
    "PlotKind",
    "Refusal",
    "RefusalCode",
    "Reply",
    "Request",
    "Table",
    "Unit",
]

SCHEMA = 1


class Audience(StrEnum):
    """Who receives the answer: everyone in the place, or only the person who asked."""

    HERE = "here"
    ASKER = "asker"


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
