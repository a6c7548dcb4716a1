"""Alembic's environment of the registry database; importing the others adds their tables."""

from __future__ import annotations

from alembic import context

from appraisal.store import invitations, peers, signed, witnessed  # noqa: F401 - their tables
from appraisal.store.database import migration_environment
from appraisal.store.office import OrganisationRow

migration_environment(OrganisationRow.metadata, config=context.config)
