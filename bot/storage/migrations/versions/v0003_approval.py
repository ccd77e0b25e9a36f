"""A proposal that is being published is marked: it is not lost if the bot ends just then."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add by whom a proposal was approved, and what stood in its files then."""
    op.add_column("proposals", sa.Column("approved_by", sa.BigInteger()))
    op.add_column("proposals", sa.Column("before", sa.Text()))
