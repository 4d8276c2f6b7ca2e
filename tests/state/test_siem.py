from __future__ import annotations

from datetime import date, datetime

from bot.state.engine import StateDb
from bot.state.siem import SiemFiles

DAY, NEXT = date(2026, 10, 20), date(2026, 10, 21)


async def test_files_are_noted_by_day_for_every_replica_until_their_books_go(
    db: StateDb, other_db: StateDb, now: datetime
) -> None:
    await SiemFiles(db).note(DAY, ("f1", "f2"), now)
    await SiemFiles(db).note(NEXT, ("f3",), now)
    assert await SiemFiles(other_db).counts() == {DAY: 2, NEXT: 1}
    assert await SiemFiles(other_db).of(DAY) == {"f1", "f2"}
    await SiemFiles(db).forget(NEXT)
    assert await SiemFiles(db).counts() == {NEXT: 1}
