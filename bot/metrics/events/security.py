"""Events that somebody should hear of: networks and security patches opened, log files taken by others."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from bot.metrics.events.activity import EPOCH, Row, at
from bot.metrics.events.counts import Pull

if TYPE_CHECKING:
    import ibis

NETWORK: Final = ("ENVIRONMENT_CREATED", "ENVIRONMENT_UPDATED", "WORKSPACE_UPDATED")
PATCH: Final = "PROPOSED_PATCH_PR_CREATED"
HEAD, TAIL = 3, 4
"""Characters of a key that the log shows."""
CLOSED: Final = frozenset({"", "off", "false", "no", "none", "null", "disabled", "blocked", "denied", "0"})
COLUMNS: Final = (
    "event_id",
    "timestamp",
    "event_type",
    "user_id",
    "actor_id",
    "environment_id",
    "network_before",
    "network_after",
    "finding_id",
    "pr_url",
)


@dataclass(frozen=True, slots=True)
class Notable:
    """A network or patch event at an instant in UTC; `environment_id` is None for the whole workspace."""

    event_id: str
    at: datetime
    event_type: str
    user_id: str | None
    actor_id: str | None
    environment_id: str | None
    network_before: str | None
    network_after: str | None
    finding_id: str | None
    pr_url: str | None


def notable_rows(table: ibis.Table) -> ibis.Expr:
    """Network settings told and patches opened, oldest first."""
    network = table.event_type.isin(NETWORK) & table.network_after.notnull()
    rows: Any = table.filter(network | (table.event_type == PATCH))
    return rows.select(*COLUMNS).order_by(["timestamp", "event_id"])


def notables(rows: Iterable[Row]) -> tuple[Notable, ...]:
    """The result of `notable_rows`."""
    return tuple(
        Notable(
            **{name: row[name] for name in COLUMNS if name != "timestamp"}, at=at(row["timestamp"]) or EPOCH
        )
        for row in rows
    )


def patches(found: Iterable[Notable]) -> tuple[Notable, ...]:
    """Security patches that were opened."""
    return tuple(one for one in found if one.event_type == PATCH)


def openings(found: Iterable[Notable]) -> tuple[Notable, ...]:
    """Events, oldest first, that opened a network: not those that tell again that it is open."""
    seen: dict[str | None, bool] = {}
    opened = []
    for one in found:
        if one.event_type == PATCH or one.network_after is None:
            continue
        before = seen.get(one.environment_id, False)
        before = is_open(one.network_before) if one.network_before is not None else before
        seen[one.environment_id] = is_open(one.network_after)
        if seen[one.environment_id] and not before:
            opened.append(one)
    return tuple(opened)


def is_open(setting: str) -> bool:
    """False for a word that means no access. Unknown words count as open: better one alert too many."""
    return setting.strip().strip('"').casefold() not in CLOSED


def foreign_pulls(pulls: Iterable[Pull], own_key: str, own_files: Collection[str]) -> tuple[Pull, ...]:
    """Pulls that are not ours: by another key than `own_key` (shortened), or of a file we never listed."""
    own = _ends(own_key)
    return tuple(
        pull
        for pull in pulls
        if _ends(pull.actor_id or "") != own or (pull.file_id is not None and pull.file_id not in own_files)
    )


def shortened(key: str) -> str:
    """A key as the log shows it: the first three and the last four characters."""
    return f"{key[:HEAD]}...{key[-TAIL:]}"


def _ends(key: str) -> tuple[str, str]:
    """What tells shortened keys apart; which characters stand for the rest is the source's choice."""
    return key[:HEAD], key[-TAIL:]
