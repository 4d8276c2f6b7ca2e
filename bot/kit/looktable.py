"""The table beside a look-up: models of one person, else the people."""

from __future__ import annotations

from collections.abc import Mapping

from bot.compliance.results import InvestigationResult, SubjectKind
from bot.kit.audit import shown, stamp, who
from bot.kit.people import Seen
from bot.model.chat import Column, Table, Unit

PEOPLE_ROWS = 20
MODELS = (
    Column("model", "Model"),
    Column("effort", "Effort"),
    Column("responses", "Responses", Unit.EVENTS),
    Column("input_tokens", "Input tokens", Unit.TOKENS),
    Column("cached_input_tokens", "Cached", Unit.TOKENS),
    Column("output_tokens", "Output tokens", Unit.TOKENS),
)
PEOPLE = (
    Column("person", "Who"),
    Column("events", "Events", Unit.EVENTS),
    Column("first_at", "First"),
    Column("last_at", "Last"),
)


def look_table(found: InvestigationResult, people: Mapping[str, Seen]) -> Table | None:
    """None when there is nothing to list."""
    if found.kind in (SubjectKind.USER, SubjectKind.TOKEN, SubjectKind.SESSION):
        return _models(found)
    acted = found.activity.people[:PEOPLE_ROWS]
    rows = tuple(
        (who(p.user_id, p.actor_id, people), p.events, stamp(p.first_at), stamp(p.last_at)) for p in acted
    )
    more = found.activity.people_count - len(rows)
    title = (
        "Who" if more <= 0 else f"Who: the {len(rows)} with most events of {found.activity.people_count:,}"
    )
    return Table(PEOPLE, rows, title) if rows else None


def _models(found: InvestigationResult) -> Table | None:
    rows = tuple(
        (
            shown(part.key),
            part.effort or "not told",
            part.sums.responses,
            part.sums.input_tokens,
            part.sums.cached_input_tokens,
            part.sums.output_tokens,
        )
        for part in found.activity.models
    )
    return Table(MODELS, rows, "Responses by model and effort") if rows else None
