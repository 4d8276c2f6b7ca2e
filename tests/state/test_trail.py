from __future__ import annotations

import asyncio
from datetime import datetime
from itertools import chain, repeat

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.state.engine import StateDb
from bot.state.trail import START, Trail, TrailFault, TrailHead


@pytest.fixture
async def trail(db: StateDb, now: datetime) -> Trail:
    trail = Trail(db)
    for n in range(5):
        await trail.append("U1", "investigate", {"subject": f"hash{n}", "hits": n}, now)
    return trail


async def tamper(db: StateDb, *statements: str) -> None:
    """What somebody with the database's own password can do."""
    sqlite = ("DROP TRIGGER trail_no_update", "DROP TRIGGER trail_no_delete")
    postgres = ("DROP TRIGGER trail_append_only ON trail",)
    async with db.write() as connection:
        for statement in (*(sqlite if db.is_sqlite else postgres), *statements):
            await connection.execute(text(statement))


async def test_an_untouched_trail_is_intact(trail: Trail) -> None:
    check = await trail.verify(await trail.head())
    assert (check.fault, check.seq) == (None, 5)
    assert [line.seq async for line in trail.lines(after=3)] == [4, 5]


async def test_an_empty_trail_is_intact_and_has_the_first_head(db: StateDb) -> None:
    assert await Trail(db).head() == TrailHead(0, START)
    assert (await Trail(db).verify()).fault is None


async def test_writers_at_the_same_time_follow_one_another(
    db: StateDb, other_db: StateDb, now: datetime
) -> None:
    writers = chain.from_iterable(repeat((db, other_db), 10))
    await asyncio.gather(*(Trail(one).append("U1", "look", {"n": n}, now) for n, one in enumerate(writers)))
    check = await Trail(db).verify()
    assert (check.fault, check.seq) == (None, 20)


@pytest.mark.parametrize("statement", ["UPDATE trail SET actor = 'U9' WHERE seq = 2", "DELETE FROM trail"])
async def test_the_database_itself_refuses_to_change_a_line(
    db: StateDb, trail: Trail, statement: str
) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        async with db.write() as connection:
            await connection.execute(text(statement))
    assert (await trail.verify()).seq == 5


@pytest.mark.parametrize("column", ["at", "actor", "action", "subject"])
async def test_a_changed_line_is_found(db: StateDb, trail: Trail, column: str) -> None:
    await tamper(db, f"UPDATE trail SET {column} = 'x' WHERE seq = 3")  # noqa: S608 - the columns above
    check = await trail.verify()
    assert (check.fault, check.seq, check.head.seq) == (TrailFault.CHANGED, 3, 2)


@pytest.mark.parametrize("seq", [1, 3])
async def test_a_missing_line_is_found(db: StateDb, trail: Trail, seq: int) -> None:
    await tamper(db, f"DELETE FROM trail WHERE seq = {seq}")  # noqa: S608 - a number
    check = await trail.verify()
    assert (check.fault, check.seq) == (TrailFault.GAP, seq + 1)


async def test_lines_in_another_order_are_found(db: StateDb, trail: Trail) -> None:
    swap = ("SET seq = 99 WHERE seq = 2", "SET seq = 2 WHERE seq = 3", "SET seq = 3 WHERE seq = 99")
    await tamper(db, *(f"UPDATE trail {one}" for one in swap))
    check = await trail.verify()
    assert (check.fault, check.seq) == (TrailFault.ORDER, 2)


async def test_a_cut_tail_shows_against_a_head_kept_elsewhere(db: StateDb, trail: Trail) -> None:
    head = await trail.head()
    await tamper(db, "DELETE FROM trail WHERE seq > 3")
    assert (await trail.verify()).fault is None
    assert (await trail.verify(head)).fault is TrailFault.TRUNCATED


async def test_a_rewritten_history_shows_against_a_head_kept_elsewhere(
    db: StateDb, trail: Trail, now: datetime
) -> None:
    head = await trail.head()
    await tamper(db, "DELETE FROM trail WHERE seq > 3")
    for _ in range(3):
        await trail.append("U1", "innocent", {}, now)
    assert (await trail.verify()).fault is None
    assert (await trail.verify(head)).fault is TrailFault.OTHER_HISTORY


async def test_hostile_words_do_not_break_the_chain(trail: Trail, now: datetime) -> None:
    await trail.append("U\0\ud800é<!channel>", "look", {"purpose": "\0\u202e\ud800 <!channel>"}, now)
    assert (await trail.verify()).seq == 6
