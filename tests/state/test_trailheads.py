from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from bot.model.signing import Signer
from bot.state.engine import StateDb
from bot.state.trail import Trail, TrailFault, TrailHead
from bot.state.trailheads import TrailHeads, signed_head

DAY = date(2026, 10, 21)
SIGNER, OTHER = Signer(bytes(32)), Signer(bytes([1]) * 32)
HEAD = TrailHead(5, "a" * 64)


async def test_the_first_head_of_a_day_is_kept(db: StateDb, other_db: StateDb, now: datetime) -> None:
    first = await TrailHeads(db).keep(signed_head(DAY, HEAD, SIGNER))
    second = await TrailHeads(other_db).keep(signed_head(DAY, TrailHead(9, "b" * 64), SIGNER))
    assert first == second == await TrailHeads(db).of(DAY)
    await TrailHeads(db).posted(DAY, now)
    assert [each.posted_at for each in await TrailHeads(db).all()] == [now]
    assert await TrailHeads(db).of(date(2026, 10, 22)) is None


@pytest.mark.parametrize(
    "change",
    [{"day": date(2026, 10, 20)}, {"head": TrailHead(4, HEAD.hash)}, {"head": TrailHead(5, "b" * 64)}],
)
def test_a_head_that_was_changed_is_nobodys(change: dict[str, object]) -> None:
    signed = signed_head(DAY, HEAD, SIGNER)
    assert signed.is_by(SIGNER.public_key)
    assert not signed.is_by(OTHER.public_key)
    assert not replace(signed, **change).is_by(SIGNER.public_key)  # type: ignore[arg-type]


async def test_each_of_several_heads_must_be_part_of_the_trail(db: StateDb, now: datetime) -> None:
    trail, heads = Trail(db), []
    for n in range(3):
        await trail.append("U1", "look", {"n": n}, now)
        heads.append(await trail.head())
    assert (await trail.verify(*heads)).fault is None
    wrong = TrailHead(2, "f" * 64)
    check = await trail.verify(*heads, wrong)
    assert (check.fault, check.seq) == (TrailFault.OTHER_HISTORY, 2)
    assert (await trail.verify(*heads, TrailHead(4, "f" * 64))).fault is TrailFault.TRUNCATED
