from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from bot.app.syncing import type_summary
from bot.compliance.api import LogFilePage, Tampered
from bot.lake import Dataset, Lake, LakeLocked, WriteLock
from bot.model.errors import BadSetting, Forbidden, SourceMissing, Unreachable
from bot.sync.events.days import ROW_GROUP_ROWS
from bot.sync.events.keys import EventKeys
from bot.sync.events.ledger import FileState, Ledger
from bot.sync.events.quarantine import kept_lines

DAY = date(2026, 9, 14)
Make = Callable[..., dict[str, Any]]


def held(lake: Lake, day: date = DAY) -> list[dict[str, Any]]:
    path = lake.path(Dataset.EVENTS, day)
    return pq.ParquetFile(path).read().to_pylist() if path.is_file() else []


def everything(root: Path) -> bytes:
    return b"".join(path.read_bytes() for path in root.rglob("*") if path.is_file())


async def test_an_event_that_occurs_in_several_files_is_held_once(
    source: Any, ingest: Any, lake: Lake, record: Make, now: datetime
) -> None:
    source.add("f1", [record(event_id="a"), record(event_id="b"), record(event_id="a")])
    source.add("f2", [record(event_id="b"), record(event_id="c")], end_time="2026-09-14T08:20:00Z")
    (report,) = await ingest().run(now)
    assert [row["event_id"] for row in held(lake)] == ["a", "b", "c"]
    assert (report.files, report.new, report.repeated, report.error) == (2, 3, 2, None)
    receipt = lake.receipt(Dataset.EVENTS, DAY)
    assert receipt is not None
    assert (receipt.rows, receipt.pages) == (3, 2)


async def test_an_event_without_a_time_is_held_once_whatever_days_its_files_are_of(
    source: Any, ingest: Any, lake: Lake, record: Make, now: datetime
) -> None:
    undated, dated = record(event_id="a", timestamp=None), record(event_id="b")
    source.add("f1", [undated, dated])
    source.add("f2", [undated], end_time="2026-09-15T00:05:00Z")
    (report,) = await ingest().run(now)
    source.add("f3", [undated, dated], end_time="2026-09-17T00:05:00Z")
    (again,) = await ingest().run(now + timedelta(hours=1))
    assert (report.new, report.repeated, again.new, again.repeated) == (2, 1, 0, 2)
    assert [row["event_id"] for row in held(lake)] == ["b", "a"]


