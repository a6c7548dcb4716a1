"""The planner keeps no samples of openings and factors: they would outlive them in its own table.

A session is looked up by its key, which needs none.
"""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

COLUMNS = (("session", "openings"), ("teller", "factors"))


def upgrade() -> None:
    """Apply the revision."""
    _sample("0")


def downgrade() -> None:
    """Undo the revision."""
    _sample("-1")


def _sample(values: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, column in COLUMNS:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS {values}")
