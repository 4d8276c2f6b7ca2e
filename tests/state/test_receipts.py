from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.model.chat import Level, PlaceLevel
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


async def test_the_newest_answer_of_a_person_is_known_even_while_the_clock_stands_still(
    db: StateDb, now: datetime
) -> None:
    kept = Receipts(db)
    assert await kept.latest("U1") is None
    stored = [await kept.store(ANSWER, now) for _ in range(5)]
    await kept.store(replace(ANSWER, asker_id="U2"), now + timedelta(minutes=1))
    assert await kept.latest("U1") == stored[-1]
    assert stored[0].created_at == now
    earlier = await kept.store(ANSWER, now - timedelta(days=1))
    assert earlier.created_at == now - timedelta(days=1)


async def test_what_could_be_shown_where_it_was_asked_is_kept(db: StateDb, now: datetime) -> None:
    stored = await Receipts(db).store(replace(ANSWER, place_level=PlaceLevel.PEOPLE), now)
    assert await Receipts(db).load(stored.id) == stored
