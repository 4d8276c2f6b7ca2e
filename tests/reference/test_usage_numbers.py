from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from bot.reference import Options, demo_people

NOW = datetime(2026, 10, 21, 15, 0, tzinfo=UTC)
DAY = 86_400
ADDITIVE = (
    "credits", "estimated_cost_usd", "cost_usd", "uncached_text_input_tokens",
    "cached_text_input_tokens", "text_output_tokens", "text_total_tokens",
)  # fmt: skip


def exact(value: float | None) -> Fraction:
    return Fraction(str(value or 0))


def stamp(moment: datetime) -> int:
    return int(moment.timestamp())


async def test_clients_and_models_add_up_to_totals_exactly(caller: Any) -> None:
    for row in await caller.rows(limit=30_000):
        for name in ("threads", "turns", *ADDITIVE):
            parts = [client.get(name) for client in row["clients"]]
            if None not in parts:
                assert sum(map(exact, parts)) == exact(row["totals"][name])
        for name in ADDITIVE:
            if row["models"] is not None:
                assert sum(exact(model[name]) for model in row["models"]) == exact(row["totals"].get(name))


async def test_workspace_rows_are_the_sums_of_the_persons_rows(caller: Any) -> None:
    persons: dict[tuple[int, str], Fraction] = defaultdict(Fraction)
    for row in await caller.rows(limit=30_000):
        for name in ("threads", "turns", *ADDITIVE):
            persons[row["start_time"], name] += exact(row["totals"].get(name))
        for model in row["models"] or ():
            persons[row["start_time"], f"{model['model']}{model['speed']}"] += exact(model["credits"])
    for row in await caller.rows(group="workspace"):
        for name in ("threads", "turns", *ADDITIVE):
            assert exact(row["totals"].get(name)) == persons[row["start_time"], name]
        for model in row["models"]:
            assert exact(model["credits"]) == persons[row["start_time"], f"{model['model']}{model['speed']}"]


async def test_weeks_begin_on_monday_and_hold_the_sums_of_their_days(caller: Any) -> None:
    monday = stamp(datetime(2026, 9, 28, tzinfo=UTC))
    bounds = {"start_time": monday, "end_time": monday + 14 * DAY, "limit": 30_000}
    days = await caller.rows(**bounds)
    weeks = await caller.rows(**bounds, group_by="week")
    assert {(row["start_time"] - monday, row["end_time"] - monday) for row in weeks} == {
        (0, 7 * DAY),
        (7 * DAY, 14 * DAY),
    }
    turns: dict[tuple[int, str], int] = defaultdict(int)
    for row in days:
        turns[(row["start_time"] - monday) // (7 * DAY), row["user_id"]] += row["totals"]["turns"]
    assert turns == {
        ((row["start_time"] - monday) // (7 * DAY), row["user_id"]): row["totals"]["turns"] for row in weeks
    }


async def test_the_same_instant_gives_the_same_bytes_in_another_server(served: Any) -> None:
    answers = []
    for _ in range(2):
        async with served(Options(now=NOW)) as caller:
            key = caller.running.analytics_key
            answers.append((await caller.raw(caller.analytics_url("usage"), key, limit=5_000))[1])
    assert answers[0] == answers[1]


async def test_a_settled_day_does_not_depend_on_when_it_is_asked(caller: Any) -> None:
    start = stamp(datetime(2026, 10, 1, tzinfo=UTC))
    bounds = {"start_time": start, "end_time": start + DAY, "limit": 30_000}
    at_first = await caller.rows(**bounds)
    caller.running.set_now(NOW + timedelta(days=50))
    assert await caller.rows(**bounds) == at_first


async def test_a_day_grows_while_it_lasts_and_is_corrected_until_the_fifth_day(caller: Any) -> None:
    day = datetime(2026, 10, 14, tzinfo=UTC)
    history = []
    for hours in (8, 14, 20, 36, 60, 84, 108, 132, 24 * 7):
        caller.running.set_now(day + timedelta(hours=hours))
        rows = await caller.rows(start_time=stamp(day), end_time=stamp(day) + DAY, group="workspace")
        history.append(rows[0]["totals"] if rows else {"turns": 0, "credits": 0.0})
    turns = [totals["turns"] for totals in history]
    assert turns == sorted(turns)
    assert 0 < turns[1] < turns[2] < turns[3]
    assert history[3]["credits"] < history[4]["credits"] < history[6]["credits"] < history[7]["credits"]
    assert history[7] == history[8]


async def test_a_day_that_has_not_begun_has_no_rows(caller: Any) -> None:
    tomorrow = stamp(datetime(2026, 10, 22, tzinfo=UTC))
    assert await caller.rows(start_time=tomorrow, end_time=tomorrow + DAY) == []


async def test_nothing_is_known_before_the_workspace_existed(caller: Any) -> None:
    caller.running.set_now(datetime(2025, 9, 10, tzinfo=UTC))
    rows = await caller.rows(limit=30_000)
    assert min(row["start_time"] for row in rows) == stamp(datetime(2025, 9, 1, tzinfo=UTC))


async def test_weekly_use_grows_from_a_quarter_to_four_fifths_of_the_people(caller: Any) -> None:
    shares = []
    for now in (datetime(2025, 9, 22, tzinfo=UTC), datetime(2026, 10, 20, tzinfo=UTC)):
        caller.running.set_now(now)
        rows = await caller.rows(start_time=stamp(now) - 8 * DAY, end_time=stamp(now) - DAY, limit=30_000)
        shares.append(len({row["user_id"] for row in rows}) / 240)
    assert 0.2 < shares[0] < 0.35
    assert 0.75 < shares[1] < 0.9


async def test_a_spike_of_three_days_multiplies_the_credits(caller: Any) -> None:
    rows = await caller.rows(group="workspace", start_time=stamp(datetime(2026, 9, 14, tzinfo=UTC)))
    credits_ = {
        datetime.fromtimestamp(row["start_time"], UTC).date(): row["totals"]["credits"] for row in rows
    }
    spike = [value for day, value in credits_.items() if 22 <= day.day <= 24 and day.month == 9]
    usual = sorted(value for day, value in credits_.items() if day.weekday() < 5)[len(credits_) // 3]
    assert len(spike) == 3
    assert min(spike) > 3 * usual


async def test_the_five_well_known_people_are_active_every_week(caller: Any) -> None:
    people = demo_people(7, 240)
    assert set(people) == {"member", "analyst", "investigator", "approver", "admin"}
    seen: dict[str, set[int]] = defaultdict(set)
    emails = {}
    for row in await caller.rows(limit=30_000):
        seen[row["user_id"]].add((row["start_time"] // DAY - 4) // 7)
        emails[row["user_id"]] = row["actor"]["email"]
    for person in people.values():
        assert len(seen[person.user_id]) >= 4
        assert emails[person.user_id] == person.email


async def test_a_hundred_thousand_people_are_served_page_by_page(served: Any) -> None:
    async with served(Options(users=100_000, now=NOW)) as caller:
        day = stamp(datetime(2026, 10, 1, tzinfo=UTC))
        page = await caller.analytics(start_time=day, end_time=day + DAY, limit=1_000)
        more = await caller.analytics(start_time=day, end_time=day + DAY, limit=1_000, page=page["next_page"])
    assert len(page["data"]) == len(more["data"]) == 1_000
    assert page["data"][-1]["user_id"] < more["data"][0]["user_id"]
