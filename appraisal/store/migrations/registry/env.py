"""Alembic's environment of the registry database; importing the others adds their tables."""

from __future__ import annotations

from alembic import context

from appraisal.store import (  # noqa: F401 - their tables
    feedback,
    instruments,
    invitations,
    peers,
    signed,
    witnessed,
)
from appraisal.store.database import migration_environment
from appraisal.store.office import OrganisationRow

migration_environment(OrganisationRow.metadata, config=context.config)
