from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import httpx
import pyarrow.parquet as pq
import pytest

from bot.lake import DAY_DATASETS, Dataset, Difference, Lake, PartKind
from bot.model.errors import BadAnswer, ServerFault, SourceMissing, TooOld, Unauthorized
from bot.model.timerange import DAY, TimeRange
from bot.sync import Sync

Make = Callable[..., dict[str, Any]]
LAST = date(2026, 10, 20)
USAGE = Dataset.USAGE


def turns(lake: Lake, day: date, kind: str = "total") -> dict[str, int]:
    rows = pq.ParquetFile(lake.path(USAGE, day)).read().to_pylist()
    return {row["user_id"]: row["turns"] for row in rows if row["part_kind"] == kind}


async def test_every_day_the_api_still_has_is_held_after_a_run(sync: Sync, lake: Lake) -> None:
    report = await sync.run()
    days = lake.days(USAGE)
    assert (days[0], days[-1], len(days)) == (date(2026, 7, 23), LAST, 90)
    assert (report.written, report.missing, report.error) == (days, (), None)


async def test_newest_days_are_asked_for_first(sync: Sync, source: Any) -> None:
    await sync.run()
    starts = [window[0] for name, window in source.asked if name == "usage"]
    assert starts == sorted(starts, reverse=True)


async def test_a_second_run_asks_for_nothing_until_the_refresh_is_due(
    sync: Sync, source: Any, clock: Any
) -> None:
    await sync.run()
    source.asked.clear()
    await sync.run()
    assert source.asked == []
    clock.now += timedelta(minutes=61)
    await sync.run()
    assert min(window[0] for _, window in source.asked) == 1791936000  # 14 Oct: the last 7 days are unsettled


async def test_a_restated_day_is_replaced(
    sync: Sync, source: Any, lake: Lake, clock: Any, make_row: Make
) -> None:
    source.rows["usage"] = [make_row(LAST, "dana", 3)]
    await sync.run()
    source.rows["usage"] = [make_row(LAST, "dana", 5), make_row(LAST, "zoe", 1)]
    clock.now += timedelta(hours=2)
    await sync.run()
    assert turns(lake, LAST) == {"dana": 5, "zoe": 1}


async def test_days_are_not_forgotten_when_the_api_forgets_them(sync: Sync, lake: Lake, clock: Any) -> None:
    await sync.run()
    clock.now += timedelta(days=60)
    await sync.run()
    assert len(lake.days(USAGE)) == 150


async def test_rows_of_a_day_split_over_pages_come_together(
    sync: Sync, source: Any, lake: Lake, make_row: Make
) -> None:
    source.page_rows = 2
    source.rows["usage"] = [make_row(LAST, f"u{n}", n) for n in (4, 1, 3, 0, 2)]
    await sync.run(LAST)
    assert list(turns(lake, LAST).items()) == [("u0", 0), ("u1", 1), ("u2", 2), ("u3", 3), ("u4", 4)]
    receipt = lake.receipt(USAGE, LAST)
    assert receipt is not None
    assert (receipt.pages, receipt.rows, len(set(receipt.page_sha256s))) == (3, 5, 3)


async def test_the_later_of_two_rows_of_a_person_wins_with_its_clients(
    sync: Sync, source: Any, lake: Lake, make_row: Make
) -> None:
    source.rows["usage"] = [make_row(LAST, "dana", 3), make_row(LAST, "zoe", 1), make_row(LAST, "dana", 8)]
    await sync.run(LAST)
    assert turns(lake, LAST) == turns(lake, LAST, "client") == {"dana": 8, "zoe": 1}
    receipt = lake.receipt(USAGE, LAST)
    assert receipt is not None
    assert receipt.duplicates == 1


async def test_addresses_go_to_people_only(sync: Sync, source: Any, lake: Lake, make_row: Make) -> None:
    bad = make_row(LAST, "bad", totals="none", email="old@x.example")
    source.rows["usage"] = [make_row(LAST, "dana"), bad, make_row(LAST, "wide", end_time=1)]
    await sync.run(LAST)
    assert lake.people()["dana"].email == "dana@x.example"
    holders = {p.parts[-2] for p in lake.root.rglob("*") if p.is_file() and b"x.example" in p.read_bytes()}
    assert holders == {"people"}


