"""Access tokens: who made and ended them, when they expire, and what used them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from bot.metrics.events.activity import Match, Row, at
from bot.metrics.events.lanes import CREATED, REVOKED, has_failed

if TYPE_CHECKING:
    import ibis


@dataclass(frozen=True, slots=True)
class Token:
    """One access token, in UTC. What the held log does not tell is None.

    `owner` is whose token it is; `created_by` and `revoked_by` are who did it. `uses` counts events of the
    window that carry it as their credential, `uses_per_day` only days with any; `last_used_at` looks at
    all held days. `users` are who acted with it in the window.
    """

    token_id: str
    name: str | None = None
    is_personal: bool | None = None
    owner: str | None = None
    created_at: datetime | None = None
    created_by: str | None = None
    revoked_at: datetime | None = None
    revoked_by: str | None = None
    revoked_by_admin: bool | None = None
    expires_at: datetime | None = None
    scopes: tuple[str, ...] = ()
    uses: int = 0
    uses_per_day: tuple[tuple[date, int], ...] = ()
    last_used_at: datetime | None = None
    users: tuple[str, ...] = ()

    def expired(self, now: datetime) -> bool:
        """True when the end it was given has passed."""
        return self.expires_at is not None and self.expires_at <= now


def lifecycle_rows(table: ibis.Table, match: Match | None = None) -> ibis.Expr:
    """Events that created or revoked a token, oldest first: not those that tried to and failed."""
    kind = table.event_type.isin((CREATED[0], REVOKED[0])) | table.action.isin((CREATED[1], REVOKED[1]))
    rows: Any = table.filter(table.token_id.notnull() & kind & ~has_failed(table))
    rows = rows if match is None else rows.filter(match(rows))
    return rows.select(
        "token_id",
        "token_name",
        "event_type",
        "action",
        "action_privilege",
        "timestamp",
        "user_id",
        "actor_id",
        "created_by_user_id",
        "expires_at",
        "scopes",
    ).order_by(["timestamp", "token_id"])


def use_rows(table: ibis.Table, match: Match | None = None) -> ibis.Expr:
    """One row per credential, day and user, with the count and the last instant."""
    rows: Any = table.filter(table.credential_id.notnull())
    rows = rows if match is None else rows.filter(match(rows))
    return rows.group_by(["credential_id", "day", "user_id"]).aggregate(
        uses=rows.count(), last=rows.timestamp.max()
    )


def tokens(lifecycle: list[Row], uses: list[Row], last_used: list[Row]) -> tuple[Token, ...]:
    """Every token that was made, ended or used: the last used first, then the newest, then by id.

    `uses` are rows of the window; `last_used` has `credential_id` and `last` over all held days.
    """
    ever = {row["credential_id"]: row["last"] for row in last_used}
    lives, used = _grouped(lifecycle, "token_id"), _grouped(uses, "credential_id")
    found = (
        _token(token_id, lives.get(token_id, []), used.get(token_id, []), ever.get(token_id))
        for token_id in lives.keys() | used.keys()
    )
    return tuple(sorted(found, key=_order))


def last_use_rows(table: ibis.Table) -> ibis.Expr:
    """The last instant of each credential."""
    rows: Any = table.filter(table.credential_id.notnull())
    return rows.group_by("credential_id").aggregate(last=rows.timestamp.max())


def _grouped(rows: list[Row], name: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[name], []).append(row)
    return groups


def _token(token_id: str, life: list[Row], uses: list[Row], last: int | None) -> Token:
    created = next((row for row in life if _is(row, CREATED)), {})
    revoked = next((row for row in life if _is(row, REVOKED)), {})
    days: dict[date, int] = {}
    for row in uses:
        days[row["day"]] = days.get(row["day"], 0) + row["uses"]
    return Token(
        token_id=token_id,
        name=_told(life, "token_name"),
        is_personal=bool(life[0]["action"]) if life else None,
        owner=_told(life, "created_by_user_id"),
        created_at=at(created.get("timestamp")),
        created_by=_actor(created),
        revoked_at=at(revoked.get("timestamp")),
        revoked_by=_actor(revoked),
        revoked_by_admin=_by_admin(revoked),
        expires_at=at(_told(life, "expires_at")),
        scopes=tuple((_told(life, "scopes") or "").split()),
        uses=sum(days.values()),
        uses_per_day=tuple(sorted(days.items())),
        last_used_at=at(last),
        users=tuple(sorted({row["user_id"] for row in uses if row["user_id"]})),
    )


def _is(row: Row, kinds: tuple[str, ...]) -> bool:
    return row["event_type"] in kinds or row["action"] in kinds


def _told(rows: list[Row], name: str) -> Any:
    return next((row[name] for row in reversed(rows) if row[name] is not None), None)


def _actor(row: Row) -> str | None:
    return row.get("user_id") or row.get("actor_id")


def _by_admin(row: Row) -> bool | None:
    if privilege := row.get("action_privilege"):
        return bool(privilege == "ADMIN")
    owner = row.get("created_by_user_id")
    return None if not owner or not row.get("user_id") else bool(owner != row["user_id"])


def _order(token: Token) -> tuple[float, float, str]:
    used, made = token.last_used_at, token.created_at
    return (-used.timestamp() if used else 0.0, -made.timestamp() if made else 0.0, token.token_id)
