"""Which lines of which source files an answer rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from bot.metrics.events.activity import Match

if TYPE_CHECKING:
    import ibis

COLUMNS: Final = (
    "event_id",
    "type",
    "event_type",
    "timestamp",
    "user_id",
    "session_id",
    "file_id",
    "line",
    "line_sha256",
)
MICRO: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of a log file: where it stands, and the sha256 of its bytes without the break. `at` is UTC.

    `stored` is what else is held of it, by column; what the line does not say is left out.
    """

    event_id: str
    type: str
    event_type: str
    at: datetime
    user_id: str | None
    session_id: str | None
    file_id: str
    number: int
    sha256: str
    stored: Mapping[str, Any] = field(default_factory=dict)


def line_rows(table: ibis.Table, match: Match, most: int) -> ibis.Expr:
    """The oldest `most` events that match, oldest first."""
    rows = table.filter(match(table)).drop("day")
    return rows.order_by(["timestamp", "event_id"]).limit(most)


def one_row(table: ibis.Table, match: Match) -> ibis.Expr:
    """Any one event that matches."""
    return table.filter(match(table)).select("event_id").limit(1)


def source_lines(rows: Iterable[Mapping[str, Any]]) -> tuple[SourceLine, ...]:
    """The result of `line_rows`."""
    return tuple(
        SourceLine(
            row["event_id"],
            row["type"],
            row["event_type"] or "",
            datetime.fromtimestamp(row["timestamp"] / MICRO, UTC),
            row["user_id"],
            row["session_id"],
            row["file_id"],
            row["line"],
            row["line_sha256"],
            {name: cell for name, cell in row.items() if name not in COLUMNS and cell is not None},
        )
        for row in rows
    )