async def test_a_bad_row_costs_neither_its_page_nor_its_day(
    sync: Sync, source: Any, lake: Lake, make_row: Make
) -> None:
    source.rows["usage"] = [make_row(LAST, "dana"), make_row(LAST, "bad", totals={"threads": -1})]
    report = await sync.run(LAST)
    assert (turns(lake, LAST), report.quarantined) == ({"dana": 1}, 1)
    line = (lake.root / "quarantine" / f"day={LAST}" / "usage.jsonl").read_text()
    assert json.loads(line)["row"]["user_id"] == "bad"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"end_time": 1792454400 + 7 * 86_400}, "not a whole UTC day"),
        ({"start_time": 1792454400 + 3600, "end_time": 1792540800 + 3600}, "not a whole UTC day"),
        (
            {"start_time": 1700006400, "end_time": 1700092800, "always": True},
            "outside the window that was asked for",
        ),
        ({"user_id": None, "actor": None}, "no user id"),
    ],
)
async def test_a_row_that_fits_no_day_or_person_is_refused_by_name(
    sync: Sync, source: Any, lake: Lake, make_row: Make, fault: dict[str, Any], reason: str
) -> None:
    source.rows["usage"] = [make_row(LAST, "dana"), {**make_row(LAST, "odd"), **fault}]
    await sync.run(LAST)
    assert turns(lake, LAST) == {"dana": 1}
    text = (lake.root / "quarantine" / f"day={LAST}" / "usage.jsonl").read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["reason"] for line in lines] == [reason]


async def test_a_day_of_which_only_refused_rows_came_stays_unknown(
    sync: Sync, source: Any, lake: Lake, make_row: Make
) -> None:
    week = make_row(LAST - 2 * DAY, "dana", end_time=1792454400 + 5 * 86_400)
    source.rows["usage"] = [week]
    report = await sync.run(LAST - 4 * DAY)
    assert lake.days(USAGE) == (LAST - 4 * DAY, LAST - 3 * DAY)
    assert report.missing == (LAST - 2 * DAY, LAST - DAY, LAST)
    assert isinstance(report.error, BadAnswer)


async def test_persons_in_answer_to_the_workspace_question_are_refused(
    sync: Sync, source: Any, lake: Lake, make_row: Make
) -> None:
    source.rows["workspace_usage"] = [make_row(LAST, "dana")]
    await sync.run(LAST)
    assert lake.receipt(Dataset.WORKSPACE_USAGE, LAST) is None


async def test_a_window_that_fails_midway_writes_nothing_and_the_others_do(
    sync: Sync, source: Any, lake: Lake
) -> None:
    def broken(name: str, window: tuple[int, int]) -> httpx.Response | None:
        return httpx.Response(500) if name == "usage" and window[1] == 1792540800 else None

    source.broken = broken
    report = await sync.run(LAST - 8 * DAY)
    assert report.missing == (LAST - 2 * DAY, LAST - DAY, LAST)
    assert isinstance(report.error, ServerFault)
    assert lake.days(USAGE)[-1] == LAST - 3 * DAY
    source.broken = lambda _name, _window: None
    assert (await sync.run(LAST - 8 * DAY)).written == report.missing


async def test_a_refused_key_is_not_tried_again_for_every_window(sync: Sync, source: Any) -> None:
    source.broken = lambda _name, _window: httpx.Response(401)
    report = await sync.run()
    assert isinstance(report.error, Unauthorized)
    assert len(source.asked) <= 3
    assert len(report.missing) == 90


async def test_people_and_workspace_rows_that_differ_are_told_by_field(
    sync: Sync, source: Any, lake: Lake, make_row: Make
) -> None:
    source.rows["usage"] = [make_row(LAST, "dana", 3), make_row(LAST, "zoe", 4)]
    whole = make_row(LAST, None, 9)
    whole["totals"] = {"threads": 2, "turns": 9, "credits": 1.0000001}
    whole["clients"] = []
    source.rows["workspace_usage"] = [whole]
    report = await sync.run(LAST)
    receipt = lake.receipt(USAGE, LAST)
    assert receipt is not None
    assert receipt.differences == (Difference(PartKind.TOTAL, "", "turns", 7, 9),)
    assert (receipt.compared, report.differences) == (True, 1)


async def test_today_is_pulled_when_asked_for_and_again_once_complete(
    sync: Sync, lake: Lake, clock: Any
) -> None:
    today = LAST + DAY
    window = TimeRange(today, today + DAY)
    await sync.ensure(window)
    partial = lake.receipt(USAGE, today)
    assert partial is not None
    clock.now += timedelta(hours=21)
    await sync.ensure(window)
    full = lake.receipt(USAGE, today)
    assert full is not None
    assert (partial.fetched_at.day, full.fetched_at.day) == (21, 22)


