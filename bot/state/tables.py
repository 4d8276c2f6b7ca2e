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
    Table,
    Time,
    UniqueConstraint,
)

from bot.state.columns import Chars, Utc

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

SEEN = Table(
    "seen", METADATA, Column("key", Chars, primary_key=True), Column("at", Utc, nullable=False, index=True)
)

RECEIPTS = Table(
    "receipts",
    METADATA,
    Column("id", Chars, primary_key=True),
    Column("command", Chars, nullable=False),
    Column("level", Chars, nullable=False),
    Column("place_level", Chars, nullable=False, server_default="aggregate"),
    Column("asker_id", Chars, nullable=False),
    Column("window_start", Date),
    Column("window_end", Date),
    Column("definitions_version", Chars, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("files", JSON, nullable=False),
    Column("created_at", Utc, nullable=False, index=True),
)

SUBSCRIPTIONS = Table(
    "subscriptions",
    METADATA,
    Column("id", Chars, primary_key=True),
    Column("platform", Chars, nullable=False),
    Column("place_id", Chars, nullable=False),
    Column("place_kind", Chars, nullable=False),
    Column("address", Chars, nullable=False),
    Column("owner_id", Chars, nullable=False, index=True),
    Column("command", Chars, nullable=False),
    Column("kind", Chars, nullable=False),
    Column("at", Time, nullable=False),
    Column("zone", Chars, nullable=False),
    Column("weekday", Integer, nullable=False),
    Column("month_day", Integer, nullable=False),
    Column("whole_week", Boolean, nullable=False),
    Column("state", Chars, nullable=False),
    Column("reason", Chars, nullable=False),
    Column("next_due_at", Utc, nullable=False),
    Column("created_at", Utc, nullable=False),
    Index(None, "state", "next_due_at"),
    Index(None, "platform", "place_id"),
)

DELIVERIES = Table(
    "deliveries",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("subscription_id", Chars, nullable=False),
    Column("period", Chars, nullable=False),
    # The history outlives the subscription.
    Column("platform", Chars, nullable=False),
    Column("place_id", Chars, nullable=False),
    Column("owner_id", Chars, nullable=False),
    Column("command", Chars, nullable=False),
    Column("step", Chars, nullable=False),
    Column("planned_at", Utc, nullable=False),
    Column("claimed_at", Utc, nullable=False),
    Column("posted_at", Utc),
    Column("finished_at", Utc),
    Column("lease_owner", Chars, nullable=False),
    Column("lease_until", Utc, nullable=False),
    Column("error", Chars, nullable=False),
    Column("message_place", Chars),
    Column("message_id", Chars),
    Column("receipt_id", Chars),
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
    Column("name", Chars, primary_key=True),
    Column("owner", Chars, nullable=False),
    Column("until", Utc, nullable=False),
)

TRAIL = Table(
    "trail",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    # Characters, not an instant or JSON: the hash is over exactly these characters.
    Column("at", Chars, nullable=False),
    Column("actor", Chars, nullable=False),
    Column("action", Chars, nullable=False),
    Column("subject", Chars, nullable=False),
    Column("prev_hash", Chars, nullable=False),
    Column("hash", Chars, nullable=False),
)

BUDGETS = Table(
    "budgets",
    METADATA,
    Column("id", Integer, primary_key=True),
    # Empty for the whole workspace: NULLs would not be unique.
    Column("team", Chars, nullable=False),
    Column("unit", Chars, nullable=False),
    Column("period", Chars, nullable=False),
    Column("amount_micro", BigInteger, nullable=False),
    Column("platform", Chars, nullable=False),
    Column("place_id", Chars, nullable=False),
    Column("set_by", Chars, nullable=False),
    Column("set_at", Utc, nullable=False),
    UniqueConstraint("team", "unit", "period"),
    sqlite_autoincrement=True,
)

ALERTS = Table(
    "alerts",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("dedupe_key", Chars, nullable=False, unique=True),
    Column("kind", Chars, nullable=False),
    Column("scope", Chars, nullable=False),
    Column("detail", Chars, nullable=False),
    Column("state", Chars, nullable=False, index=True),
    Column("opened_at", Utc, nullable=False),
    Column("acknowledged_at", Utc),
    Column("acknowledged_by", Chars),
    Column("resolved_at", Utc),
    Column("message_place", Chars),
    Column("message_id", Chars),
    sqlite_autoincrement=True,
)

SILENCES = Table(
    "silences",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("scope", Chars, nullable=False, index=True),
    Column("start", Date, nullable=False),
    Column("end", Date, nullable=False),
    Column("reason", Chars, nullable=False),
    Column("set_by", Chars, nullable=False),
    Column("set_at", Utc, nullable=False),
    sqlite_autoincrement=True,
)

APPROVALS = Table(
    "approvals",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("requester_id", Chars, nullable=False),
    Column("subject", Chars, nullable=False),
    Column("purpose", Chars, nullable=False),
    Column("state", Chars, nullable=False),
    Column("nonce", Chars, nullable=False, unique=True),
    Column("requested_at", Utc, nullable=False),
    Column("valid_until", Utc, nullable=False),
    Column("decided_by", Chars),
    Column("decided_at", Utc),
    Column("access_until", Utc),
    sqlite_autoincrement=True,
)

EXPIRING = Table(
    "expiring",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("platform", Chars, nullable=False),
    Column("place_id", Chars, nullable=False),
    Column("message_id", Chars, nullable=False),
    Column("tombstone", Chars, nullable=False),
    Column("delete_at", Utc, nullable=False),
    Column("deleted_at", Utc),
    UniqueConstraint("platform", "place_id", "message_id"),
    Index(None, "deleted_at", "delete_at"),
    sqlite_autoincrement=True,
)

HOLDS = Table(
    "holds",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("kind", Chars, nullable=False),
    Column("subject", Chars, nullable=False),
    Column("start", Date, nullable=False),
    Column("end", Date, nullable=False),
    Column("case_id", Chars, nullable=False),
    Column("set_by", Chars, nullable=False),
    Column("set_at", Utc, nullable=False),
    Column("released_by", Chars),
    Column("released_at", Utc),
    sqlite_autoincrement=True,
)

CONVERSATIONS = Table(
    "conversations",
    METADATA,
    Column("place_id", Chars, primary_key=True),
    Column("kind", Chars, nullable=False),
    Column("service_url", Chars, nullable=False),
    Column("tenant_id", Chars, nullable=False),
    Column("noted_at", Utc, nullable=False),
)

SIEM_FILES = Table(
    "siem_files",
    METADATA,
    Column("file_id", Chars, primary_key=True),
    Column("day", Date, nullable=False, index=True),
    Column("at", Utc, nullable=False),
)

TRAIL_HEADS = Table(
    "trail_heads",
    METADATA,
    Column("day", Date, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("hash", Chars, nullable=False),
    Column("public_key", Chars, nullable=False),
    Column("signature", Chars, nullable=False),
    Column("posted_at", Utc),
)
