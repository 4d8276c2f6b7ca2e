from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pyarrow.parquet as pq

from bot.lake import Dataset, Lake
from bot.model.timerange import TimeRange
from bot.sync.events.ledger import Ledger
from bot.sync.events.prune import Hold, prune

DAY = date(2026, 9, 14)
NEXT = date(2026, 9, 15)


async def fill(source: Any, ingest: Any, record: Callable[..., Any], now: datetime) -> None:
    lines = [
        record(event_id=f"{user}-{day}", timestamp=f"2026-09-{day}T08:00:00Z", actor={"user_id": user})
        for user in ("user-1", "user-2")
        for day in (14, 15)
    ]
    source.add("f1", [*lines, record(event_id="created", event_details={"created_by_user_id": "user-2"})],
               end_time="2026-09-15T09:00:00Z")  # fmt: skip
    await ingest().run(now)


def ids(lake: Lake, day: date) -> list[str]:
    return sorted(pq.ParquetFile(lake.path(Dataset.EVENTS, day)).read()["event_id"].to_pylist())


async def test_days_before_the_limit_go_and_the_others_stay(
    source: Any, ingest: Any, lake: Lake, record: Any, now: datetime
) -> None:
    await fill(source, ingest, record, now)
    done = prune(lake, NEXT, (), now)
    assert lake.days(Dataset.EVENTS) == (NEXT,)
    assert (done.days_deleted, done.days_thinned, done.events_deleted) == (1, 0, 3)
    assert Ledger(lake, "CODEX_LOG").entries(NEXT) != {}


async def test_a_hold_keeps_its_subject_as_actor_and_as_owner(
    source: Any, ingest: Any, lake: Lake, record: Any, now: datetime
) -> None:
    await fill(source, ingest, record, now)
    hold = Hold("user-2", TimeRange(DAY, NEXT))
    done = prune(lake, date(2026, 9, 16), (hold,), now)
    assert lake.days(Dataset.EVENTS) == (DAY,)
    assert ids(lake, DAY) == ["created", "user-2-14"]
    assert (done.days_deleted, done.days_thinned, done.events_deleted) == (1, 1, 3)
    assert prune(lake, date(2026, 9, 16), (hold,), now).events_deleted == 0
    receipt = lake.receipt(Dataset.EVENTS, DAY)
    assert receipt is not None
    assert receipt.rows == 2


async def test_the_books_keep_the_files_of_what_is_held_and_no_others(
    source: Any, ingest: Any, lake: Lake, record: Any, now: datetime
) -> None:
    await fill(source, ingest, record, now)
    source.add("f2", [record(event_id="else", actor={"user_id": "user-1"})], end_time="2026-09-15T10:00:00Z")
    await ingest().run(now)
    book = Ledger(lake, "CODEX_LOG")
    assert set(book.entries(NEXT)) == {"f1", "f2"}
    hold = Hold("user-2", TimeRange(DAY, NEXT))
    for _ in range(2):
        prune(lake, date(2026, 9, 16), (hold,), now)
        assert set(book.entries(NEXT)) == {"f1"}
    assert book.entries(NEXT)["f1"].as_log_file("CODEX_LOG") == source.files[0][0]
    prune(lake, date(2026, 9, 16), (), now)
    assert book.days() == ()
    assert lake.days(Dataset.EVENTS) == ()
