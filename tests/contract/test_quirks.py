"""What real payloads and other people's clients do, each met once."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.analytics.api import Page, weekly
from bot.model.errors import BadAnswer, BadSetting
from bot.model.timerange import TimeRange

Read = Callable[..., Awaitable[Page[Any]]]
Example = Callable[[str], bytes]


async def test_quirk_01(first_page: Read, example: Example) -> None:
    """Null tokens in totals, absent in a client, models and code attribution null: all unknown, none 0."""
    (row,) = (await first_page(example("quirk_row"))).rows
    for part in (row.totals, *row.clients):
        assert part.uncached_text_input_tokens is None
        assert part.cached_text_input_tokens is None
        assert part.text_output_tokens is None
        assert part.text_total_tokens is None
    assert (row.models, row.code_attribution) == (None, None)
    assert [part.client_id for part in row.clients] == ["CODEX_TOASTER", "vscode"]


async def test_quirk_02(first_page: Read, example: Example) -> None:
    """The e-mail is null, absent, or in its old place; the person is known by id all the same."""
    _, withheld = (await first_page(example("usage_per_user"))).rows
    (absent,) = (await first_page(example("quirk_row"))).rows
    (old,) = (await first_page(example("gen_2026_04"))).rows
    assert (withheld.person_email, withheld.person_id) == (None, "user-Zr71cWpX0aLe")
    assert (absent.person_email, absent.person_id) == (None, "6a1f0c52-8d7b-4c1e-9a35-0b6f3d2e7c11")
    assert (old.person_email, old.person_id) == ("dana.okafor@northwind.example", "user-9QmK2vTn4hYb")


async def test_quirk_03(first_page: Read, example: Example) -> None:
    """Credits and percentages come with and without a decimal point, and are the same kind of number."""
    (whole,) = (await first_page(example("gen_2026_04"))).rows
    (broken,) = (await first_page(example("gen_2026_06"))).rows
    share = broken.code_attribution.lines_of_code.committed_percentage
    for number, value in ((whole.totals.credits, 7.0), (broken.totals.credits, 7.25), (share, 50.0)):
        assert isinstance(number, float)
        assert number == value


async def test_quirk_04(first_page: Read, example: Example) -> None:
    """Totals, clients and models tell the same use three times: a sum of weeks keeps them apart."""
    dana, _ = (await first_page(example("usage_per_user"))).rows
    (week,) = weekly([dana])
    assert week.totals == dana.totals
    assert sum(part.credits for part in week.clients or ()) == dana.totals.credits
    assert sum(part.credits for part in week.models or ()) == dana.totals.credits


async def test_quirk_05(first_page: Read, wire: Any, example: Example) -> None:
    """Only documented parameters are sent, as whole seconds; a guessed envelope never ends a walk early."""
    with pytest.raises(BadAnswer):
        await first_page(b'{"data":[],"page":{"has_more":true,"next_page":"c"}}')
    with pytest.raises(BadAnswer):
        await first_page(b'{"data":[],"has_more":true,"next_cursor":"c"}')
    sent = wire.asked[0].url.params
    assert set(sent) == {"start_time", "end_time", "limit"}
    assert all(value.isdecimal() for value in sent.values())
    page = json.loads(example("usage_workspace"))
    page["data"] = [{"date": "2026-09-14", "user_email": "dana.okafor@northwind.example"}]
    guessed = await first_page(json.dumps(page).encode())
    assert (guessed.rows, len(guessed.bad)) == ((), 1)


async def test_quirk_06(wire: Any, example: Example, window: TimeRange) -> None:
    """A page holds up to 30,000 rows here; 1,000 are asked for unless told otherwise."""
    wire.body = example("usage_workspace")
    await anext(wire.api().usage(window))
    await anext(wire.api(limit=30_000).usage(window))
    assert [request.url.params["limit"] for request in wire.asked] == ["1000", "30000"]
    for limit in (0, 30_001):
        with pytest.raises(BadSetting):
            wire.api(limit=limit)


async def test_quirk_07(first_page: Read, example: Example) -> None:
    """Older payloads have no `total_commits`."""
    (row,) = (await first_page(example("gen_2026_06"))).rows
    assert row.code_attribution.commits.with_codex_contribution == 2
    assert row.code_attribution.commits.total_commits is None


async def test_quirk_12(first_page: Read, example: Example) -> None:
    """No rate is applied while reading: credits without a cost stay without a cost."""
    (row,) = (await first_page(example("gen_2026_04"))).rows
    assert row.totals.credits == 7.0
    assert (row.totals.cost_usd, row.totals.estimated_cost_usd) == (None, None)


async def test_quirk_13(wire: Any, example: Example, window: TimeRange) -> None:
    """The specification's version stands nowhere on the wire, and an answer that names one is read."""
    page = json.loads(example("usage_workspace")) | {"version": "0.0.1"}
    wire.body = json.dumps(page).encode()
    read = await anext(wire.api().usage(window))
    (request,) = wire.asked
    assert len(read.rows) == 1
    assert "0.0.1" not in str(request.url) + str(request.headers)
    assert request.url.path.startswith("/v1/analytics/codex/workspaces/")
