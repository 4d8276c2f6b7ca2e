"""What an activity is rendered for: the client, what is said around the answer, and how much of it fits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.teams import limits


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the client at the other end can show.

    `own_keywords`: Teams' additions, which its clients know and the published schema refuses.
    """

    tables: bool = True
    pictures: bool = True
    buttons: bool = True
    own_keywords: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """What rendering needs beside the answer: the time, our command, and what the client can show."""

    now: datetime
    command: str = "/codex"
    can: Capabilities = Capabilities()
    message_bytes: int = limits.MESSAGE_BYTES


@dataclass(frozen=True, slots=True)
class Frame:
    """What is said around an answer: who asked what (no `asker`: nobody), a closing line, links to files.

    `is_private`: buttons of this message answer privately, too.
    """

    asker: str = ""
    asked: str = ""
    note: str = ""
    links: tuple[tuple[str, str], ...] = ()
    is_private: bool = False


UNFRAMED = Frame()
"""Nothing is said around the answer."""


@dataclass(frozen=True, slots=True)
class Room:
    """How much of an answer is shown; the size gate takes from it step by step."""

    rows: int = limits.TABLE_ROWS - 1
    rows_of_buttons: int = limits.BUTTON_ROWS
    lines: int = limits.LINES
    line_text: int = limits.LINE_TEXT
    facts: int = limits.FACTS


FULL = Room()
STEPS = (
    FULL,
    *(replace(FULL, rows=rows) for rows in (12, 6, 3, 0)),
    replace(FULL, rows=0, rows_of_buttons=1),
    replace(FULL, rows=0, rows_of_buttons=0),
    Room(rows=0, rows_of_buttons=0, lines=20, line_text=1_000, facts=20),
    Room(rows=0, rows_of_buttons=0, lines=4, line_text=400, facts=8),
)
