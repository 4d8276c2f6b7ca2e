"""Wire rows to Arrow columns: one list per attribute, page by page (performance.md).

Money-like numbers become micro-units here: value * 1,000,000, rounded half to even.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bot.analytics.api.wire import CodeAttribution, UsageRow
from bot.lake.schema import COUNT_COLUMNS, MICRO_COLUMNS, RESPONSE_COLUMNS, REVIEW_COLUMNS, TOKEN_COLUMNS

MICRO: Final = 1_000_000.0
Columns = dict[str, "pa.Array[Any]"]

_TOKEN_ATTRIBUTES: Final = dict(
    zip(
        TOKEN_COLUMNS,
        ("uncached_text_input_tokens", "cached_text_input_tokens", "text_output_tokens", "text_total_tokens"),
        strict=True,
    )
)
_CODE_GETTERS: Final[dict[str, Callable[[CodeAttribution], int | None]]] = {
    "lines_added": lambda code: code.lines_of_code.added if code.lines_of_code else code.lines_added,
    "lines_removed": lambda code: code.lines_of_code.removed if code.lines_of_code else code.lines_removed,
    "lines_committed": lambda code: code.lines_of_code.committed if code.lines_of_code else None,
    "total_committed_lines": lambda code: (
        code.lines_of_code.total_committed_lines if code.lines_of_code else None
    ),
    "commits_with_codex": lambda code: code.commits.with_codex_contribution if code.commits else None,
    "total_commits": lambda code: code.commits.total_commits if code.commits else None,
}
_REVIEW_PATHS: Final = {name: f"comment_details.{name}" for name in ("p0", "p1", "p2")}
_RESPONSE_PATHS: Final = {
    "upvotes": "reaction_details.upvotes",
    "downvotes": "reaction_details.downvotes",
    "other": "reaction_details.other",
    **{
        name: f"comment_response_details.{name}"
        for name in ("engaged", "reacted", "replied", "upvoted", "downvoted", "reacted_other")
    },
}


def totals(rows: Sequence[UsageRow], people: Sequence[str | None], first_row: int) -> pa.Table:
    """One line per row; `row` numbers the rows of a day, `email` goes to `people` only."""
    columns: Columns = {
        "user_id": pa.array(people, pa.string()),
        "row": pa.array(np.arange(first_row, first_row + len(rows)), pa.int64()),
        "email": pa.array([row.person_email for row in rows], pa.string()),
        **_measures([row.totals for row in rows], with_counts=True),
        **_code([row.code_attribution for row in rows]),
    }
    return pa.table(columns)


def clients(rows: Sequence[UsageRow], people: Sequence[str | None], first_row: int) -> pa.Table:
    """One line per row and client."""
    parts = [row.clients or () for row in rows]
    items = [item for part in parts for item in part]
    columns = _owners(people, parts, first_row)
    columns["part"] = pa.array([item.client_id for item in items], pa.string())
    return pa.table({**columns, **_measures(items, with_counts=True)})


def models(rows: Sequence[UsageRow], people: Sequence[str | None], first_row: int) -> pa.Table:
    """One line per row, model and speed; without threads and turns, which the API does not tell."""
    parts = [row.models or () for row in rows]
    items = [item for part in parts for item in part]
    columns = _owners(people, parts, first_row)
    columns["part"] = pa.array([item.model for item in items], pa.string())
    columns["speed"] = pa.array([item.speed for item in items], pa.string())
    return pa.table({**columns, **_measures(items, with_counts=False)})


def reviews(rows: Sequence[Any]) -> pa.Table:
    """Columns of `code_reviews`."""
    return pa.table({name: _integers(rows, _REVIEW_PATHS.get(name, name)) for name in REVIEW_COLUMNS})


def responses(rows: Sequence[Any]) -> pa.Table:
    """Columns of `code_review_responses`."""
    return pa.table({name: _integers(rows, _RESPONSE_PATHS.get(name, name)) for name in RESPONSE_COLUMNS})


def micro(values: Iterable[float | None]) -> pa.Array[Any]:
    """Micro-units of credits or USD: round-half-even(value * 1,000,000) as int64."""
    scaled = pc.multiply(pa.array(values, pa.float64()), MICRO)
    return pc.cast(pc.round(scaled, round_mode="half_to_even"), pa.int64())


def _measures(items: Sequence[Any], *, with_counts: bool) -> Columns:
    columns = {name: _integers(items, name) for name in COUNT_COLUMNS} if with_counts else {}
    columns |= {name: micro(list(map(attrgetter(name), items))) for name in MICRO_COLUMNS}
    return columns | {name: _integers(items, path) for name, path in _TOKEN_ATTRIBUTES.items()}


def _code(items: Sequence[CodeAttribution | None]) -> Columns:
    return {
        name: pa.array([item and getter(item) for item in items], pa.int64())
        for name, getter in _CODE_GETTERS.items()
    }


def _owners(people: Sequence[str | None], parts: Sequence[Sequence[Any]], first_row: int) -> Columns:
    owner = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    return {
        "user_id": pa.array(people, pa.string()).take(pa.array(owner, pa.int64())),
        "row": pa.array(owner + first_row, pa.int64()),
    }


def _integers(items: Sequence[Any], path: str) -> pa.Array[Any]:
    return pa.array(list(map(attrgetter(path), items)), pa.int64())
