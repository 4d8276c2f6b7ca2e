from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.reference import Faults, Options

NOW = datetime(2026, 10, 21, 15, 0, tzinfo=UTC)
TODAY = int(datetime(2026, 10, 21, tzinfo=UTC).timestamp())
DAY = 86_400
ENDPOINTS = ("usage", "code_reviews", "code_review_responses")


@pytest.mark.parametrize("limit", [1, 7, 113, 1000])
async def test_the_pages_together_are_the_one_big_page(caller: Any, limit: int) -> None:
    bounds = {"start_time": TODAY - 3 * DAY, "end_time": TODAY + DAY}
    assert (
        await caller.rows(**bounds, limit=limit) == (await caller.analytics(**bounds, limit=30_000))["data"]
    )


@pytest.mark.parametrize("name", ENDPOINTS)
async def test_the_last_page_says_so_even_when_it_is_full(caller: Any, name: str) -> None:
    rows = await caller.rows(name)
    page = await caller.analytics(name, limit=len(rows))
    assert (len(page["data"]), page["has_more"], page["next_page"]) == (len(rows), False, None)


async def test_the_default_limit_is_a_thousand_rows(caller: Any) -> None:
    assert len((await caller.analytics())["data"]) == 1000


async def test_the_default_window_is_thirty_days_with_today(caller: Any) -> None:
    rows = await caller.rows(group="workspace")
    assert rows[0]["start_time"] == TODAY - 29 * DAY
    assert rows[-1]["start_time"] == TODAY


async def test_a_day_counts_when_it_begins_in_the_window_and_the_first_one_as_a_whole(caller: Any) -> None:
    noon = TODAY - 5 * DAY + 43_200
    rows = await caller.rows(group="workspace", start_time=noon, end_time=noon + DAY)
    assert [row["start_time"] for row in rows] == [noon - 43_200, noon + 43_200]
    assert await caller.rows(start_time=TODAY, end_time=TODAY) == []


async def test_unknown_query_names_are_ignored(caller: Any) -> None:
    assert await caller.analytics(limit=5, date="2026-10-01", cursor="x") is not None


@pytest.mark.parametrize("name", ENDPOINTS)
@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        ({"limit": 0}, "greater_than_equal"),
        ({"limit": 30_001}, "less_than_equal"),
        ({"limit": "ten"}, "int_parsing"),
        ({"start_time": "2026-10-01"}, "int_parsing"),
        ({"end_time": "1.5"}, "int_parsing"),
        ({"start_time": "9" * 15}, "int_parsing"),
        ({"start_time": TODAY, "end_time": TODAY - 1}, "value_error"),
        ({"start_time": TODAY - 91 * DAY}, "value_error"),
        ({"group_by": "month"}, "literal_error"),
    ],
)
async def test_a_bad_parameter_is_named_with_422(
    caller: Any, name: str, bad: dict[str, Any], kind: str
) -> None:
    status, body = await caller.refused(name, **bad)
    assert status == 422
    assert body.keys() == {"detail"}
    (detail,) = body["detail"]
    assert {"type", "loc", "msg", "input"} <= detail.keys() <= {"type", "loc", "msg", "input", "ctx"}
    assert detail["type"] == kind
    assert detail["loc"] == ["query", next(iter(bad))]


async def test_group_knows_only_workspace_and_reviews_know_no_group(caller: Any) -> None:
    status, body = await caller.refused(group="user")
    assert (status, body["detail"][0]["loc"]) == (422, ["query", "group"])
    assert await caller.rows("code_reviews", group="user") == await caller.rows("code_reviews")


async def test_the_ninetieth_day_back_is_still_served(caller: Any) -> None:
    rows = await caller.rows(group="workspace", start_time=TODAY - 90 * DAY)
    assert rows[0]["start_time"] == TODAY - 90 * DAY


@pytest.mark.parametrize("page", ["", "abc", "b3BhcXVlLWN1cnNvci0wMDAy", "ü", "a" * 5000])
async def test_a_cursor_nobody_handed_out_is_refused(caller: Any, page: str) -> None:
    status, body = await caller.refused(page=page)
    assert status == 400
    assert body["error"].keys() == {"message", "type", "code"}


async def test_a_cursor_of_another_question_is_refused(caller: Any) -> None:
    cursor = (await caller.analytics(limit=5))["next_page"]
    assert (await caller.refused(limit=5, group="workspace", page=cursor))[0] == 400
    assert (await caller.refused("code_reviews", limit=5, page=cursor))[0] == 400


