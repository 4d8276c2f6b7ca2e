from __future__ import annotations

import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.request import Request, urlopen

import pytest

from bot.analytics.client import AnalyticsClient
from bot.engine import Engine
from bot.lake import Dataset, Lake
from bot.metrics.activity import AdoptionBase
from bot.metrics.ranking import RankBy
from bot.metrics.usage import Dimension
from bot.model.errors import NoHistory, Unauthorized, Unreachable
from bot.model.timerange import DAY, TimeRange

LAST = date(2026, 10, 20)
WEEK = TimeRange(LAST - 6 * DAY, LAST + DAY)


def raw_rows(server: Any, window: TimeRange) -> list[dict[str, Any]]:
    """Usage rows as the server sends them, read with the standard library only."""
    rows: list[dict[str, Any]] = []
    cursor = ""
    while True:
        start, end = (
            int(datetime(d.year, d.month, d.day, tzinfo=UTC).timestamp()) for d in (window.start, window.end)
        )
        url = f"{server.base_url}/analytics/codex/workspaces/{server.workspace_id}/usage"
        request = Request(  # noqa: S310  a loopback server of this test
            f"{url}?start_time={start}&end_time={end}{cursor}",
            headers={"Authorization": f"Bearer {server.analytics_key}"},
        )
        with urlopen(request) as answer:  # noqa: S310  the same
            page = json.load(answer)
        rows += page["data"]
        if not page["has_more"]:
            return rows
        cursor = f"&page={page['next_page']}"


async def test_figures_equal_those_counted_from_the_raw_pages(world: Any) -> None:
    result = await world.client.usage(WEEK, Dimension.CLIENT)
    rows = await asyncio.to_thread(raw_rows, world.server, WEEK)
    assert result.totals.turns == sum(row["totals"]["turns"] for row in rows)
    assert result.totals.credits == sum(round(row["totals"]["credits"] * 1_000_000) for row in rows)
    assert result.totals.active_users == len(
        {r["user_id"] for r in rows if r["totals"]["turns"] or r["totals"]["threads"]}
    )
    by_client: dict[str, int] = {}
    for row in rows:
        for part in row["clients"]:
            by_client[part["client_id"]] = by_client.get(part["client_id"], 0) + part["turns"]
    assert {group.key: group.figures.turns for group in result.groups} == by_client
    assert result.coverage.missing_days == ()


async def test_a_second_question_asks_the_api_nothing(world: Any) -> None:
    first = await world.client.usage(WEEK)
    asked = world.server.requests.total()
    assert (await world.client.usage(WEEK)) == first
    assert world.server.requests.total() == asked


async def test_without_the_api_the_held_days_answer_and_missing_ones_are_named(world: Any) -> None:
    await world.client.usage(WEEK)
    world.lake.path(Dataset.USAGE, LAST).unlink()
    world.sync._api = type(world.sync._api)(
        world.sync._api.http,
        base_url="http://127.0.0.1:9/v1",
        workspace_id="w",
        key=world.sync._api.key,
        policy=world.sync._api.policy,
        clock=lambda: world.now,
    )
    result = await world.client.usage(WEEK)
    assert result.coverage.missing_days == (LAST,)
    assert isinstance(result.coverage.fault, Unreachable)
    assert result.points[-1].figures is None
    assert result.points[0].figures is not None


async def test_nothing_held_and_a_refused_key_raise_the_reason(world: Any) -> None:
    world.server.analytics_key = "another key"
    with pytest.raises(Unauthorized):
        await world.client.usage(WEEK)


async def test_nothing_held_and_nothing_to_pull_says_where_history_starts(world: Any) -> None:
    long_ago = TimeRange(date(2026, 1, 1), date(2026, 2, 1))
    with pytest.raises(NoHistory) as refused:
        await world.client.usage(long_ago)
    assert refused.value.starts is None
    await world.client.usage(WEEK)
    with pytest.raises(NoHistory) as refused:
        await world.client.usage(long_ago)
    assert refused.value.starts == WEEK.before().start


async def test_a_window_that_starts_before_the_history_begins_with_its_first_day(world: Any) -> None:
    asked = TimeRange(LAST - 199 * DAY, LAST + DAY)
    result = await world.client.usage(asked)
    coverage = result.coverage
    assert (coverage.asked, coverage.window.start, coverage.shortened) == (asked, date(2026, 7, 23), True)
    assert (coverage.missing_days, result.previous) == ((), None)


