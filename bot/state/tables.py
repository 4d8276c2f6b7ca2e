"""All tables. A change here needs a new module in `migrations/versions`; a test compares the two."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
)

from bot.state.columns import Utc

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

SEEN = Table(
    "seen", METADATA, Column("key", String, primary_key=True), Column("at", Utc, nullable=False, index=True)
)

RECEIPTS = Table(
    "receipts",
    METADATA,
    Column("id", String, primary_key=True),
    Column("command", Text, nullable=False),
    Column("level", String, nullable=False),
    Column("asker_id", String, nullable=False),
    Column("window_start", Date),
    Column("window_end", Date),
    Column("definitions_version", String, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("files", JSON, nullable=False),
    Column("created_at", Utc, nullable=False, index=True),
)

SUBSCRIPTIONS = Table(
    "subscriptions",
    METADATA,
    Column("id", String, primary_key=True),
    Column("platform", String, nullable=False),
    Column("place_id", String, nullable=False),
    Column("place_kind", String, nullable=False),
    Column("address", Text, nullable=False),
    Column("owner_id", String, nullable=False, index=True),
    Column("command", Text, nullable=False),
    Column("kind", String, nullable=False),
    Column("at", Time, nullable=False),
    Column("zone", String, nullable=False),
    Column("weekday", Integer, nullable=False),
    Column("month_day", Integer, nullable=False),
    Column("whole_week", Boolean, nullable=False),
    Column("state", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("next_due_at", Utc, nullable=False),
    Column("created_at", Utc, nullable=False),
    Index(None, "state", "next_due_at"),
    Index(None, "platform", "place_id"),
)

DELIVERIES = Table(
    "deliveries",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("subscription_id", String, nullable=False),
    Column("period", String, nullable=False),
    Column("step", String, nullable=False),
    Column("planned_at", Utc, nullable=False),
    Column("claimed_at", Utc, nullable=False),
    Column("posted_at", Utc),
    Column("finished_at", Utc),
    Column("lease_owner", String, nullable=False),
    Column("lease_until", Utc, nullable=False),
    Column("error", String, nullable=False),
    Column("message_place", String, nullable=False),
    Column("message_id", String, nullable=False),
    Column("receipt_id", String),
    Column("files", JSON, nullable=False),
    Column("owner_told_at", Utc),
    UniqueConstraint("subscription_id", "period"),
    Index(None, "step", "lease_until"),
    Index(None, "claimed_at"),
    sqlite_autoincrement=True,
)

LEASES = Table(
    "leases",
    METADATA,
    Column("name", String, primary_key=True),
    Column("owner", String, nullable=False),
    Column("until", Utc, nullable=False),
)

TRAIL = Table(
    "trail",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    # Text, not an instant or JSON: the hash is over exactly these characters.
    Column("at", String, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", String, nullable=False),
    Column("subject", Text, nullable=False),
    Column("prev_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

BUDGETS = Table(
    "budgets",
    METADATA,
    Column("id", Integer, primary_key=True),
    # Empty for the whole workspace: NULLs would not be unique.
    Column("team", String, nullable=False),
    Column("unit", String, nullable=False),
    Column("period", String, nullable=False),
    Column("amount_micro", BigInteger, nullable=False),
    Column("platform", String, nullable=False),
    Column("place_id", String, nullable=False),
    Column("set_by", String, nullable=False),
    Column("set_at", Utc, nullable=False),
    UniqueConstraint("team", "unit", "period"),
    sqlite_autoincrement=True,
)

ALERTS = Table(
    "alerts",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("dedupe_key", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("scope", String, nullable=False),
    Column("detail", JSON, nullable=False),
    Column("state", String, nullable=False, index=True),
    Column("opened_at", Utc, nullable=False),
    Column("acknowledged_at", Utc),
    Column("acknowledged_by", String),
    Column("resolved_at", Utc),
    Column("message_place", String, nullable=False),
    Column("message_id", String, nullable=False),
    sqlite_autoincrement=True,
)

SILENCES = Table(
    "silences",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("scope", String, nullable=False, index=True),
    Column("start", Date, nullable=False),
    Column("end", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("set_by", String, nullable=False),
    Column("set_at", Utc, nullable=False),
    sqlite_autoincrement=True,
)

APPROVALS = Table(
    "approvals",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("requester_id", String, nullable=False),
    Column("subject", JSON, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("state", String, nullable=False),
    Column("nonce", String, nullable=False, unique=True),
    Column("requested_at", Utc, nullable=False),
    Column("valid_until", Utc, nullable=False),
    Column("decided_by", String),
    Column("decided_at", Utc),
    Column("access_until", Utc),
    sqlite_autoincrement=True,
)

EXPIRING = Table(
    "expiring",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("platform", String, nullable=False),
    Column("place_id", String, nullable=False),
    Column("message_id", String, nullable=False),
    Column("tombstone", Text, nullable=False),
    Column("delete_at", Utc, nullable=False),
    Column("deleted_at", Utc),
    UniqueConstraint("platform", "place_id", "message_id"),
    Index(None, "deleted_at", "delete_at"),
    sqlite_autoincrement=True,
)
