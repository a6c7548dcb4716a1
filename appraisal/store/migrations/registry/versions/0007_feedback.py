"""What the secretary writes to each subject, for the feedback sheets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision."""
    op.create_table(
        "feedback",
        sa.Column("session_id", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("written", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_feedback_session_id")
        ),
        sa.PrimaryKeyConstraint("session_id", "subject", name=op.f("pk_feedback")),
    )


def downgrade() -> None:
    """Undo the revision."""
    op.drop_table("feedback")
