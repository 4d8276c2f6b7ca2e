from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.state.approvals import (
    ACCESS,
    VALID,
    Approval,
    Approvals,
    ApprovalState,
    Decision,
    NewApproval,
    Verdict,
)
from bot.state.engine import StateDb

ASKED = NewApproval("U1", '{"event":"e1"}', "INC-12 leaked key")
SECOND = timedelta(seconds=1)


@pytest.fixture
async def asked(db: StateDb, now: datetime) -> Approval:
    return await Approvals(db).request(ASKED, now)


async def test_a_request_has_a_number_and_a_nonce_of_its_own(
    db: StateDb, asked: Approval, now: datetime
) -> None:
    other = await Approvals(db).request(ASKED, now)
    assert asked.id == f"A-{asked.number}"
    assert (asked.asked, asked.state, asked.valid_until) == (ASKED, ApprovalState.REQUESTED, now + VALID)
    assert other.number != asked.number
    assert other.nonce != asked.nonce
    assert await Approvals(db).get(asked.number) == asked


async def test_an_approval_opens_for_its_requester_for_an_hour(
    db: StateDb, asked: Approval, now: datetime
) -> None:
    assert not asked.opens("U1", now)
    assert await Approvals(db).decide(asked.number, Verdict("U2", approve=True), now) is Decision.DECIDED
    held = await Approvals(db).get(asked.number)
    assert held
    assert (held.state, held.decided_by, held.decided_at) == (ApprovalState.APPROVED, "U2", now)
    assert held.opens("U1", now + ACCESS - SECOND)
    assert not held.opens("U1", now + ACCESS)
    assert not held.opens("U2", now)


async def test_a_refusal_opens_nothing(db: StateDb, asked: Approval, now: datetime) -> None:
    assert await Approvals(db).decide(asked.number, Verdict("U2", approve=False), now) is Decision.DECIDED
    held = await Approvals(db).get(asked.number)
    assert held
    assert held.state is ApprovalState.REFUSED
    assert not held.opens("U1", now)


@pytest.mark.parametrize("approve", [True, False])
async def test_nobody_decides_alone(db: StateDb, asked: Approval, now: datetime, approve: bool) -> None:  # noqa: FBT001 - a parameter
    verdict = Verdict("U1", approve, asked.nonce)
    assert await Approvals(db).decide(asked.number, verdict, now) is Decision.OWN_REQUEST
    assert await Approvals(db).get(asked.number) == asked


async def test_concurrent_clicks_decide_once(
    db: StateDb, other_db: StateDb, asked: Approval, now: datetime
) -> None:
    verdicts = [
        Approvals(one).decide(asked.number, Verdict(f"U{n + 2}", n % 2 == 0, asked.nonce), now)
        for n, one in enumerate((db, other_db) * 8)
    ]
    outcomes = await asyncio.gather(*verdicts)
    assert sorted(outcomes) == [Decision.ALREADY_DECIDED] * 15 + [Decision.DECIDED]
    held = await Approvals(db).get(asked.number)
    assert held
    winner = outcomes.index(Decision.DECIDED)
    assert held.decided_by == f"U{winner + 2}"
    assert held.state is (ApprovalState.APPROVED if winner % 2 == 0 else ApprovalState.REFUSED)


async def test_a_request_is_decided_within_half_an_hour_or_never(
    db: StateDb, asked: Approval, now: datetime
) -> None:
    verdict = Verdict("U2", approve=True)
    assert await Approvals(db).decide(asked.number, verdict, now + VALID) is Decision.EXPIRED
    assert await Approvals(db).decide(asked.number, verdict, now + VALID - SECOND) is Decision.DECIDED


async def test_a_button_of_another_request_decides_nothing(
    db: StateDb, asked: Approval, now: datetime
) -> None:
    other = await Approvals(db).request(ASKED, now)
    stolen = Verdict("U2", approve=True, nonce=other.nonce)
    assert await Approvals(db).decide(asked.number, stolen, now) is Decision.NOT_FOUND
    assert await Approvals(db).decide(other.number + 1, stolen, now) is Decision.NOT_FOUND
    assert await Approvals(db).get(asked.number) == asked
