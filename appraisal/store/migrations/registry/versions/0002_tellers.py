"""Tellers with their links, keys and factors; what became of a session's ballots in the end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision."""
    op.create_table(
        "teller",
        sa.Column("session", sa.String(length=10), nullable=False),
        sa.Column("number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("link", sa.LargeBinary(length=32), nullable=True),
        sa.Column("key", sa.LargeBinary(length=32), nullable=True),
        sa.Column("factors", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["session"], ["session.id"], name=op.f("fk_teller_session"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session", "number", name=op.f("pk_teller")),
        sa.UniqueConstraint("link", name=op.f("uq_teller_link")),
        sa.UniqueConstraint("session", "key", name=op.f("uq_teller_session_key")),
        sqlite_with_rowid=False,
    )
    op.add_column("session", sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("session", sa.Column("destruction", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Undo the revision."""
    op.drop_column("session", "destruction")
    op.drop_column("session", "destroyed_at")
    op.drop_table("teller")
