from __future__ import annotations

import asyncio
import logging
import tracemalloc
from collections.abc import AsyncIterator, Callable
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from bot.analytics.api import AnalyticsApi, Page, RetryPolicy
from bot.model.errors import BadAnswer, BadSetting, CursorLoop, TimedOut, TooOld, Unavailable
from bot.model.timerange import TimeRange

MakeApi = Callable[..., AnalyticsApi]
TODAY = date(2026, 10, 21)
ROW = {
    "object": "workspace.codex.usage.result",
    "start_time": 1789344000,
    "end_time": 1789430400,
    "user_id": "user-1",
    "totals": {"threads": 1, "turns": 2, "credits": 0.5},
    "clients": [],
}


class Server:
    """Answers a fixed number of pages with opaque cursors and remembers what it was asked."""

    def __init__(self, page_count: int = 1, **answer: Any) -> None:
        self.page_count = page_count
        self.answer = answer
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        number = int(request.url.params.get("page", "c&=/1").removeprefix("c&=/"))
        more = number < self.page_count
        page = {"object": "page", "data": [ROW], "has_more": more}
        page["next_page"] = f"c&=/{number + 1}" if more else None
        return httpx.Response(200, json=page | self.answer)


async def _all(pages: AsyncIterator[Page[Any]]) -> list[Page[Any]]:
    return [page async for page in pages]


async def test_both_bounds_and_the_limit_are_always_sent_and_nothing_else(
    make_api: MakeApi, window: TimeRange
) -> None:
    server = Server()
    await _all(make_api(server).usage(window))
    (request,) = server.asked
    assert dict(request.url.params) == {"start_time": "1789344000", "end_time": "1789948800", "limit": "1000"}
    assert request.url.path == "/v1/analytics/codex/workspaces/6a1f0c52-8d7b-4c1e-9a35-0b6f3d2e7c11/usage"
    assert request.headers["authorization"] == "Bearer sk-admin-opaque"
    assert request.headers["accept"] == "application/json"


async def test_group_and_group_by_are_sent_when_asked(make_api: MakeApi, window: TimeRange) -> None:
    server = Server(data=[])
    api = make_api(server)
    await _all(api.usage(window, group="workspace", group_by="week"))
    await _all(api.code_reviews(window, group_by="day"))
    await _all(api.code_review_responses(window))
    usage, reviews, responses = (request.url for request in server.asked)
    assert (usage.params["group"], usage.params["group_by"]) == ("workspace", "week")
    assert reviews.path.endswith("/code_reviews")
    assert (reviews.params["group_by"], "group" in reviews.params) == ("day", False)
    assert responses.path.endswith("/code_review_responses")
    assert "group_by" not in responses.params


async def test_every_page_is_asked_with_the_same_parameters_and_the_cursor(
    make_api: MakeApi, window: TimeRange
) -> None:
    server = Server(page_count=3)
    pages = await _all(make_api(server, limit=2).usage(window, group="workspace", group_by="week"))
    assert [page.number for page in pages] == [1, 2, 3]
    first, *later = (dict(request.url.params) for request in server.asked)
    assert "page" not in first
    assert later == [first | {"page": "c&=/2"}, first | {"page": "c&=/3"}]


async def test_a_cursor_on_the_last_page_is_not_followed(make_api: MakeApi, window: TimeRange) -> None:
    server = Server(next_page="left over")
    assert len(await _all(make_api(server).usage(window))) == 1


@pytest.mark.parametrize("cursors", [["a", "a"], ["a", "b", "a"], ["a", "b", "c", "b"]])
async def test_a_cursor_seen_before_ends_the_walk(
    cursors: list[str], make_api: MakeApi, window: TimeRange
) -> None:
    left = iter(cursors)

    def handler(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"data": [ROW], "has_more": True, "next_page": next(left)})

    with pytest.raises(CursorLoop):
        await _all(make_api(handler).usage(window))


async def test_endless_empty_pages_end_the_walk(make_api: MakeApi, window: TimeRange) -> None:
    with pytest.raises(CursorLoop):
        await _all(make_api(Server(page_count=10**6, data=[])).usage(window))


async def test_more_pages_without_a_cursor_are_a_bad_answer(make_api: MakeApi, window: TimeRange) -> None:
    with pytest.raises(BadAnswer):
        await _all(make_api(Server(has_more=True, next_page=None)).usage(window))


async def test_a_start_90_days_ago_is_asked_and_91_days_ago_is_not(make_api: MakeApi) -> None:
    server = Server()
    api = make_api(server)
    earliest = TODAY - timedelta(days=90)
    await _all(api.usage(TimeRange(earliest, TODAY)))
    for method in (api.usage, api.code_reviews, api.code_review_responses):
        with pytest.raises(TooOld) as refused:
            await _all(method(TimeRange(earliest - timedelta(days=1), TODAY)))
        assert refused.value.earliest == earliest
    assert len(server.asked) == 1


