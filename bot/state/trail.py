"""The audit trail: append-only lines, each holding the hash of the one before it.

A line's hash is SHA-256 over the JSON array `[seq, at, actor, action, subject, prev_hash]` in ASCII without
spaces; the first `prev_hash` is 64 zeros. A removed tail shows only against a head that was kept elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.state.columns import storable
from bot.state.engine import StateDb
from bot.state.tables import TRAIL as T

START = "0" * 64
_PAGE = 1_000

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class TrailHead:
    """The newest line's number and hash; `TrailHead(0, START)` for an empty trail."""

    seq: int = 0
    hash: str = START


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One line. `at` is ISO 8601 in UTC, `subject` canonical JSON: exactly the characters that are hashed."""

    seq: int
    at: str
    actor: str
    action: str
    subject: str
    prev_hash: str
    hash: str

    def computed_hash(self) -> str:
        """The hash that this line must have."""
        texts = (self.at, self.actor, self.action, self.subject, self.prev_hash)
        content = [self.seq, *map(str, texts)]  # SQLite keeps bytes in a column of text, too
        return hashlib.sha256(_canonical(content).encode()).hexdigest()


class TrailFault(StrEnum):
    """What `verify` can find. The first fault ends the search."""

    GAP = "gap"
    ORDER = "order"
    CHANGED = "changed"
    TRUNCATED = "truncated"
    OTHER_HISTORY = "other_history"


@dataclass(frozen=True, slots=True)
class TrailCheck:
    """`fault` is None for an intact trail; `seq` is where the fault shows, else the newest line."""

    fault: TrailFault | None
    seq: int
    head: TrailHead


@dataclass(frozen=True, slots=True)
class Trail:
    """The one trail of this state database, which itself refuses to change or delete its lines."""

    db: StateDb

    async def append(self, actor: str, action: str, subject: Mapping[str, Json], now: datetime) -> TrailLine:
        """Add a line; concurrent writers follow one another."""
        async with self.db.write(lock="trail") as connection:
            line = _next_line(await _newest(connection), actor, action, subject, now)
            await connection.execute(T.insert().values(asdict(line)))
        return line

    async def head(self) -> TrailHead:
        """The newest line's number and hash."""
        async with self.db.read() as connection:
            return await _newest(connection)

    async def lines(self, after: int = 0) -> AsyncIterator[TrailLine]:
        """Every line after number `after`, in order."""
        while True:
            async with self.db.read() as connection:
                rows = (
                    await connection.execute(select(T).where(T.c.seq > after).order_by(T.c.seq).limit(_PAGE))
                ).all()
            for row in rows:
                yield _line(row)
            if not rows:
                return
            after = rows[-1].seq

    async def verify(self, *known: TrailHead) -> TrailCheck:
        """Walk the chain; each `known` is a head kept elsewhere, which must be part of it."""
        head, others = TrailHead(), frozenset(known)
        numbers = frozenset(each.seq for each in others)
        async for line in self.lines():
            fault = _fault(line, head)
            if fault is None and line.seq in numbers and not _is_among(line, others):
                fault = TrailFault.OTHER_HISTORY
            if fault:
                return TrailCheck(fault, line.seq, head)
            head = TrailHead(line.seq, line.hash)
        truncated = max(numbers, default=0) > head.seq
        return TrailCheck(TrailFault.TRUNCATED if truncated else None, head.seq, head)


def _is_among(line: TrailLine, known: frozenset[TrailHead]) -> bool:
    """True when every known head of this number is this line."""
    return all(each.hash == line.hash for each in known if each.seq == line.seq)


def _fault(line: TrailLine, before: TrailHead) -> TrailFault | None:
    if line.seq != before.seq + 1:
        return TrailFault.GAP
    if line.prev_hash != before.hash:
        return TrailFault.ORDER
    return None if line.hash == line.computed_hash() else TrailFault.CHANGED


def _next_line(
    head: TrailHead, actor: str, action: str, subject: Mapping[str, Json], now: datetime
) -> TrailLine:
    at = now.astimezone(UTC).isoformat(timespec="microseconds")
    # Hashed as it will be stored, so that a hostile name cannot break the chain.
    line = TrailLine(head.seq + 1, at, storable(actor), action, _canonical(dict(subject)), head.hash, "")
    return replace(line, hash=line.computed_hash())


def _canonical(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=True, allow_nan=False)


async def _newest(connection: AsyncConnection) -> TrailHead:
    newest = select(T.c.seq, T.c.hash).order_by(T.c.seq.desc()).limit(1)
    row = (await connection.execute(newest)).one_or_none()
    return TrailHead() if row is None else TrailHead(row.seq, row.hash)


def _line(row: Row[Any]) -> TrailLine:
    return TrailLine(row.seq, row.at, row.actor, row.action, row.subject, row.prev_hash, row.hash)
