"""Approvals by a second person: decided once, valid 30 minutes, opening access for 60 minutes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, select, update

from bot.state.columns import changed
from bot.state.engine import StateDb
from bot.state.tables import APPROVALS as T

VALID = timedelta(minutes=30)
ACCESS = timedelta(minutes=60)


class ApprovalState(StrEnum):
    """What became of a request. An undecided one that is no longer valid stays REQUESTED and is dead."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"


class Decision(StrEnum):
    """What an attempt to decide came to."""

    DECIDED = "decided"
    OWN_REQUEST = "own_request"
    ALREADY_DECIDED = "already_decided"
    EXPIRED = "expired"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class NewApproval:
    """Who asks for what and why. `subject` names it exactly, in the asker's own JSON."""

    requester_id: str
    subject: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Approval:
    """A stored request; people call it `A-12`. `nonce` belongs into its buttons and nowhere else."""

    number: int
    asked: NewApproval
    state: ApprovalState
    nonce: str
    requested_at: datetime
    valid_until: datetime
    decided_by: str | None
    decided_at: datetime | None
    access_until: datetime | None

    @property
    def id(self) -> str:
        """`A-12`."""
        return f"A-{self.number}"

    def opens(self, requester_id: str, now: datetime) -> bool:
        """True while this approval lets its requester in."""
        mine = self.state is ApprovalState.APPROVED and self.asked.requester_id == requester_id
        return mine and self.access_until is not None and now < self.access_until


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision: by whom, which way, and for a button the nonce it carried (None when typed)."""

    by: str
    approve: bool
    nonce: str | None = None


@dataclass(frozen=True, slots=True)
class Approvals:
    """Requests for approval. Who may approve at all is the policy's business; here nobody approves alone."""

    db: StateDb

    async def request(self, asked: NewApproval, now: datetime) -> Approval:
        """Store a request with a nonce of its own."""
        values = {
            "requester_id": asked.requester_id,
            "subject": asked.subject,
            "purpose": asked.purpose,
            "state": ApprovalState.REQUESTED.value,
            "nonce": secrets.token_urlsafe(16),
            "requested_at": now,
            "valid_until": now + VALID,
        }
        async with self.db.write() as connection:
            await connection.execute(T.insert().values(values))
            row = (await connection.execute(select(T).where(T.c.nonce == values["nonce"]))).one()
        return _approval(row)

    async def get(self, number: int) -> Approval | None:
        """The request of this number; None when there is none."""
        async with self.db.read() as connection:
            row = (await connection.execute(select(T).where(T.c.id == number))).one_or_none()
        return None if row is None else _approval(row)

    async def decide(self, number: int, verdict: Verdict, now: datetime) -> Decision:
        """Decide a request; of any number of concurrent verdicts exactly one is DECIDED.

        A nonce of another request is NOT_FOUND; refusing one's own request is refused like approving it.
        """
        this = [
            T.c.id == number,
            T.c.state == ApprovalState.REQUESTED.value,
            T.c.requester_id != verdict.by,
            T.c.valid_until > now,
        ]
        if verdict.nonce is not None:
            this.append(T.c.nonce == verdict.nonce)
        async with self.db.write() as connection:
            if await changed(connection, update(T).where(*this).values(_decided(verdict, now))) == 1:
                return Decision.DECIDED
        return _why_not(await self.get(number), verdict)


def _decided(verdict: Verdict, now: datetime) -> dict[str, Any]:
    state = ApprovalState.APPROVED if verdict.approve else ApprovalState.REFUSED
    access = now + ACCESS if verdict.approve else None
    return {"state": state.value, "decided_by": verdict.by, "decided_at": now, "access_until": access}


def _why_not(held: Approval | None, verdict: Verdict) -> Decision:
    if held is None or (verdict.nonce is not None and verdict.nonce != held.nonce):
        return Decision.NOT_FOUND
    if held.asked.requester_id == verdict.by:
        return Decision.OWN_REQUEST
    return Decision.EXPIRED if held.state is ApprovalState.REQUESTED else Decision.ALREADY_DECIDED


def _approval(row: Row[Any]) -> Approval:
    return Approval(
        number=row.id,
        asked=NewApproval(row.requester_id, row.subject, row.purpose),
        state=ApprovalState(row.state),
        nonce=row.nonce,
        requested_at=row.requested_at,
        valid_until=row.valid_until,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        access_until=row.access_until,
    )
