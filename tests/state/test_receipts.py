from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest

from bot.model.chat import Level
from bot.model.timerange import TimeRange
from bot.state import receipts
from bot.state.engine import StateDb
from bot.state.receipts import IntFact, LakeFile, NewReceipt, Receipts

ANSWER = NewReceipt(
    command="usage 30d by model",
    level=Level.MEMBER,
    asker_id="U1",
    definitions_version="1",
    window=TimeRange(date(2026, 9, 20), date(2026, 10, 20)),
    facts=(IntFact("credits", 9_007_199_254_740_993), IntFact("cost_usd", None)),
    files=(LakeFile("usage/day=2026-10-19/part.parquet", "ab" * 32),),
)


async def test_a_receipt_comes_back_as_it_was_stored(db: StateDb, now: datetime) -> None:
    stored = await Receipts(db).store(ANSWER, now)
    assert re.fullmatch(r"R-[0-9A-Z]{8}", stored.id)
    assert await Receipts(db).load(stored.id.lower()) == stored
    assert stored.answer == ANSWER


async def test_an_answer_without_a_window_has_a_receipt_too(db: StateDb, now: datetime) -> None:
    stored = await Receipts(db).store(NewReceipt("help", Level.MEMBER, "U1", "1"), now)
    assert await Receipts(db).load(stored.id) == stored


async def test_an_unknown_receipt_is_none(db: StateDb) -> None:
    assert await Receipts(db).load("R-00000000") is None


async def test_an_id_that_is_taken_is_not_given_again(
    db: StateDb, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = iter(["R-AAAAAAAA", "R-AAAAAAAA", "R-BBBBBBBB"])
    monkeypatch.setattr(receipts, "new_id", lambda _prefix: next(ids))
    assert [(await Receipts(db).store(ANSWER, now)).id for _ in range(2)] == ["R-AAAAAAAA", "R-BBBBBBBB"]


async def test_old_receipts_can_be_forgotten(db: StateDb, now: datetime) -> None:
    old = await Receipts(db).store(ANSWER, now - timedelta(days=2))
    new = await Receipts(db).store(ANSWER, now)
    assert await Receipts(db).prune(now - timedelta(days=1)) == 1
    assert await Receipts(db).load(old.id) is None
    assert await Receipts(db).load(new.id) == new