async def test_days_beyond_the_look_back_are_not_asked_for(sync: Sync, source: Any) -> None:
    await sync.ensure(TimeRange(date(2026, 1, 1), date(2026, 2, 1)))
    assert source.asked == []
    with pytest.raises(TooOld) as refused:
        await sync.run(date(2026, 7, 22))
    assert refused.value.earliest == date(2026, 7, 23)


@pytest.mark.parametrize("status", [400, 422])
async def test_a_source_that_counts_its_90_days_to_the_second_costs_the_oldest_day_only(
    status: int, sync: Sync, source: Any, lake: Lake, clock: Any
) -> None:
    oldest = int((clock.now - timedelta(days=90)).timestamp())
    source.broken = lambda _name, window: httpx.Response(status) if window[0] < oldest else None
    report = await sync.run()
    assert report.missing == (date(2026, 7, 23),)
    assert all(len(lake.days(dataset)) == 89 for dataset in DAY_DATASETS)
    clock.now += timedelta(days=1)
    oldest += 86_400
    assert (await sync.run()).missing == ()


async def test_many_askers_at_once_pull_a_window_once(sync: Sync, source: Any) -> None:
    window = TimeRange(LAST - 2 * DAY, LAST + DAY)
    await asyncio.gather(*(sync.ensure(window) for _ in range(8)))
    assert sorted(name for name, _ in source.asked) == [
        "code_review_responses",
        "code_reviews",
        "usage",
        "workspace_usage",
    ]


async def test_on_a_first_sync_seven_days_answer_before_the_rest_is_there(sync: Sync, lake: Lake) -> None:
    running = asyncio.create_task(sync.run())
    await asyncio.sleep(0)
    await sync.ensure(TimeRange(LAST - 29 * DAY, LAST + DAY))
    assert len(lake.held(USAGE, TimeRange(LAST - 6 * DAY, LAST + DAY))) == 7
    progress = sync.first_sync_progress()
    assert progress is not None
    assert 7 <= progress[0] < progress[1] == 90
    await running
    assert sync.first_sync_progress() is None


async def test_a_sync_that_another_process_keeps_out_says_so_and_writes_nothing(
    sync: Sync, lake: Lake
) -> None:
    async with lake.write_lock():
        report = await sync.run()
    assert report.locked_out
    assert lake.days(USAGE) == ()


async def test_progress_counts_up_to_the_planned_days(sync: Sync) -> None:
    seen: list[tuple[int, int]] = []
    await sync.run(LAST - 3 * DAY, progress=lambda done, planned, _day: seen.append((done, planned)))
    assert seen[-1] == (4, 4)


async def test_an_endpoint_that_is_not_there_does_not_keep_usage_away(
    sync: Sync, source: Any, lake: Lake
) -> None:
    source.broken = lambda name, _window: httpx.Response(404) if name == "code_reviews" else None
    report = await sync.ensure(TimeRange(LAST, LAST + DAY))
    assert lake.days(USAGE) == (LAST,)
    assert isinstance(report.error_of(Dataset.CODE_REVIEWS), SourceMissing)
    assert report.error_of(USAGE) is None


async def test_questions_leave_a_failed_source_alone_for_a_minute(
    sync: Sync, source: Any, clock: Any
) -> None:
    source.broken = lambda _name, _window: httpx.Response(500)
    window = TimeRange(LAST, LAST + DAY)
    await sync.ensure(window)
    asked = len(source.asked)
    again = await sync.ensure(window)
    assert (len(source.asked), type(again.error)) == (asked, ServerFault)
    clock.now += timedelta(minutes=1)
    source.broken = lambda _name, _window: None
    assert (await sync.ensure(window)).missing == ()


async def test_a_large_day_is_asked_for_alone_once_its_size_is_known(
    sync: Sync, source: Any, clock: Any, make_row: Make
) -> None:
    source.rows["usage"] = [make_row(LAST, f"u{n:04}") for n in range(1001)]
    await sync.run(LAST - 5 * DAY)
    clock.now += timedelta(hours=2)
    source.asked.clear()
    await sync.run(LAST - 5 * DAY)
    widths = {(window[1] - window[0]) // 86_400 for name, window in source.asked if name == "usage"}
    assert widths == {1}
