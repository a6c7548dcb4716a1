"""Peers: those enrolled, those invited, the sessions signed for, the boards witnessed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision."""
    op.create_table(
        "peer",
        sa.Column("url", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("signs", sa.Boolean(), nullable=False),
        sa.Column("witness_name", sa.String(length=200), nullable=False),
        sa.Column("witness_key", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_peer")),
    )
    op.create_table(
        "invitation",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_invitation")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_invitation_secret_hash")),
    )
    op.create_table(
        "signed_session",
        sa.Column("session", sa.String(length=10), nullable=False),
        sa.Column("invited", sa.String(length=100), nullable=False),
        sa.Column("manifest", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("session", name=op.f("pk_signed_session")),
    )
    op.create_table(
        "witnessed_board",
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column("origin_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("checkpoint", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("origin", name=op.f("pk_witnessed_board")),
        sa.UniqueConstraint("origin_hash", name=op.f("uq_witnessed_board_origin_hash")),
    )


def downgrade() -> None:
    """Undo the revision."""
    for table in ("witnessed_board", "signed_session", "invitation", "peer"):
        op.drop_table(table)
