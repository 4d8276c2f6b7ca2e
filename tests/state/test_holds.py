from __future__ import annotations

import asyncio
from datetime import date, datetime
from itertools import chain, repeat

from bot.model.timerange import TimeRange
from bot.state.engine import StateDb
from bot.state.holds import Holds, NewHold

WINDOW = TimeRange(date(2026, 9, 1), date(2026, 10, 1))


def hold(subject: str) -> NewHold:
    return NewHold("user", subject, WINDOW, "INC-12", "U1")


async def test_a_hold_stands_until_it_is_released_once(db: StateDb, now: datetime) -> None:
    first = await Holds(db).set(hold("user-1"), now)
    second = await Holds(db).set(hold("user-2"), now)
    assert (first.id, second.id) == ("H-1", "H-2")
    assert await Holds(db).standing() == (first, second)
    assert await Holds(db).release(first.number, "U2", now)
    assert not await Holds(db).release(first.number, "U2", now)
    assert await Holds(db).standing() == (second,)


async def test_who_sets_holds_at_the_same_time_gets_their_own(
    db: StateDb, other_db: StateDb, now: datetime
) -> None:
    replicas = chain.from_iterable(repeat((db, other_db), 8))
    made = await asyncio.gather(*(Holds(one).set(hold(f"user-{n}"), now) for n, one in enumerate(replicas)))
    assert [each.held.subject for each in made] == [f"user-{n}" for n in range(16)]
    assert len({each.number for each in made}) == 16
