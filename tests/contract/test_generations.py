"""Every schema generation is read, each with what it has and nothing it has not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.analytics.api import Page
from bot.analytics.api.wire import CodeAttribution, Commits, LinesOfCode, UsageRow

Read = Callable[..., Awaitable[Page[Any]]]
Example = Callable[[str], bytes]
TOKENS = (900, 2100, 300, 3300)


async def only_row(first_page: Read, body: bytes) -> UsageRow:
    page = await first_page(body)
    assert page.bad == ()
    (row,) = page.rows
    assert isinstance(row, UsageRow)
    return row


def tokens(part: Any) -> tuple[int | None, ...]:
    return (
        part.uncached_text_input_tokens,
        part.cached_text_input_tokens,
        part.text_output_tokens,
        part.text_total_tokens,
    )


async def test_gen_2026_04(first_page: Read, example: Example) -> None:
    row = await only_row(first_page, example("gen_2026_04"))
    assert (row.totals.threads, row.totals.turns, row.totals.credits) == (3, 12, 7.0)
    assert tokens(row.totals) == (None,) * 4
    assert (row.totals.cost_usd, row.totals.estimated_cost_usd) == (None, None)
    assert [(part.model, part.speed, part.credits) for part in row.models or ()] == [
        ("gpt-5.3-codex", "standard", 4.5),
        ("gpt-5.3-codex", "fast", 2.5),
    ]
    assert row.code_attribution == CodeAttribution(lines_added=120, lines_removed=14)
    assert row.person_email == "dana.okafor@northwind.example"


async def test_gen_2026_06(first_page: Read, example: Example) -> None:
    row = await only_row(first_page, example("gen_2026_06"))
    for part in (row.totals, *(row.clients or ()), *(row.models or ())):
        assert tokens(part) == TOKENS
        assert (part.estimated_cost_usd, part.cost_usd) == (None, None)
    assert row.code_attribution == CodeAttribution(
        lines_of_code=LinesOfCode(added=120, removed=14, committed=80, committed_percentage=50.0),
        commits=Commits(with_codex_contribution=2, with_codex_contribution_percentage=66.7),
    )


async def test_gen_2026_07(first_page: Read, example: Example) -> None:
    row = await only_row(first_page, example("gen_2026_07"))
    for part in (row.totals, *(row.clients or ()), *(row.models or ())):
        assert (part.credits, part.estimated_cost_usd, part.cost_usd) == (7.25, 0.29, None)
    assert row.code_attribution is not None
    assert row.code_attribution.lines_of_code is not None
    assert row.code_attribution.lines_of_code.total_committed_lines == 160
    assert row.code_attribution.commits is not None
    assert row.code_attribution.commits.total_commits == 7


async def test_gen_2026_09(first_page: Read, example: Example) -> None:
    row = await only_row(first_page, example("gen_2026_09"))
    for part in (row.totals, *(row.clients or ()), *(row.models or ())):
        assert (part.credits, part.estimated_cost_usd, part.cost_usd) == (7.25, 0.29, 1.5)
    assert row.code_attribution is None


async def test_the_contracts_example_per_person_is_read_to_the_last_field(
    first_page: Read, example: Example
) -> None:
    page = await first_page(example("usage_per_user"))
    dana, other = page.rows
    assert (page.bad, page.next_page) == ((), "b3BhcXVlLWN1cnNvci0wMDAy")
    assert (dana.object, dana.start_time, dana.end_time) == (
        "workspace.codex.usage.result",
        1789344000,
        1789430400,
    )
    assert (dana.person_id, dana.person_email) == ("user-9QmK2vTn4hYb", "dana.okafor@northwind.example")
    assert (dana.totals.threads, dana.totals.turns, dana.totals.credits) == (6, 31, 18.75)
    assert tokens(dana.totals) == (41200, 118800, 9400, 169400)
    assert [part.client_id for part in dana.clients] == ["CODEX_CLI", "CODEX_IDE_VSCODE"]
    assert [(part.model, part.speed) for part in dana.models] == [("gpt-5.5", "standard"), ("other", None)]
    assert dana.code_attribution.lines_of_code == LinesOfCode(
        added=214, removed=37, committed=160, total_committed_lines=400, committed_percentage=40.0
    )
    assert (other.person_email, other.models, tokens(other.totals)) == (None, None, (None,) * 4)


async def test_the_contracts_example_of_a_workspace_is_nobodys_row(
    first_page: Read, example: Example
) -> None:
    row = await only_row(first_page, example("usage_workspace"))
    assert (row.person_id, row.person_email) == (None, None)
    assert (row.totals.credits, len(row.clients or ())) == (19.55, 3)


async def test_the_contracts_example_of_reviews(first_page: Read, example: Example) -> None:
    (row,) = (await first_page(example("code_reviews"), "code_reviews")).rows
    assert (row.pull_request_reviews, row.comments) == (17, 26)
    assert (row.comment_details.p0, row.comment_details.p1, row.comment_details.p2) == (1, 9, 16)


async def test_the_contracts_example_of_review_responses(first_page: Read, example: Example) -> None:
    (row,) = (await first_page(example("code_review_responses"), "code_review_responses")).rows
    details, reactions = row.comment_response_details, row.reaction_details
    assert (row.pull_request_reviews, row.comments, row.replies, row.reactions) == (11, 19, 7, 12)
    assert (details.engaged, details.reacted, details.replied) == (10, 8, 5)
    assert (details.upvoted, details.downvoted, details.reacted_other) == (6, 2, 1)
    assert (reactions.upvotes, reactions.downvotes, reactions.other) == (8, 3, 1)


@pytest.mark.parametrize(
    ("name", "endpoint"),
    [
        ("code_reviews", "code_review_responses"),
        ("code_reviews", "usage"),
        ("usage_workspace", "code_reviews"),
    ],
)
async def test_a_row_of_another_endpoint_is_a_bad_row(
    name: str, endpoint: str, first_page: Read, example: Example
) -> None:
    page = await first_page(example(name), endpoint)
    assert (page.rows, len(page.bad)) == ((), 1)
