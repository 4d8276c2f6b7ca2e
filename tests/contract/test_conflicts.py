"""Where the sources contradict each other, the client copes with both."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from bot.analytics.api import Page, rows_are_weekly, weekly
from bot.model.errors import TooOld
from bot.model.timerange import TimeRange

Read = Callable[..., Awaitable[Page[Any]]]
Example = Callable[[str], bytes]
MONDAY = 1789344000
DAY = 86_400


def days_page(example: Example, widths: list[int]) -> bytes:
    row = json.loads(example("usage_workspace"))["data"][0]
    rows = [
        row | {"start_time": MONDAY + n * DAY, "end_time": MONDAY + n * DAY + width}
        for n, width in enumerate(widths)
    ]
    return json.dumps({"object": "page", "data": rows, "has_more": False, "next_page": None}).encode()


async def test_conflict_1(first_page: Read, example: Example, wire: Any, window: TimeRange) -> None:
    """Weeks are asked for as `group_by=week`; days that come back are rolled up, weeks stay as they are."""
    wire.body = days_page(example, [DAY] * 8)
    page = await anext(wire.api().usage(window, group="workspace", group_by="week"))
    assert wire.asked[0].url.params["group_by"] == "week"
    assert not any(rows_are_weekly(row) for row in page.rows)
    first, second = weekly(page.rows)
    assert (first.start_time, first.end_time) == (MONDAY, MONDAY + 7 * DAY)
    assert (first.totals.turns, second.totals.turns) == (7 * 33, 33)
    weeks = (await first_page(days_page(example, [7 * DAY]))).rows
    assert weekly(weeks) == weeks


async def test_conflict_2(wire: Any, example: Example) -> None:
    """Both bounds are always sent, and more than 90 days back is refused here, not clamped there."""
    wire.body = example("usage_workspace")
    oldest = date(2026, 10, 21) - timedelta(days=90)
    await anext(wire.api().usage(TimeRange(oldest, oldest + timedelta(days=1))))
    start = int(datetime(oldest.year, oldest.month, oldest.day, tzinfo=UTC).timestamp())
    sent = wire.asked[0].url.params
    assert (sent["start_time"], sent["end_time"]) == (str(start), str(start + DAY))
    with pytest.raises(TooOld) as refused:
        wire.api().usage(TimeRange(oldest - timedelta(days=1), oldest))
    assert refused.value.earliest == oldest
    assert len(wire.asked) == 1


@pytest.mark.parametrize(
    "attribution",
    ["absent", None, {}, {"lines_of_code": None, "commits": None}, {"lines_of_code": {"added": 3}}],
)
async def test_conflict_3(attribution: Any, first_page: Read, example: Example) -> None:
    """Code attribution may be there, in part or not at all."""
    page = json.loads(example("usage_workspace"))
    page["data"][0]["code_attribution"] = attribution
    if attribution == "absent":
        del page["data"][0]["code_attribution"]
    read = await first_page(json.dumps(page).encode())
    assert (len(read.rows), read.bad) == (1, ())


@pytest.mark.parametrize("key", ["sk-proj-abc_DEF-123", "sk-admin-abc", "anything.opaque~else"])
async def test_conflict_4(key: str, wire: Any, example: Example, window: TimeRange) -> None:
    """A key is an opaque bearer string, whichever console made it."""
    wire.body = example("usage_workspace")
    await anext(wire.api(key=SecretStr(key)).usage(window))
    assert wire.asked[0].headers["authorization"] == f"Bearer {key}"
