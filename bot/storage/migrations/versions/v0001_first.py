"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _make_counts()
    _make_what_editors_do()
    _make_settings()


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _make_counts() -> None:
    op.create_table(
        "votes",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("entry", sa.String(100), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("verdict", sa.String(32), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "entry", "version", "verdict", name="pk_votes"),
    )
    op.create_table(
        "outcomes",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("entry", sa.String(100), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "outcome", "entry", name="pk_outcomes"),
    )
    op.create_table(
        "writers",
        sa.Column("writer", sa.String(32), nullable=False),
        sa.Column("batch", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("writer", name="pk_writers"),
    )


def _make_what_editors_do() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", _number(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("received", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "changes",
        sa.Column("id", _number(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("editor", sa.BigInteger(), nullable=False),
        sa.Column("entry", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("before", sa.Text()),
        sa.Column("after", sa.Text()),
        sa.Column("approved_by", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_changes"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_changes_entry", "changes", ["entry"])
    op.create_table(
        "proposals",
        sa.Column("id", _number(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("editor", sa.BigInteger(), nullable=False),
        sa.Column("entry", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("base", sa.String(64)),
        sa.Column("after", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_proposals"),
        sqlite_autoincrement=True,
    )


def _make_settings() -> None:
    op.create_table(
        "servers",
        sa.Column("guild", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("guild", name="pk_servers"),
    )
    op.create_table(
        "home",
        sa.Column("only", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("only", name="pk_home"),
    )