async def test_entries_of_the_list_that_are_no_files_are_counted(
    source: Any, ingest: Any, record: Make, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    source.add("f1", [record()])
    listed = source.log_files

    async def with_odd_ones(event_type: str, after: str) -> AsyncIterator[LogFilePage]:
        async for page in listed(event_type, after):
            yield replace(page, rejected_count=2)

    monkeypatch.setattr(source, "log_files", with_odd_ones)
    (report,) = await ingest().run(now)
    assert (report.files, report.rejected) == (1, 2)
    assert "2 entries of the list" in type_summary(report)


async def test_a_late_event_lands_in_its_own_day_and_the_old_rows_stay(
    source: Any, ingest: Any, lake: Lake, record: Make, now: datetime
) -> None:
    source.add("f1", [record(event_id="a")])
    await ingest().run(now)
    late = record(event_id="late", timestamp="2026-09-14T23:59:59.999999Z")
    source.add(
        "f2",
        [late, record(event_id="new", timestamp="2026-09-15T00:00:00Z")],
        end_time="2026-09-15T01:00:00Z",
    )
    await ingest().run(now + timedelta(hours=1))
    assert [row["event_id"] for row in held(lake)] == ["a", "late"]
    assert [row["event_id"] for row in held(lake, date(2026, 9, 15))] == ["new"]


async def test_the_second_run_continues_with_the_apis_own_text(
    source: Any, ingest: Any, record: Make, now: datetime
) -> None:
    odd = "2026-09-14T08:10:04.512377000+00:00"
    source.add("f1", [record()], end_time=odd)
    await ingest().run(now)
    await ingest().run(now)
    assert source.asked_after == [("CODEX_LOG", "2026-08-21T13:00:00+00:00"), ("CODEX_LOG", odd)]
    assert source.downloads == ["f1"]


async def test_one_type_that_fails_does_not_stop_the_others(
    source: Any, ingest: Any, record: Make, now: datetime
) -> None:
    source.failures["AUDIT_LOG"] = Forbidden(scope="x")
    source.add("f1", [record()])
    reports = await ingest(("AUDIT_LOG", "CODEX_LOG")).run(now)
    assert isinstance(reports[0].error, Forbidden)
    assert (reports[1].error, reports[1].new) == (None, 1)


async def test_a_file_with_a_wrong_checksum_is_reported_and_old_data_kept(
    source: Any, ingest: Any, lake: Lake, record: Make, now: datetime
) -> None:
    source.add("f1", [record(event_id="a")])
    await ingest().run(now)
    source.add("f2", [record(event_id="b")], end_time="2026-09-14T08:20:00Z")
    source.add("f3", [record(event_id="c")], end_time="2026-09-14T08:30:00Z")
    source.failures["f2"] = Tampered(file_id="f2")
    (report,) = await ingest().run(now)
    assert [row["event_id"] for row in held(lake)] == ["a", "c"]
    assert (report.error, report.broken) == (None, ("f2",))
    assert Ledger(lake, "CODEX_LOG").entries(DAY)["f2"].state is FileState.DAMAGED


async def test_a_damaged_file_is_tried_again_until_it_is_whole(
    source: Any, ingest: Any, lake: Lake, record: Make, now: datetime
) -> None:
    source.add("f1", [record(event_id="a")])
    source.failures["f1"] = Tampered(file_id="f1")
    await ingest().run(now)
    source.failures.clear()
    (report,) = await ingest().run(now)
    assert report.broken == ()
    assert [row["event_id"] for row in held(lake)] == ["a"]


async def test_a_file_that_is_gone_is_a_visible_gap(
    source: Any, ingest: Any, lake: Lake, record: Make, now: datetime
) -> None:
    source.failures["f1"] = SourceMissing()
    source.add("f1", [record()])
    (report,) = await ingest().run(now)
    assert (report.error, report.broken) == (None, ("f1",))
    assert Ledger(lake, "CODEX_LOG").entries(DAY)["f1"].state is FileState.MISSING


async def test_a_broken_connection_ends_the_run_and_the_next_one_goes_on(
    source: Any, ingest: Any, lake: Lake, record: Make, now: datetime
) -> None:
    source.add("f1", [record(event_id="a")])
    source.add("f2", [record(event_id="b")], end_time="2026-09-14T08:20:00Z")
    source.failures["f2"] = Unreachable()
    (report,) = await ingest().run(now)
    assert isinstance(report.error, Unreachable)
    assert [row["event_id"] for row in held(lake)] == ["a"]
    source.failures.clear()
    await ingest().run(now)
    assert [row["event_id"] for row in held(lake)] == ["a", "b"]
    assert source.downloads == ["f1", "f2", "f2"]


async def test_weeks_without_a_run_leave_a_gap_on_record(
    source: Any, ingest: Any, lake: Lake, record: Make, now: datetime
) -> None:
    source.add("f1", [record()])
    await ingest().run(now)
    later = now + timedelta(days=45)
    await ingest().run(later)
    checkpoint = Ledger(lake, "CODEX_LOG").checkpoint()
    assert checkpoint is not None
    assert checkpoint.gaps == ((now.isoformat(), (later - timedelta(days=29, hours=23)).isoformat()),)
    assert len(held(lake)) == 1


async def test_a_bad_line_is_sealed_and_the_file_goes_on(
    source: Any, ingest: Any, lake: Lake, keys: EventKeys, record: Make, now: datetime
) -> None:
    broken = b'{"event_details":{"prompt_text":"a very private thing \xff"}}'
    body = (
        json.dumps(record(event_id="a")).encode()
        + b"\n"
        + broken
        + b"\n"
        + json.dumps(record(event_id="b")).encode()
    )
    source.add("f1", body)
    (report,) = await ingest().run(now)
    assert (report.bad_lines, report.new) == (1, 2)
    (kept,) = kept_lines(lake, DAY)
    assert (kept.line, kept.reason, keys.unseal(kept.sealed)) == (2, "not UTF-8", broken)


async def test_nothing_typed_and_no_address_stays_on_disk(
    source: Any, ingest: Any, lake: Lake, record: Make, now: datetime
) -> None:
    source.add("../../f1", [record()], file_name="../../../etc/passwd")
    await ingest().run(now)
    told = everything(lake.root)
    assert b"find me in no file" not in told
    assert b"northwind.example" not in told
    assert not (lake.root / ".incoming").exists()


async def test_only_one_process_reads_at_a_time(ingest: Any, lake: Lake, now: datetime) -> None:
    async with WriteLock(lake.root / ".events.lock"):
        with pytest.raises(LakeLocked):
            await ingest().run(now)


async def test_days_are_sorted_by_person_and_time_in_small_row_groups(
    source: Any, ingest: Any, lake: Lake, record: Make, now: datetime
) -> None:
    def lines(offset: int) -> list[dict[str, Any]]:
        return [
            record(
                event_id=f"{offset}-{n}",
                actor={"user_id": f"user-{n % 7}"} if n % 8 else None,
                timestamp=f"2026-09-14T{n % 23:02d}:00:00Z",
            )
            for n in range(12_000)
        ]

    source.page_files = 1
    for n in range(3):
        source.add(f"f{n}", lines(n), end_time=f"2026-09-14T23:0{n}:00Z")
    await ingest().run(now)
    file = pq.ParquetFile(lake.path(Dataset.EVENTS, DAY))
    rows = [
        (row["user_id"] is None, row["user_id"] or "", row["timestamp"], row["event_id"])
        for row in held(lake)
    ]
    assert len(rows) == 36_000
    assert rows == sorted(rows)
    sizes = [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)]
    assert sizes == [ROW_GROUP_ROWS, ROW_GROUP_ROWS, 36_000 - 2 * ROW_GROUP_ROWS]


