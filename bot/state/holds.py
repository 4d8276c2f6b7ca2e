"""Legal holds: a subject and a window that retention leaves alone until somebody releases it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from bot.model.timerange import TimeRange
from bot.state.columns import changed
from bot.state.engine import StateDb
from bot.state.tables import HOLDS as T


@dataclass(frozen=True, slots=True)
class NewHold:
    """What is pinned (`subject` is an id), for which case, and by whom."""

    kind: str
    subject: str
    window: TimeRange
    case: str
    set_by: str


@dataclass(frozen=True, slots=True)
class LegalHold:
    """A hold that stands; people call it `H-2`."""

    number: int
    held: NewHold
    set_at: datetime

    @property
    def id(self) -> str:
        """`H-2`."""
        return f"H-{self.number}"


@dataclass(frozen=True, slots=True)
class Holds:
    """The holds of this installation; released ones stay written down and are not listed."""

    db: StateDb

    async def set(self, hold: NewHold, now: datetime) -> LegalHold:
        """Pin it."""
        values = {
            "kind": hold.kind,
            "subject": hold.subject,
            "start": hold.window.start,
            "end": hold.window.end,
            "case_id": hold.case,
            "set_by": hold.set_by,
            "set_at": now,
        }
        async with self.db.write() as connection:
            row = (await connection.execute(T.insert().values(values).returning(*T.c))).one()
        return _hold(row)

    async def standing(self) -> tuple[LegalHold, ...]:
        """Every hold that was not released, oldest first."""
        async with self.db.read() as connection:
            rows = await connection.execute(select(T).where(T.c.released_at.is_(None)).order_by(T.c.id))
            return tuple(map(_hold, rows))

    async def release(self, number: int, by: str, now: datetime) -> bool:
        """End a hold; False when it is unknown or released already."""
        this = (T.c.id == number, T.c.released_at.is_(None))
        async with self.db.write() as connection:
            ended = update(T).where(*this).values(released_by=by, released_at=now)
            return await changed(connection, ended) == 1


def _hold(row: Row[Any]) -> LegalHold:
    held = NewHold(row.kind, row.subject, TimeRange(row.start, row.end), row.case_id, row.set_by)
    return LegalHold(row.id, held, row.set_at)