@pytest.mark.parametrize("name", ENDPOINTS)
async def test_keys_and_workspaces_are_checked(caller: Any, name: str) -> None:
    running, url = caller.running, caller.analytics_url(name)
    foreign = url.replace(running.workspace_id, "6a1f0c52-8d7b-4c1e-9a35-0b6f3d2e7c11")
    assert (await caller.raw(url, None))[0] == 401
    assert (await caller.raw(url, "sk-admin-wrong"))[0] == 401
    assert (await caller.raw(url, running.compliance_key))[0] == 403
    assert (await caller.raw(foreign, running.analytics_key))[0] == 403
    assert (await caller.raw(url.replace(running.workspace_id, "acme"), running.analytics_key))[0] == 404
    assert (await caller.raw(f"{url}/nothing", running.analytics_key))[0] == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_another_method_is_refused_with_those_that_are_allowed(caller: Any, method: str) -> None:
    key = {"Authorization": f"Bearer {caller.running.analytics_key}"}
    async with caller.session.request(method, caller.analytics_url("usage"), headers=key) as answer:
        assert (answer.status, answer.headers["Allow"]) == (405, "GET,HEAD")
        assert (await answer.json())["error"]["message"] == "Method Not Allowed"


async def test_review_rows_have_the_contract_s_keys_and_only_whole_numbers(caller: Any) -> None:
    edges = {"object", "start_time", "end_time", "pull_request_reviews", "comments"}
    reviews, responses = await caller.rows("code_reviews"), await caller.rows("code_review_responses")
    assert len(reviews) > 15
    assert len(responses) > 15
    for row in reviews:
        assert row.keys() == {*edges, "comment_details"}
        assert row["comment_details"].keys() == {"p0", "p1", "p2"}
        assert sum(row["comment_details"].values()) <= row["comments"]
    for row in responses:
        assert row.keys() == {*edges, "replies", "reactions", "comment_response_details", "reaction_details"}
        counted = row["comment_response_details"]
        assert counted.keys() == {"engaged", "reacted", "upvoted", "downvoted", "reacted_other", "replied"}
        assert row["reaction_details"].keys() == {"upvotes", "downvotes", "other"}
        assert sum(row["reaction_details"].values()) == row["reactions"]
        assert max(counted["reacted"], counted["replied"]) <= counted["engaged"] <= row["comments"]
    numbers = [value for row in reviews + responses for name, value in row.items() if name != "object"]
    flat = [n for value in numbers for n in (value.values() if isinstance(value, dict) else [value])]
    assert {type(number) for number in flat} == {int}


async def test_reviews_are_rare_before_march_and_daily_after(caller: Any) -> None:
    caller.running.set_now(datetime(2026, 2, 20, tzinfo=UTC))
    before = await caller.rows("code_reviews")
    caller.running.set_now(NOW)
    after = await caller.rows("code_reviews")
    assert 0 < len(before) < 10
    assert sum(row["pull_request_reviews"] for row in after) > 20 * sum(
        r["pull_request_reviews"] for r in before
    )


async def test_without_weeks_the_server_answers_days(served: Any) -> None:
    async with served(Options(now=NOW, misbehave=Faults(no_weeks=True))) as caller:
        rows = await caller.rows(group="workspace", group_by="week")
    assert {row["end_time"] - row["start_time"] for row in rows} == {DAY}


async def test_the_switches_hit_the_next_requests_and_then_stop(served: Any) -> None:
    faults = Faults(burst_429=2, server_errors=1, html=1, truncated=1, retry_after_seconds=3)
    async with served(Options(now=NOW, misbehave=faults)) as caller:
        url, key = caller.analytics_url("usage"), caller.running.analytics_key
        answers = [await caller.raw(url, key, limit=2) for _ in range(6)]
        assert caller.running.requests["usage"] == 6
    assert [status for status, _, _ in answers] == [429, 429, 503, 200, 200, 200]
    assert answers[0][2]["Retry-After"] == "3"
    assert answers[3][2]["Content-Type"].startswith("text/html")
    assert 2 * len(answers[4][1]) in {len(answers[5][1]), len(answers[5][1]) - 1}


async def test_a_cursor_loop_and_bad_rows_are_available_on_request(served: Any) -> None:
    async with served(Options(now=NOW, misbehave=Faults(cursor_loop=True, bad_rows=True))) as caller:
        first = await caller.analytics(limit=5)
        second = await caller.analytics(limit=5, page=first["next_page"])
    assert second["next_page"] == first["next_page"]
    assert [type(row["totals"]["turns"]) for row in first["data"]] == [str, int, int, int, int]


async def test_the_clock_is_read_per_request_when_none_is_given(served: Any) -> None:
    async with served(Options()) as caller:
        assert abs(caller.running.now() - datetime.now(UTC)) < timedelta(seconds=5)
