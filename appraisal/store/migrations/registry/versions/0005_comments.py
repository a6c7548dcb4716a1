"""The opened comments of a session, shuffled; without samples, which would outlive them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision."""
    op.add_column("session", sa.Column("comments", sa.LargeBinary(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE session ALTER COLUMN comments SET STATISTICS 0")


def downgrade() -> None:
    """Undo the revision."""
    op.drop_column("session", "comments")
