"""Signed heads of the trail, one a day: what the trail must still hold later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select, update

from bot.model.signing import Signer, is_signed
from bot.state.engine import StateDb
from bot.state.tables import TRAIL_HEADS as T
from bot.state.trail import TrailHead

KIND = "codex-pulse trail head"


@dataclass(frozen=True, slots=True)
class SignedHead:
    """The head of the trail on a UTC day, signed with the installation's key."""

    day: date
    head: TrailHead
    public_key: str
    signature: str
    posted_at: datetime | None = None

    def is_by(self, public_key: str) -> bool:
        """True when it is as `public_key` signed it."""
        return self.public_key == public_key and is_signed(
            _document(self.day, self.head), self.signature, public_key
        )


def signed_head(day: date, head: TrailHead, signer: Signer) -> SignedHead:
    """Sign the head of a day."""
    return SignedHead(day, head, signer.public_key, signer.sign(_document(day, head)))


def _document(day: date, head: TrailHead) -> dict[str, Any]:
    return {"kind": KIND, "schema": 1, "day": day.isoformat(), "seq": head.seq, "hash": head.hash}


@dataclass(frozen=True, slots=True)
class TrailHeads:
    """The heads kept here. Whoever can write to the trail can delete them: hence the channel."""

    db: StateDb

    async def of(self, day: date) -> SignedHead | None:
        """The head kept for a day."""
        async with self.db.read() as connection:
            row = (await connection.execute(select(T).where(T.c.day == day))).one_or_none()
        return None if row is None else _head(row)

    async def all(self) -> tuple[SignedHead, ...]:
        """Every head kept, oldest first."""
        async with self.db.read() as connection:
            return tuple(map(_head, await connection.execute(select(T).order_by(T.c.day))))

    async def keep(self, signed: SignedHead) -> SignedHead:
        """Keep the first head of its day, and say which that is."""
        values = {
            "day": signed.day,
            "seq": signed.head.seq,
            "hash": signed.head.hash,
            "public_key": signed.public_key,
            "signature": signed.signature,
        }
        async with self.db.write(lock="trail_heads") as connection:
            row = (await connection.execute(select(T).where(T.c.day == signed.day))).one_or_none()
            if row is None:
                await connection.execute(T.insert().values(values))
        return signed if row is None else _head(row)

    async def posted(self, day: date, now: datetime) -> None:
        """Note that the head of a day stands in the channel."""
        async with self.db.write() as connection:
            await connection.execute(update(T).where(T.c.day == day).values(posted_at=now))


def _head(row: Row[Any]) -> SignedHead:
    return SignedHead(row.day, TrailHead(row.seq, row.hash), row.public_key, row.signature, row.posted_at)