async def test_a_type_name_never_becomes_a_path(ingest: Any, now: datetime) -> None:
    with pytest.raises(BadSetting):
        await ingest(("../etc",)).run(now)


async def test_files_are_fetched_several_at_a_time(
    source: Any, ingest: Any, record: Make, now: datetime
) -> None:
    for n in range(20):
        source.add(f"f{n}", [record(event_id=f"e{n}")], end_time=f"2026-09-14T08:{n:02d}:00Z")
    (report,) = await ingest().run(now)
    assert (report.files, report.new) == (20, 20)
    assert source.most_at_once == 8


async def test_what_was_fetched_beside_a_broken_connection_is_kept(
    source: Any, ingest: Any, lake: Lake, record: Make, now: datetime
) -> None:
    for n in range(4):
        source.add(f"f{n}", [record(event_id=f"e{n}")], end_time=f"2026-09-14T08:0{n}:00Z")
    source.failures["f1"] = Unreachable()
    (report,) = await ingest().run(now)
    assert isinstance(report.error, Unreachable)
    assert [row["event_id"] for row in held(lake)] == ["e0", "e2", "e3"]
    source.failures.clear()
    await ingest().run(now)
    assert sorted(source.downloads) == ["f0", "f1", "f1", "f2", "f3"]


async def test_a_day_is_written_once_for_all_files_of_a_run(
    source: Any, ingest: Any, record: Make, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[date] = []
    write = Lake.write_day

    def counted(self: Lake, tables: Any, receipt: Any) -> None:
        written.append(receipt.day)
        write(self, tables, receipt)

    monkeypatch.setattr(Lake, "write_day", counted)
    source.page_files = 5
    for n in range(30):
        source.add(f"f{n}", [record(event_id=f"e{n}")], end_time=f"2026-09-14T08:{n:02d}:00Z")
    await ingest().run(now)
    assert written == [DAY]


async def test_the_list_is_fresh_for_an_hour(source: Any, ingest: Any, record: Make, now: datetime) -> None:
    source.add("f1", [record()])
    reading = ingest()
    assert not reading.is_fresh(now)
    await reading.run(now)
    assert reading.is_fresh(now + timedelta(minutes=59))
    assert not reading.is_fresh(now + timedelta(minutes=60))
    assert not reading.is_fresh(now - timedelta(minutes=1))


async def test_under_an_earlier_clock_the_days_before_are_read_too(
    source: Any, ingest: Any, lake: Lake, record: Make, now: datetime
) -> None:
    await ingest().run(now + timedelta(days=40))
    source.add("f1", [record(event_id="a")])
    await ingest().run(now)
    assert [row["event_id"] for row in held(lake)] == ["a"]
    checkpoint = Ledger(lake, "CODEX_LOG").checkpoint()
    assert checkpoint is not None
    assert checkpoint.since == (now - timedelta(days=29, hours=23)).isoformat()


async def test_progress_names_the_days_of_the_list(
    source: Any, ingest: Any, record: Make, now: datetime
) -> None:
    heard: list[tuple[int, int, date]] = []
    source.add("f1", [record()])
    await ingest().run(now, lambda *told: heard.append(told))
    assert heard == [(24, 30, DAY)]
