"""Receipts of answers: what was asked and the integers that came out, so that it can be computed again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.chat import Level, PlaceLevel
from bot.model.timerange import TimeRange
from bot.state.columns import changed, insert_new
from bot.state.engine import StateDb
from bot.state.ids import new_id
from bot.state.tables import RECEIPTS

_SAME_INSTANT: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class IntFact:
    """One figure as the integer it was computed as; None is no data."""

    key: str
    value: int | None


@dataclass(frozen=True, slots=True)
class LakeFile:
    """A lake file the answer read, with the hash of its receipt."""

    path: str
    receipt_sha256: str


@dataclass(frozen=True, slots=True)
class NewReceipt:
    """What an answer leaves behind.

    `level` is what the answer needed and `explain` needs again, `place_level` what could be shown there.
    """

    command: str
    level: Level
    asker_id: str
    definitions_version: str
    window: TimeRange | None = None
    facts: tuple[IntFact, ...] = ()
    files: tuple[LakeFile, ...] = ()
    place_level: PlaceLevel = PlaceLevel.AGGREGATE


@dataclass(frozen=True, slots=True)
class Receipt:
    """A stored receipt under its id, `R-` and 8 characters."""

    id: str
    answer: NewReceipt
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Receipts:
    """Receipts by id."""

    db: StateDb

    async def store(self, answer: NewReceipt, now: datetime) -> Receipt:
        """Keep `answer` under a new id that nobody else has.

        Answers to one person in the same instant are a microsecond apart, so that the newest is known.
        """
        async with self.db.write() as connection:
            instant = await _after_others(connection, answer.asker_id, now)
            while True:
                receipt = Receipt(new_id("R"), answer, instant)
                if await insert_new(connection, RECEIPTS, _values(receipt)):
                    return receipt

    async def load(self, receipt_id: str) -> Receipt | None:
        """Find the receipt of this id, typed in any case; None when there is none."""
        async with self.db.read() as connection:
            row = (
                await connection.execute(select(RECEIPTS).where(RECEIPTS.c.id == receipt_id.upper()))
            ).one_or_none()
        return None if row is None else _receipt(row)

    async def latest(self, asker_id: str) -> Receipt | None:
        """Find the newest receipt of a person; None when there is none."""
        newest = RECEIPTS.c.created_at.desc(), RECEIPTS.c.id
        query = select(RECEIPTS).where(RECEIPTS.c.asker_id == asker_id).order_by(*newest).limit(1)
        async with self.db.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else _receipt(row)

    async def prune(self, before: datetime) -> int:
        """Forget receipts older than `before`; returns how many."""
        async with self.db.write() as connection:
            return await changed(connection, delete(RECEIPTS).where(RECEIPTS.c.created_at < before))


async def _after_others(connection: AsyncConnection, asker_id: str, now: datetime) -> datetime:
    instant = RECEIPTS.c.created_at
    same = (RECEIPTS.c.asker_id == asker_id, instant >= now, instant < now + _SAME_INSTANT)
    newest = (
        await connection.execute(select(instant).where(*same).order_by(instant.desc()).limit(1))
    ).scalar_one_or_none()
    return now if newest is None else newest + timedelta(microseconds=1)


def _values(receipt: Receipt) -> dict[str, Any]:
    answer = receipt.answer
    return {
        "id": receipt.id,
        "command": answer.command,
        "level": answer.level.value,
        "asker_id": answer.asker_id,
        "place_level": answer.place_level.value,
        "window_start": answer.window.start if answer.window else None,
        "window_end": answer.window.end if answer.window else None,
        "definitions_version": answer.definitions_version,
        "facts": [[fact.key, fact.value] for fact in answer.facts],
        "files": [[file.path, file.receipt_sha256] for file in answer.files],
        "created_at": receipt.created_at,
    }


def _receipt(row: Row[Any]) -> Receipt:
    answer = NewReceipt(
        command=row.command,
        level=Level(row.level),
        asker_id=row.asker_id,
        definitions_version=row.definitions_version,
        window=TimeRange(row.window_start, row.window_end) if row.window_start else None,
        facts=tuple(IntFact(key, value) for key, value in row.facts),
        files=tuple(LakeFile(path, sha256) for path, sha256 in row.files),
        place_level=PlaceLevel(row.place_level),
    )
    return Receipt(row.id, answer, row.created_at)
