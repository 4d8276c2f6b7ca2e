"""Receipts know what was allowed where the answer was given."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v0002"
down_revision = "v0001"


def upgrade() -> None:
    """Add the column; receipts from before count as given among aggregates."""
    column = sa.Column("place_level", sa.Text(), nullable=False, server_default="aggregate")
    op.add_column("receipts", column)
