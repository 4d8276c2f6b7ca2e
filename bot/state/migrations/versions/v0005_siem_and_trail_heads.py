"""What the SIEM has got, and the signed heads of the trail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v0005"
down_revision = "v0004"


def upgrade() -> None:
    """Add both tables."""
    op.create_table(
        "siem_files",
        sa.Column("file_id", sa.Text(), primary_key=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_siem_files_day", "siem_files", ["day"])
    op.create_table(
        "trail_heads",
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True)),
    )
