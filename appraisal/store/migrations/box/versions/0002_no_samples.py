"""The planner keeps no samples of ballots: they would outlive the ballots in its own table.

Every look-up is by a unique key, which needs none.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

COLUMNS = ("digest", "ballot_key", "tokens", "sealed", "signature")


def upgrade() -> None:
    """Apply the revision."""
    _sample("0")


def downgrade() -> None:
    """Undo the revision."""
    _sample("-1")


def _sample(values: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        for column in COLUMNS:
            op.execute(f"ALTER TABLE ballot ALTER COLUMN {column} SET STATISTICS {values}")