async def test_memory_holds_one_page(make_api: MakeApi, window: TimeRange) -> None:
    row = httpx.Response(200, json=[ROW] * 1000).content
    size = len(row)
    asked = 0

    async def handler(_: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        tail = b',"has_more":%s,"next_page":"%d"}' % (b"true" if asked < 40 else b"false", asked)

        async def stream() -> AsyncIterator[bytes]:
            yield b'{"data":'
            yield row
            yield tail

        return httpx.Response(200, headers={"content-type": "application/json"}, content=stream())

    tracemalloc.start()
    try:
        count = 0
        async for page in make_api(handler).usage(window):
            count += len(page.rows)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 40_000
    assert peak < 15 * size


@pytest.mark.parametrize(
    ("kind", "accepted"),
    [
        ("application/json", True),
        ("application/json; charset=utf-8", True),
        ("Application/Problem+JSON", True),
        (None, True),
        ("text/html", False),
        ("text/plain", False),
        ("application/octet-stream", False),
    ],
)
async def test_only_json_is_an_answer(
    kind: str | None,
    accepted: bool,  # noqa: FBT001 - a column of the table
    make_api: MakeApi,
    window: TimeRange,
) -> None:
    content = Server()(httpx.Request("GET", "https://x/")).content
    headers = {"content-type": kind} if kind else {}
    pages = make_api(lambda _: httpx.Response(200, content=content, headers=headers)).usage(window)
    if accepted:
        assert len(await _all(pages)) == 1
    else:
        with pytest.raises(BadAnswer):
            await _all(pages)


async def test_a_page_too_large_is_not_read_to_its_end(make_api: MakeApi, window: TimeRange) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield b" " * 1000

    def handler(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"content-type": "application/json"}, content=endless())

    with pytest.raises(BadAnswer):
        await _all(make_api(handler, page_bytes_max=10_000).usage(window))
    assert sent == 11


async def test_an_endless_error_body_is_cut_too(make_api: MakeApi, window: TimeRange) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 10_000

    with pytest.raises(Unavailable) as failed:
        await _all(make_api(lambda _: httpx.Response(404, content=endless())).usage(window))
    assert len(failed.value.detail) < 300


async def test_a_broken_page_is_asked_again_and_a_fault_half_way_keeps_the_pages_before(
    make_api: MakeApi, window: TimeRange, waits: list[float]
) -> None:
    server = Server(page_count=2)
    plan = iter([200, 503, 429, "cut", 200])

    def handler(request: httpx.Request) -> httpx.Response:
        step = next(plan)
        whole = server(request)
        match step:
            case 200:
                return whole
            case "cut":
                return httpx.Response(200, headers=dict(whole.headers), content=whole.content[:-5])
            case int(status):
                return httpx.Response(status, headers={"retry-after": "9"})
        raise AssertionError

    pages = await _all(make_api(handler).usage(window))
    assert [page.number for page in pages] == [1, 2]
    assert waits[:2] == [9.0, 9.0]
    assert 0 < waits[2] <= 2.0


async def test_a_page_that_drips_for_ever_times_out(make_api: MakeApi, window: TimeRange) -> None:
    async def handler(_: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    with pytest.raises(TimedOut):
        await _all(make_api(handler, policy=RetryPolicy(total_seconds=0.01)).usage(window))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_the_key_goes_to_no_other_host(status: int, make_api: MakeApi, window: TimeRange) -> None:
    hosts: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        hosts.append(request.url.host)
        return httpx.Response(status, headers={"location": "https://evil.example/v1"})

    client = httpx.AsyncClient(transport=httpx.MockTransport(handler), follow_redirects=True)
    with pytest.raises(BadAnswer):
        await _all(make_api(client).usage(window))
    assert hosts == ["api.example"]
    assert "authorization" not in client.headers


async def test_the_key_is_in_no_repr_and_no_log(
    make_api: MakeApi, window: TimeRange, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    api = make_api(lambda _: httpx.Response(500, text="key was sk-admin-opaque"))
    with pytest.raises(Unavailable) as failed:
        await _all(api.usage(window))
    streams = capsys.readouterr()
    seen = repr(api) + caplog.text + streams.out + streams.err + failed.value.detail + repr(failed.value)
    assert "api_retry" in seen
    assert "sk-admin-opaque" not in seen


@pytest.mark.parametrize(
    "changed",
    [
        {"workspace_id": ""},
        {"workspace_id": "../other"},
        {"workspace_id": "a?b"},
        {"key": SecretStr("")},
        {"key": SecretStr("hidden two")},
        {"key": SecretStr("hidden\n")},
        {"key": SecretStr("hidd\u00e9n")},
        {"limit": 0},
        {"limit": 30_001},
        {"base_url": "http://api.example/v1"},
    ],
)
def test_a_setting_that_cannot_work_is_refused_at_once(changed: dict[str, Any], make_api: MakeApi) -> None:
    with pytest.raises(BadSetting) as refused:
        make_api(Server(), **changed)
    assert refused.value.message
    assert "hid" not in refused.value.message