async def test_a_damaged_file_is_set_aside_and_pulled_again(world: Any) -> None:
    before = await world.client.usage(WEEK)
    path = world.lake.path(Dataset.USAGE, LAST)
    content = bytearray(path.read_bytes())
    content[4 : len(content) // 2] = bytes(len(content) // 2 - 4)
    path.write_bytes(bytes(content))
    after = await world.client.usage(WEEK)
    assert after.totals == before.totals
    assert (await world.client.status()).set_aside == 1


async def test_days_that_are_not_complete_are_marked_and_a_weeks_old_ones_settled(world: Any) -> None:
    window = TimeRange(LAST - 9 * DAY, LAST + 2 * DAY)
    coverage = (await world.client.usage(window)).coverage
    assert coverage.partial_days == (LAST + DAY,)
    assert coverage.unsettled_days == tuple((LAST - 6 * DAY + n * DAY) for n in range(7))
    assert (coverage.complete_through, coverage.synced_at) == (LAST, world.now)


async def test_a_person_has_figures_days_and_a_streak(world: Any) -> None:
    ranking = await world.client.ranking(WEEK, RankBy.TURNS, 1)
    (top,) = ranking.rows
    person = await world.client.person(top.user_id, WEEK)
    assert person.by_surface.totals.turns == top.figures.turns
    assert len(person.active_days) == top.active_days
    assert person.person is not None
    assert person.person.user_id == top.user_id
    if person.person.email:
        assert await world.client.find_person(person.person.email.upper()) == person.person


async def test_the_streak_ranking_agrees_with_each_persons_streak(world: Any) -> None:
    ranking = await world.client.ranking(WEEK, RankBy.STREAK, 3)
    for row in ranking.rows:
        assert row.streak_days == (await world.client.person(row.user_id, WEEK)).streak.days
    assert ranking.people_count >= len(ranking.rows)


async def test_the_overview_is_made_of_the_same_figures(world: Any) -> None:
    overview = await world.client.overview(WEEK)
    assert overview.usage.totals == (await world.client.usage(WEEK)).totals
    assert overview.activity.wau == overview.usage.totals.active_users
    assert overview.reviews is not None
    assert overview.reviews.reviews == (await world.client.reviews(WEEK)).reviews


async def test_adoption_is_a_share_of_the_seats_when_they_are_set(world: Any) -> None:
    await world.client.usage(WEEK)
    offline = world.offline()
    assert (await offline.activity(WEEK)).adoption.base is AdoptionBase.EVER_SEEN
    with_seats = AnalyticsClient(world.lake, world.engine, None, clock=lambda: world.now, seats=80)
    adoption = (await with_seats.activity(WEEK)).adoption
    assert (adoption.base, adoption.eligible) == (AdoptionBase.SEATS, 80)


async def test_status_tells_what_is_held_and_what_is_not(world: Any) -> None:
    await world.client.usage(WEEK)
    world.lake.path(Dataset.USAGE, LAST - DAY).unlink()
    status = await world.client.status()
    (usage, *_) = status.datasets
    assert (usage.dataset, usage.held_count, usage.first, usage.last) == (
        Dataset.USAGE,
        13,
        LAST - 13 * DAY,
        LAST,
    )
    assert (status.missing, status.quarantined, status.differing) == ((LAST - DAY,), 0, ())
    assert status.compared_count == 13


async def test_history_outlives_the_api(world: Any) -> None:
    old = (await world.client.usage(WEEK)).totals
    world.turn(world.now + timedelta(days=200))
    assert (await world.client.usage(WEEK)).totals == old


async def test_an_empty_lake_without_api_has_no_history(tmp_path: Any) -> None:
    engine = Engine(tmp_path)
    client = AnalyticsClient(Lake(tmp_path), engine, None, clock=lambda: datetime(2026, 10, 21, tzinfo=UTC))
    for ask in (client.usage, client.activity, client.ranking, client.reviews, client.overview):
        with pytest.raises(NoHistory):
            await ask(WEEK)
    assert (await client.status()).datasets[0].held_count == 0
    await engine.close()
