"""Answers to render and deliver in the tests of this folder."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.model.chat import (
    Action,
    Asker,
    Audience,
    Column,
    Fact,
    Footer,
    Level,
    Picture,
    Place,
    Reply,
    Request,
    Table,
    Unit,
)
from bot.model.timerange import TimeRange

NOW = datetime(2026, 10, 21, 15, 0, tzinfo=UTC)
HOSTILE = "<!channel> <https://evil.example|click> & *bold* `x` \u202egnp.exe\x00"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
CREDITS = Fact("credits", "Credits", "12,345.6", 12345.6, Unit.CREDITS, 14.2)
FOOTER = Footer(
    window=TimeRange(date(2026, 9, 21), date(2026, 10, 21)),
    synced_at=NOW - timedelta(hours=1),
    receipt="R-7K3M9QXD",
)


def table(rows: int) -> Table:
    columns = (Column("model", "Model"), Column("credits", "Credits", Unit.CREDITS))
    return Table(columns, tuple((f"model-{n}", 1000.5 * n) for n in range(rows)), title="Credits by model")


def picture(**changes: Any) -> Picture:
    return Picture(PNG, "Credits rose 14.2 % to 12,345.6", 1000, 500, **changes)


def reply(**changes: Any) -> Reply:
    given: dict[str, Any] = {
        "command": "usage 30d",
        "text": "Credits rose 14.2 % to 12,345.6 in 30 days.",
        "facts": (CREDITS,),
        "table": table(3),
        "footer": FOOTER,
        "actions": (
            Action("r7", "7 days", "usage 7d", group="Range"),
            Action("r90", "90 days", "usage 90d", group="Range"),
            Action("explain", "Explain", "explain R-7K3M9QXD"),
        ),
    }
    return Reply(**{**given, **changes})


def private(**changes: Any) -> Reply:
    return reply(audience=Audience.ASKER, **changes)


def request(text: str = "usage 30d") -> Request:
    asker = Asker("U0000AAAA", "ada@example.com", frozenset({Level.MEMBER}))
    return Request(text, asker, Place("C0000AAAA"), NOW)
