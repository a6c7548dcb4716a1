"""Alembic's environment of the registry database; importing the office adds its tables."""

from __future__ import annotations

from alembic import context

from appraisal.store.database import migration_environment
from appraisal.store.office import OrganisationRow

migration_environment(OrganisationRow.metadata, config=context.config)
