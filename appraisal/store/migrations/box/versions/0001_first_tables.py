"""First tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision."""
    op.create_table(
        "ballot",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("session", sa.String(length=10), nullable=False),
        sa.Column("box", sa.Integer(), nullable=False),
        sa.Column("ballot_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("tokens", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=64), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_ballot")),
        sa.UniqueConstraint("session", "box", "ballot_key", name="uq_ballot_key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "box_session",
        sa.Column("session", sa.String(length=10), nullable=False),
        sa.Column("manifest", sa.LargeBinary(), nullable=False),
        sa.Column(
            "admission",
            sa.Enum(
                "waiting",
                "open",
                "closed",
                name="admission",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("session", name=op.f("pk_box_session")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Undo the revision."""
    op.drop_table("box_session")
    op.drop_table("ballot")
